//! What the simulator is told to do wrong.

use crate::{Severities, severities::LEVELS};
use serde::{Deserialize, Serialize};
use simulator_shell::{Field, Fieldset};

simulator_shell::faults! {
    /// What goes wrong with the requests that are struck; everything else is served as Azure would. Members that are
    /// left out are off. Written in `CONTENT_SAFETY_FAULTS` and at `/faults`.
    pub struct Faults {
        /// Wrong: an answer that breaks the contract.
        pub wrong: Option<Wrong>,
        /// A verdict instead of the measure's.
        pub answer: Option<Severities>,
    }
}

/// How an answer breaks the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// JSON that ends in the middle.
    MalformedJson,
    /// Three categories of four.
    MissingCategory,
    /// One category twice, with different severities.
    RepeatedCategory,
    /// A fifth category.
    UnknownCategory,
    /// A severity of 9.
    SeverityOutOfRange,
    /// A category without its severity.
    MissingSeverity,
    /// A page of HTML with status 200, as a proxy in between would answer.
    WrongContentType,
    /// A right answer with a megabyte of white space behind it.
    Oversized,
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let wrong = [
            ("malformed-json", "JSON that ends in the middle"),
            ("missing-category", "three categories"),
            ("repeated-category", "one category twice"),
            ("unknown-category", "a fifth category"),
            ("severity-out-of-range", "a severity of 9"),
            ("missing-severity", "a category without severity"),
            ("wrong-content-type", "a page of HTML"),
            ("oversized", "a megabyte too much"),
        ];
        let severity = |name, label| {
            Field::choice(name, label, "measured", LEVELS.map(|level| (level, level.to_string())))
        };
        vec![
            Fieldset::new("Wrong answers", vec![Field::choice("wrong", "Wrong", "no", wrong)]),
            Fieldset::new(
                "A fixed verdict",
                vec![
                    severity("answer.hate", "Hate"),
                    severity("answer.selfHarm", "Self-harm"),
                    severity("answer.sexual", "Sexual"),
                    severity("answer.violence", "Violence"),
                ],
            )
            .hint("As soon as one is chosen, the others count as 0."),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        if self.answer.is_some_and(|severities| !severities.are_levels()) {
            return Err("the severities in answer are 0, 2, 4 or 6".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use simulator_shell::{Down, Faults as _, Throttle, form};

    #[test]
    fn what_is_left_out_is_off() {
        let faults: Faults = r#"{"down":"server-busy","times":3}"#.parse().unwrap();
        let expected = Faults { down: Some(Down::ServerBusy), times: Some(3), ..Faults::default() };
        assert_eq!(faults, expected);
        assert!("{}".parse::<Faults>().unwrap().are_off());
    }

    #[test]
    fn nonsense_is_refused_and_says_where() {
        let refusals = [
            (r#"{"dwon":"closed"}"#, "unknown field `dwon`"),
            (r#"{"answer":{"sexual":3}}"#, "0, 2, 4 or 6"),
            (r#"{"wrong":"very"}"#, "wrong: unknown variant `very`"),
        ];
        for (json, reason) in refusals {
            let error = json.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }

    #[test]
    fn empty_fields_of_the_form_are_off_and_the_rest_is_taken() {
        let sent = b"probability=0.5&seed=&times=4&delayMs=20&down=closed&wrong=&throttle.every=2\
            &throttle.retryAfterSeconds=1&answer.hate=&answer.selfHarm=&answer.sexual=4&answer.violence=";
        let expected = Faults {
            probability: 0.5,
            times: Some(4),
            delay_ms: 20,
            down: Some(Down::Closed),
            throttle: Some(Throttle { every: 2, retry_after_seconds: Some(1) }),
            answer: Some(Severities { sexual: 4, ..Severities::default() }),
            ..Faults::default()
        };
        let read = |sent: &[u8]| form::read::<Faults>(&Faults::all_fieldsets(), sent).unwrap();
        assert_eq!(read(sent), expected);
        assert!(read(b"probability=1&down=&wrong=").are_off());
    }
}
