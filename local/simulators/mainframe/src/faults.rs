//! What the mainframe does wrong on request.

use std::{str::FromStr, time::Duration};

use rand::{Rng, rngs::SmallRng};
use serde::{Deserialize, Deserializer, Serialize};
use simulator_shell::{FaultsError, Field, Fieldset, NetworkFaults};

use crate::Rule;

/// The longest that an answer may be held back.
const MAX_LATE_S: u32 = 3_600;
/// How long an answer out of order is held back, at most, in seconds: long enough to be overtaken.
const MAX_OUT_OF_ORDER_S: u64 = 3;

/// What goes wrong. The probabilities, between 0 and 1, are drawn for each message. As a text its fields, such as
/// `busy=0.1,late=0.2,lateSeconds=3,refuse=MF-1043+MF-1044,down`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Faults {
    /// Nothing is taken at all: the stop button.
    pub down: bool,
    /// The message is not applied; the answer says `busy`, and the sender has to send again.
    pub busy: f64,
    /// The answer is sent twice.
    pub twice: f64,
    /// The answer becomes visible only after `late_seconds`.
    pub late: f64,
    /// How long a late answer is held back, in seconds.
    pub late_seconds: u32,
    /// The message is applied and never answered.
    pub never: f64,
    /// The answer is held back for up to three seconds, so that later ones overtake it; messages that were taken
    /// together are worked on in any order.
    pub out_of_order: f64,
    /// The message is left in the queue after its answer: it is taken again.
    pub take_twice: f64,
    /// The business rules in force: what breaks one is refused with its code.
    #[serde(deserialize_with = "one_or_many")]
    pub refuse: Vec<Rule>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            down: false,
            busy: 0.0,
            twice: 0.0,
            late: 0.0,
            late_seconds: 5,
            never: 0.0,
            out_of_order: 0.0,
            take_twice: 0.0,
            refuse: Vec::new(),
        }
    }
}

/// What happens to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) is_busy: bool,
    /// How often it is answered: 0, 1 or 2 times.
    pub(crate) answers: u8,
    /// How long the answer is held back.
    pub(crate) late: Duration,
    pub(crate) stays_in_queue: bool,
}

impl Faults {
    fn in_range(&self) -> Result<(), String> {
        let chances = [
            ("busy", self.busy),
            ("twice", self.twice),
            ("late", self.late),
            ("never", self.never),
            ("outOfOrder", self.out_of_order),
            ("takeTwice", self.take_twice),
        ];
        if let Some((name, chance)) =
            chances.iter().find(|(_, chance)| !(0.0..=1.0).contains(chance))
        {
            return Err(format!("{name} is {chance}, not a probability from 0 to 1"));
        }
        if self.late_seconds > MAX_LATE_S {
            return Err(format!(
                "lateSeconds is {}, not from 0 to {MAX_LATE_S}",
                self.late_seconds
            ));
        }
        Ok(())
    }

    /// Decides about one message. It draws the same number of times whatever is on, so that a switch does not change
    /// what the seed says about the others.
    pub(crate) fn draw(&self, random: &mut SmallRng) -> Fate {
        let mut strikes = |chance: f64| random.random::<f64>() < chance;
        let is_busy = strikes(self.busy);
        let (twice, late, never) = (strikes(self.twice), strikes(self.late), strikes(self.never));
        let (out_of_order, stays_in_queue) = (strikes(self.out_of_order), strikes(self.take_twice));
        let overtaken_s = random.random_range(1..=MAX_OUT_OF_ORDER_S);
        let mut late_s = if late { u64::from(self.late_seconds) } else { 0 };
        if out_of_order {
            late_s += overtaken_s;
        }
        let answers = match (never, twice) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        Fate { is_busy, answers, late: Duration::from_secs(late_s), stays_in_queue }
    }
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <Self as simulator_shell::Faults>::read(text)
    }
}

/// They strike messages, not requests.
impl NetworkFaults for Faults {}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let chance = |name, label| Field::number(name, label, 0.0, 1.0);
        let rules =
            Rule::ALL.map(|rule| (rule.code(), format!("{}: {}", rule.code(), rule.reason())));
        vec![
            Fieldset::new("The stop button", vec![Field::checkbox("down", "Down: takes nothing")]),
            Fieldset::new(
                "Probabilities for each message, 0 to 1",
                vec![
                    chance("busy", "Answers “busy” and does not apply"),
                    chance("twice", "Answers twice"),
                    chance("late", "Answers late"),
                    chance("never", "Applies and never answers"),
                    chance("outOfOrder", "Answers out of order"),
                    chance("takeTwice", "Takes a message twice"),
                    Field::number(
                        "lateSeconds",
                        "How late, in seconds",
                        0.0,
                        f64::from(MAX_LATE_S),
                    ),
                ],
            ),
            Fieldset::new("Refuses", vec![Field::choices("refuse", "Refuses", rules)]),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        self.in_range()
    }
}

/// One rule may be written without a list.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Rule>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Rules {
        One(Rule),
        Many(Vec<Rule>),
    }
    Ok(match Rules::deserialize(deserializer)? {
        Rules::One(rule) => vec![rule],
        Rules::Many(rules) => rules,
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn faults_are_written_in_one_line() {
        let faults =
            Faults { down: true, busy: 0.1, refuse: vec![Rule::LongName], ..Faults::default() };
        assert_eq!("busy=0.1,refuse=MF-1043,down".parse(), Ok(faults));
        let two = Faults { refuse: vec![Rule::LongName, Rule::ForeignName], ..Faults::default() };
        assert_eq!("refuse=MF-1043+MF-1044".parse(), Ok(two));
        assert_eq!("".parse(), Ok(Faults::default()));
        for wrong in ["busy=2", "busy=often", "refuse=MF-1", "sleepy", "busy=0.1,busy=0.2"] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_same_seed_decides_the_same_and_a_switch_leaves_the_others_alone() {
        let drawn = |faults: &Faults| {
            let mut random = SmallRng::seed_from_u64(7);
            (0..100).map(|_| faults.draw(&mut random)).collect::<Vec<_>>()
        };
        let twice = Faults { twice: 0.3, ..Faults::default() };
        assert_eq!(drawn(&twice), drawn(&twice));
        let also_busy = drawn(&Faults { busy: 0.5, ..twice.clone() });
        let answers = |fates: &[Fate]| fates.iter().map(|fate| fate.answers).collect::<Vec<_>>();
        assert_eq!(answers(&drawn(&twice)), answers(&also_busy));
        assert!(also_busy.iter().any(|fate| fate.is_busy));
    }
}
