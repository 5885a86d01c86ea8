//! What the bank does wrong on request.

use serde::{Deserialize, Serialize};
use simulator_shell::{Field, Fieldset};

use crate::operation::{Asked, Operation};

/// How far the bank's clock may be off, in seconds.
const MAX_CLOCK_OFF_S: i64 = 400 * 86_400;

simulator_shell::faults! {
    /// What goes wrong. `operations` and `page` say with which requests; then each strikes what it has to do with.
    pub struct Faults {
        /// Which operations are struck; none named means all that a fault has to do with.
        pub operations: Vec<Operation>,
        /// Only this page of an account's transactions is struck, counted from 1.
        pub page: Option<u32>,
        /// No answer: the connection stays open for ten minutes.
        pub hang: bool,
        /// An answer that is none; of accounts and transactions if no operation is named.
        pub wrong: Option<Wrong>,
        /// The connection is cut after so many bytes of the body; of accounts and transactions if no operation is named.
        pub cut_at_byte: Option<u32>,
        /// How often a day an account's transactions may be asked for with one token; 429 beyond.
        pub quota_per_day: Option<u32>,
        /// A page comes again as the next one.
        pub duplicate_page: bool,
        /// Card payments of the last fourteen days are there as pending ones too.
        pub pending_twins: bool,
        /// Transactions that are older than so many days are left out, without a word.
        pub short_history_days: Option<u32>,
        /// `next` leads to the same page again.
        pub cursor_loops: bool,
        /// The token expires: 401, now and later.
        pub token_expires: bool,
        /// The customer withdraws the consent at the bank: 403, now and later.
        pub consent_withdrawn: bool,
        /// A code that was used is taken again, and revokes nothing.
        pub code_replay_accepted: bool,
        /// `iss` in the answer to an authorization request.
        pub iss: Option<Parameter>,
        /// `state` in the answer to an authorization request.
        pub state: Option<Parameter>,
        /// How far the bank's clock is off, in seconds.
        pub clock_off_seconds: i64,
    }
}

/// An answer that is none, with status 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// JSON that ends in the middle.
    MalformedJson,
    /// A page of HTML, as a proxy in between would answer.
    Html,
    /// White space without an end.
    Endless,
    /// A few bytes at a time.
    Trickle,
}

/// What is wrong with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parameter {
    /// It is another's.
    Wrong,
    /// It is not there.
    Missing,
}

impl Faults {
    /// Whether what is switched on has to do with such a request.
    pub(crate) fn concern(&self, asked: Asked) -> bool {
        let Asked { operation, page, decides } = asked;
        if !self.operations.is_empty() && !self.operations.contains(&operation) {
            return false;
        }
        if self.page.is_some() && self.page != page {
            return false;
        }
        let transactions = self.quota_per_day.is_some()
            || self.duplicate_page
            || self.pending_twins
            || self.short_history_days.is_some()
            || self.cursor_loops;
        let any = self.delay_ms > 0
            || self.down.is_some()
            || self.throttle.is_some()
            || self.hang
            || self.clock_off_seconds != 0;
        let data = self.token_expires || self.consent_withdrawn;
        any || self.spoils(operation)
            || data && operation.is_data()
            || transactions && operation == Operation::Transactions
            || self.code_replay_accepted && operation == Operation::Token
            || (self.iss.is_some() || self.state.is_some()) && decides
    }

    /// Whether the answers of this operation are spoiled.
    pub(crate) fn spoils(&self, operation: Operation) -> bool {
        let is_on = self.wrong.is_some() || self.cut_at_byte.is_some();
        is_on && (operation.is_data() || self.operations.contains(&operation))
    }
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let parameter = [("wrong", "another's"), ("missing", "missing")];
        let wrong = [
            ("malformed-json", "JSON that ends in the middle"),
            ("html", "a page of HTML"),
            ("endless", "without an end"),
            ("trickle", "a few bytes at a time"),
        ];
        let operations = Operation::ALL.map(|operation| (operation.name(), operation.name()));
        let off = i32::try_from(MAX_CLOCK_OFF_S).map_or(0.0, f64::from);
        vec![
            Fieldset::new(
                "With which requests",
                vec![
                    Field::choices("operations", "Operations", operations),
                    Field::number("page", "Only this page of transactions", 1.0, 10_000.0),
                ],
            )
            .hint("None ticked: all that a fault has to do with."),
            Fieldset::new(
                "Answers",
                vec![
                    Field::choice("wrong", "Wrong", "no", wrong),
                    Field::number("cutAtByte", "Cut after so many bytes", 0.0, 4e9),
                    Field::checkbox("hang", "No answer, and the connection stays open"),
                ],
            ),
            Fieldset::new(
                "Transactions",
                vec![
                    Field::number("quotaPerDay", "Times a day and token", 0.0, 4e9),
                    Field::number("shortHistoryDays", "Only so many days", 0.0, 4e9),
                    Field::checkbox("duplicatePage", "A page comes twice"),
                    Field::checkbox("pendingTwins", "Booked payments are pending too"),
                    Field::checkbox("cursorLoops", "The next page is the same page"),
                ],
            ),
            Fieldset::new(
                "Consent",
                vec![
                    Field::choice("iss", "iss", "right", parameter),
                    Field::choice("state", "state", "right", parameter),
                    Field::checkbox("codeReplayAccepted", "A used code is taken again"),
                    Field::checkbox("tokenExpires", "The token expires"),
                    Field::checkbox("consentWithdrawn", "The consent is withdrawn at the bank"),
                    Field::number("clockOffSeconds", "Clock off, seconds", -off, off),
                ],
            ),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        if self.page == Some(0) {
            return Err("page counts from 1".to_owned());
        }
        if self.clock_off_seconds.saturating_abs() > MAX_CLOCK_OFF_S {
            return Err(format!("clockOffSeconds is at most {MAX_CLOCK_OFF_S}, 400 days"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use simulator_shell::{Faults as _, form};

    fn concern(faults: &str, operation: Operation, page: Option<u32>) -> bool {
        faults.parse::<Faults>().unwrap().concern(Asked { operation, page, decides: false })
    }

    #[test]
    fn a_fault_concerns_what_it_has_to_do_with() {
        use Operation::{Accounts, Par, Token, Transactions};
        assert!(concern("down=internal-error,page=3", Transactions, Some(3)));
        assert!(!concern("down=internal-error,page=3", Transactions, Some(2)));
        assert!(!concern("down=internal-error,page=3", Accounts, None));
        assert!(concern("wrong=html", Accounts, None) && !concern("wrong=html", Token, None));
        assert!(concern(r#"{"wrong": "html", "operations": ["token"]}"#, Token, None));
        assert!(!concern("codeReplayAccepted", Par, None));
        assert!(!concern("iss=wrong", Operation::Authorize, None));
    }

    #[test]
    fn the_form_and_one_line_say_the_same_and_nonsense_is_refused() {
        let line: Faults = "operations=token+par,iss=missing,quotaPerDay=4".parse().unwrap();
        let sent = b"operations=token&operations=par&iss=missing&quotaPerDay=4&hang=";
        let form: Faults = form::read(&Faults::all_fieldsets(), sent).unwrap();
        assert_eq!(line, form);
        for wrong in ["page=0", "clockOffSeconds=99999999", "wrong=html2", "operations=all+par"] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }
}
