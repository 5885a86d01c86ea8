//! What a capture file is called: `{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}.avro`,
//! by the moment at which its window began.

use jiff::Timestamp;

/// The namespace, of which there is one here.
pub(super) const NAMESPACE: &str = "local";

/// The name of a partition's file whose window began in that second of Unix's time.
pub(super) fn of(hub: &str, partition: u32, second: i64) -> String {
    let began = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{NAMESPACE}/{hub}/{partition}/{}.avro", began.strftime("%Y/%m/%d/%H/%M/%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_name_has_its_zeros() {
        let began: Timestamp = "2026-01-02T03:04:05.678Z".parse().unwrap();
        assert_eq!(of("account", 2, began.as_second()), "local/account/2/2026/01/02/03/04/05.avro");
    }
}
