//! How many mails may go in an hour: a bucket of tokens, a tenth of the hour's, that fills with the rest in the hour. So
//! however long nothing went, no hour sees more than the mail service allows.

use jiff::{SignedDuration, Timestamp};
use std::num::NonZeroU32;

const HOUR_NANOS: i64 = 3_600_000_000_000;
/// So much of an hour's mails may go at once.
const AT_ONCE: u32 = 10;

/// So many mails in an hour, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MailPace {
    /// What the bucket holds.
    holds: u32,
    /// In how much time a token comes.
    every: SignedDuration,
}

impl MailPace {
    pub(crate) fn per_hour(mails: NonZeroU32) -> Self {
        let mails = mails.get();
        let holds = (mails / AT_ONCE).max(1);
        let comes = i64::from(mails.saturating_sub(holds).max(1));
        Self { holds, every: SignedDuration::from_nanos(HOUR_NANOS / comes) }
    }

    /// The slots of so many mails, the first first, and until when the bucket is spent by them; `spent` is until when it was
    /// before.
    pub(crate) fn take(
        self,
        spent: Option<Timestamp>,
        count: usize,
        now: Timestamp,
    ) -> (Vec<Timestamp>, Timestamp) {
        let mut spent = spent.unwrap_or(now).max(now);
        let ahead = self.every * i32::try_from(self.holds - 1).unwrap_or(i32::MAX);
        let mut slots = Vec::with_capacity(count);
        for _ in 0..count {
            slots.push(spent.saturating_sub(ahead).unwrap_or(now).max(now));
            spent = spent.saturating_add(self.every).unwrap_or(Timestamp::MAX);
        }
        (slots, spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace(mails: u32) -> MailPace {
        MailPace::per_hour(NonZeroU32::new(mails).unwrap())
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_tenth_may_go_at_once_and_the_rest_one_by_one() {
        let (slots, _) = pace(100).take(None, 12, at(0));
        assert_eq!(slots[..10], [at(0); 10]);
        assert_eq!(slots[10..], [at(40), at(80)]);
    }

    #[test]
    fn one_mail_an_hour_is_a_pace() {
        let (slots, spent) = pace(1).take(None, 2, at(0));
        assert_eq!(slots, [at(0), at(3_600)]);
        assert_eq!(pace(1).take(Some(spent), 1, at(0)).0, [at(7_200)]);
    }

    proptest! {
        #[test]
        fn no_hour_sees_more_than_is_allowed(
            mails in 2_u32..2_000,
            asked in proptest::collection::vec((0_i64..900, 1_usize..50), 1..60),
        ) {
            let (mut now, mut spent, mut all) = (0, None, Vec::new());
            for (pause, count) in asked {
                now += pause;
                let (slots, until) = pace(mails).take(spent, count, at(now));
                prop_assert!(slots.iter().all(|slot| *slot >= at(now)));
                spent = Some(until);
                all.extend(slots);
            }
            all.sort();
            for (first, from) in all.iter().enumerate() {
                let hour = *from + SignedDuration::from_secs(3_599);
                let within = all[first..].iter().take_while(|slot| **slot <= hour).count();
                prop_assert!(within <= mails as usize, "{within} of {mails}");
            }
        }
    }
}
