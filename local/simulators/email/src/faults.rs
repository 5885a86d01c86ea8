//! What the mail service does wrong on request.

use serde::{Deserialize, Serialize};
use simulator_shell::{Field, Fieldset};

use crate::{operation::Operation, reports::Status};

/// The longest wait of an answer, in milliseconds: ten minutes.
const MAX_WAIT_MS: u64 = 600_000;
/// The longest wait of anything else, in seconds: thirty days.
const MAX_WAIT_S: u64 = 30 * 86_400;

simulator_shell::faults! {
    /// What goes wrong. `operations` and `recipient` say with which requests; then each strikes what it has to do with. What a
    /// mail meets is decided when it is handed in.
    pub struct Faults {
        /// Which operations are struck; none named means all that a fault has to do with.
        pub operations: Vec<Operation>,
        /// Only mails in which this address stands are struck.
        pub recipient: Option<String>,
        /// 429, and `Retry-After` says so many seconds.
        pub retry_after_seconds: Option<u64>,
        /// So many mails in an hour; then 429 until there is room.
        pub per_hour: Option<u32>,
        /// 202, and then nobody knows the operation any more: 404.
        pub lose_operation: Option<Lost>,
        /// Takes the mail, and the connection is cut before the answer.
        pub lose_answer: bool,
        /// Takes the mail, and the connection stays open for ten minutes without an answer.
        pub hang: bool,
        /// Takes the mail, and answers so much later, in milliseconds.
        pub answer_delay_ms: u64,
        /// A mail whose operation id is known is sent once more.
        pub sends_again: bool,
        /// The operation fails in the end.
        pub fails: bool,
        /// The operation takes so much longer, in seconds.
        pub running_seconds: Option<u64>,
        /// What delivery reports say instead of `Delivered`.
        pub report: Option<Status>,
        /// Reports come so many seconds later.
        pub report_delay_seconds: Option<u64>,
        /// Each report comes twice.
        pub report_twice: bool,
        /// Reports come before the mail is answered.
        pub report_early: bool,
        /// There are no reports.
        pub report_never: bool,
    }
}

/// What is lost with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// Only the operation: the mail arrives.
    Operation,
    /// The mail too.
    Mail,
}

impl Faults {
    /// Whether what is switched on has to do with such a request.
    pub(crate) fn concern(&self, operation: Operation, body: &[u8]) -> bool {
        if !self.operations.is_empty() && !self.operations.contains(&operation) {
            return false;
        }
        let is_for = |wanted: &String| String::from_utf8_lossy(body).contains(wanted.as_str());
        if !self.recipient.as_ref().is_none_or(is_for) {
            return false;
        }
        let any = self.delay_ms > 0 || self.down.is_some() || self.throttle.is_some();
        any || self.is_busy(operation) || operation == Operation::Send && self.concern_mails()
    }

    /// Whether 429 is for this operation: without a name it is for sending.
    pub(crate) fn is_busy(&self, operation: Operation) -> bool {
        self.retry_after_seconds.is_some()
            && (operation == Operation::Send || self.operations.contains(&operation))
    }

    fn concern_mails(&self) -> bool {
        self.per_hour.is_some()
            || self.lose_operation.is_some()
            || self.lose_answer
            || self.hang
            || self.answer_delay_ms > 0
            || self.sends_again
            || self.fails
            || self.running_seconds.is_some()
            || self.report.is_some()
            || self.report_delay_seconds.is_some()
            || self.report_twice
            || self.report_early
            || self.report_never
    }

    fn which() -> Fieldset {
        let operations = Operation::ALL.map(|operation| (operation.name(), operation.name()));
        let fields = vec![
            Field::choices("operations", "Operations", operations),
            Field::text("recipient", "Only mails with this address"),
        ];
        Fieldset::new("With which requests", fields)
            .hint("None ticked: all that a fault has to do with.")
    }

    fn answers(longest_s: f64) -> Fieldset {
        let lost = [("operation", "only the operation"), ("mail", "the mail too")];
        let fields = vec![
            Field::number("retryAfterSeconds", "429, Retry-After in seconds", 0.0, longest_s),
            Field::number("perHour", "At most so many in an hour", 0.0, 1e6),
            Field::number("answerDelayMs", "Late, milliseconds", 0.0, 600_000.0),
            Field::choice("loseOperation", "202, then lost", "no", lost),
            Field::checkbox("loseAnswer", "Taken, and cut before the answer"),
            Field::checkbox("hang", "Taken, no answer, and the connection stays open"),
            Field::checkbox("sendsAgain", "A repeated operation id sends again"),
        ];
        Fieldset::new("Answers", fields)
    }

    fn fates(longest_s: f64) -> Fieldset {
        let statuses = Status::ALL.map(|status| (status.name(), status.name()));
        let fields = vec![
            Field::number("runningSeconds", "Takes longer, seconds", 0.0, longest_s),
            Field::choice("report", "Reported as", "Delivered", statuses),
            Field::number("reportDelaySeconds", "Reported later, seconds", 0.0, longest_s),
            Field::checkbox("fails", "The operation fails in the end"),
            Field::checkbox("reportTwice", "Reported twice"),
            Field::checkbox("reportEarly", "Reported before the answer"),
            Field::checkbox("reportNever", "Never reported"),
        ];
        Fieldset::new("What becomes of a mail", fields)
    }
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let longest_s = u32::try_from(MAX_WAIT_S).map_or(0.0, f64::from);
        vec![Self::which(), Self::answers(longest_s), Self::fates(longest_s)]
    }

    fn check_own(&self) -> Result<(), String> {
        if self.answer_delay_ms > MAX_WAIT_MS {
            return Err(format!("answerDelayMs is at most {MAX_WAIT_MS}"));
        }
        let waits = [self.retry_after_seconds, self.running_seconds, self.report_delay_seconds];
        if waits.into_iter().flatten().any(|seconds| seconds > MAX_WAIT_S) {
            return Err(format!(
                "retryAfterSeconds, runningSeconds and reportDelaySeconds are at most {MAX_WAIT_S}"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use simulator_shell::{Faults as _, form};

    #[test]
    fn a_fault_concerns_what_it_has_to_do_with() {
        let concern = |faults: &str, operation, body: &str| {
            faults.parse::<Faults>().unwrap().concern(operation, body.as_bytes())
        };
        assert!(concern("fails", Operation::Send, "") && !concern("fails", Operation::Status, ""));
        assert!(concern("retryAfterSeconds=7200", Operation::Send, ""));
        assert!(!concern("retryAfterSeconds=7200", Operation::Status, ""));
        let named = r#"{"retryAfterSeconds": 9, "operations": ["status"]}"#;
        assert!(concern(named, Operation::Status, "") && !concern(named, Operation::Send, ""));
        let to_kim = "report=Bounced,recipient=kim@example.com";
        assert!(concern(to_kim, Operation::Send, "…kim@example.com…"));
        assert!(!concern(to_kim, Operation::Send, "…tim@example.com…"));
        assert!(concern("down=closed", Operation::Status, ""));
    }

    #[test]
    fn the_form_and_one_line_say_the_same_and_nonsense_is_refused() {
        let line: Faults = "loseOperation=mail,perHour=100,report=FilteredSpam".parse().unwrap();
        let sent = b"loseOperation=mail&perHour=100&report=FilteredSpam&hang=";
        let form: Faults = form::read(&Faults::all_fieldsets(), sent).unwrap();
        assert_eq!(line, form);
        for wrong in ["report=Fine", "answerDelayMs=600001", "runningSeconds=9999999", "loses"] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }
}
