//! Draws that come out the same on every machine: each is made of what it is for, not of the draws before it.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A drawn number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn of(seed: u64, what: &str) -> Self {
        Self(xxh3_64_with_seed(what.as_bytes(), seed))
    }

    /// Another draw that belongs to this one.
    pub(crate) fn then(self, what: u64) -> Self {
        Self(xxh3_64_with_seed(&what.to_le_bytes(), self.0))
    }

    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// At least 0 and less than `end`.
    pub(crate) fn below(self, end: u64) -> u64 {
        let wide = u128::from(self.0) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or_default()
    }

    pub(crate) fn happens(self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    pub(crate) fn one_of<T>(self, of: &[T]) -> &T {
        let index = usize::try_from(self.below(of.len() as u64)).unwrap_or_default();
        &of[index]
    }

    /// So many decimal digits.
    pub(crate) fn digits(self, count: u64) -> String {
        let digit =
            |place| char::from(b'0' + u8::try_from(self.then(place).below(10)).unwrap_or(0));
        (0..count).map(digit).collect()
    }

    /// So many capital letters.
    pub(crate) fn letters(self, count: u64) -> String {
        let letter =
            |place| char::from(b'A' + u8::try_from(self.then(place).below(26)).unwrap_or(0));
        (0..count).map(letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_their_range_and_come_out_the_same() {
        let draw = Draw::of(7, "test");
        assert_eq!(draw, Draw::of(7, "test"));
        assert_ne!(draw, Draw::of(8, "test"));
        for place in 0..1_000 {
            let drawn = draw.then(place);
            assert!((-3..=4).contains(&drawn.between(-3, 4)));
            assert!(drawn.below(5) < 5);
        }
        assert_eq!((draw.digits(18).len(), draw.letters(6).len()), (18, 6));
        assert!(!draw.happens(0) && draw.happens(1_000));
    }
}
