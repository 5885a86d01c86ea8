//! Card numbers that the industry publishes for tests, as shops and their tills write them: what may be kept nowhere.

/// Offered in merchants' names, and with letters and digits only in ids.
pub(crate) const PANS: [&str; 8] = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "5555555555554444",
    "5555-5555-5555-4444",
    "378282246310005",
    "3782 822463 10005",
    "6011111111111117",
    "3056.9309.0259.04",
];

/// As it may stand in an id.
pub(super) fn in_an_id(place: usize) -> String {
    offered(place).chars().filter(char::is_ascii_digit).collect()
}

pub(super) fn offered(place: usize) -> &'static str {
    PANS[place % PANS.len()]
}
