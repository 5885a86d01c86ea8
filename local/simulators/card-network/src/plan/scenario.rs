//! What shops do: a kiosk, a restaurant, a pump, a hotel, a web shop that sends in parts.

use rand::{Rng, rngs::SmallRng};

use super::{Step, What};
use crate::Faults;

/// A shop's kind, and the numbers (ISO 18245) that go with it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scenario {
    Kiosk,
    Restaurant,
    Pump,
    Hotel,
    Parts,
    /// Parcels of which none says that it is the last: so none that overtakes the others frees what they will take.
    Parcels,
    PartlyReversed,
    Cancelled,
    Expired,
    /// What was asked for is held still at the end.
    Open,
    ForcePost,
    Refunded,
    RefundAlone,
    ChargedBack,
    /// Captured before anybody is asked.
    Early,
}

/// Longest waits, in days.
const SOON: f64 = 0.01;
const WEEK: f64 = 6.5;
const LATE: f64 = 40.0;

impl Scenario {
    pub(super) fn draw(random: &mut SmallRng, faults: &Faults, is_within_limit: bool) -> Self {
        let (forced, early) = (random.random::<f64>(), random.random::<f64>());
        let drawn = random.random_range(0..100);
        if is_within_limit {
            return match drawn {
                0..45 => Self::Kiosk,
                45..60 => Self::Parcels,
                60..72 => Self::PartlyReversed,
                72..82 => Self::Cancelled,
                82..90 => Self::Expired,
                _ => Self::Open,
            };
        }
        if forced < faults.no_authorisation {
            return Self::ForcePost;
        }
        if early < faults.reorder {
            return Self::Early;
        }
        match drawn {
            0..30 => Self::Kiosk,
            30..40 => Self::Restaurant,
            40..49 => Self::Pump,
            49..59 => Self::Hotel,
            59..67 => Self::Parts,
            67..74 => Self::PartlyReversed,
            74..79 => Self::Cancelled,
            79..84 => Self::Expired,
            84..89 => Self::Open,
            89..91 => Self::ForcePost,
            91..95 => Self::Refunded,
            95..97 => Self::RefundAlone,
            _ => Self::ChargedBack,
        }
    }

    pub(super) fn shop(self) -> (&'static str, u16) {
        match self {
            Self::Kiosk | Self::Open | Self::Cancelled => ("Kiosk Nord", 5411),
            Self::Restaurant => ("Spisestedet", 5812),
            Self::Pump => ("Tank & Go", 5542),
            Self::Hotel | Self::Expired => ("Hotel Søblik", 7011),
            Self::ForcePost => ("Fly og Færge", 4511),
            _ => ("Webshop Østerbro", 5311),
        }
    }

    /// The steps of a purchase for about `price`.
    pub(super) fn steps(self, random: &mut SmallRng, price: i64, day_ms: u64) -> Vec<Step> {
        let mut script = Script { random, day_ms, stage: 0, steps: Vec::new() };
        match self {
            Self::ForcePost | Self::RefundAlone | Self::Early => {}
            Self::Pump => script.now(What::Ask { amount: 100 }),
            _ => script.now(What::Ask { amount: price }),
        }
        script.act(self, price);
        script.steps
    }
}

struct Script<'a> {
    random: &'a mut SmallRng,
    day_ms: u64,
    stage: u16,
    steps: Vec<Step>,
}

impl Script<'_> {
    fn act(&mut self, scenario: Scenario, price: i64) {
        let last = |amount| What::Capture { amount, last: true };
        match scenario {
            Scenario::Open => {}
            Scenario::Kiosk => self.within(WEEK, last(price)),
            Scenario::Restaurant => {
                let tip = price * self.random.random_range(0..20) / 100;
                self.within(WEEK, last(price + tip));
            }
            Scenario::Pump => self.within(SOON, last(price)),
            Scenario::Hotel => self.stay(price),
            Scenario::Parts => self.in_parts(price, true),
            Scenario::Parcels => self.in_parts(price, false),
            Scenario::PartlyReversed => {
                let given_up = (price / 3).max(1);
                self.within(SOON, What::Reverse { amount: Some(given_up) });
                self.together(WEEK, What::Capture { amount: price - given_up, last: false });
            }
            Scenario::Cancelled => self.within(SOON, What::Reverse { amount: None }),
            Scenario::Expired => self.within(WEEK, What::Expire),
            Scenario::ForcePost => self.within(LATE, last(price)),
            Scenario::Refunded => {
                self.within(WEEK, last(price));
                // Some shops give back more than they took.
                let more = if self.random.random_bool(0.2) { 100 } else { 0 };
                self.within(LATE, What::Refund { amount: price + more });
            }
            Scenario::RefundAlone => self.within(LATE, What::Refund { amount: price }),
            Scenario::ChargedBack => {
                self.within(WEEK, last(price));
                self.within(LATE, What::ChargeBack { amount: price });
            }
            Scenario::Early => {
                let last = self.random.random_bool(0.5);
                self.now(What::Capture { amount: price, last });
                self.stage += 1;
                self.now(What::Ask { amount: price });
            }
        }
    }

    /// Nights are added, then all is paid; sometimes the minibar comes a month later.
    fn stay(&mut self, price: i64) {
        let mut total = price;
        for _ in 0..self.random.random_range(1..4) {
            let night = (price / 4).max(1);
            self.within(1.0, What::Increase { amount: night });
            total += night;
        }
        let minibar = self.random.random_bool(0.3);
        self.within(WEEK, What::Capture { amount: total, last: !minibar });
        if minibar {
            self.within(LATE, What::Capture { amount: 4_500, last: true });
        }
    }

    /// Parcels of one order, whose captures overtake each other; sometimes one never comes.
    fn in_parts(&mut self, price: i64, says_last: bool) {
        let parts = self.random.random_range(2..5);
        let each = (price / parts).max(1);
        let is_complete = self.random.random_bool(0.7);
        self.stage += 1;
        for part in 1..=parts {
            let is_last = part == parts;
            if is_last && !is_complete {
                continue;
            }
            let amount = if is_last { (price - each * (parts - 1)).max(1) } else { each };
            self.together(WEEK, What::Capture { amount, last: is_last && says_last });
        }
    }

    fn now(&mut self, what: What) {
        self.steps.push(Step::new(self.stage, 0, what));
    }

    /// In a stage of its own, at most so many days after the one before.
    fn within(&mut self, days: f64, what: What) {
        self.stage += 1;
        self.together(days, what);
    }

    fn together(&mut self, days: f64, what: What) {
        let most = Self::millis(self.day_ms, days);
        let after_ms = self.random.random_range(0..=most);
        self.steps.push(Step::new(self.stage, after_ms, what));
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "some hundred days at most"
    )]
    fn millis(day_ms: u64, days: f64) -> u64 {
        (day_ms as f64 * days) as u64
    }
}
