//! What the partner does wrong on request.

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use simulator_shell::{Field, Fieldset};

/// How far its clock may be off, in seconds.
const MAX_CLOCK_OFF_S: u32 = 86_400;
/// The longest wait of an answer or between the bytes of its body, in milliseconds.
const MAX_WAIT_MS: u32 = 600_000;

simulator_shell::faults! {
    /// What goes wrong with webhooks that are struck. With `delayMs`, `down` and `throttle` they never reach the partner;
    /// all others it receives and remembers.
    pub struct Faults {
        /// Only webhooks to this receiver are struck.
        pub receiver: Option<String>,
        /// Only the first so many attempts of each message are struck.
        pub first_attempts: Option<u32>,
        /// Answers with this status.
        pub status: Option<u16>,
        /// `Retry-After`, in seconds, beside `status`.
        pub retry_after_seconds: Option<u64>,
        /// Sends the sender elsewhere, 307.
        pub redirect_to: Option<String>,
        /// Answers so much later, in milliseconds, when all is recorded.
        pub answer_delay_ms: u64,
        /// The answer's body comes byte by byte, so many milliseconds apart.
        pub slow_body_ms: u64,
        /// The answer's body has no end.
        pub endless_body: bool,
        /// Takes the message and dies before it answers: the connection is cut.
        pub lose_answer: bool,
        /// What it believes.
        pub believes: Option<Believes>,
        /// How far its clock is off, in seconds.
        pub clock_off_seconds: i64,
    }
}

/// What a careless partner believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Believes {
    /// Anything: it does not verify.
    Everything,
    /// Only what is signed with the last of its keys: it has not heard of a newer one.
    OldestKey,
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let wait = f64::from(MAX_WAIT_MS);
        let off = f64::from(MAX_CLOCK_OFF_S);
        let believes = [("everything", "everything"), ("oldest-key", "only the oldest key")];
        vec![
            Fieldset::new(
                "Which webhooks",
                vec![
                    Field::text("receiver", "Only to the receiver"),
                    Field::number("firstAttempts", "Only first attempts, how many", 0.0, 100.0),
                ],
            ),
            Fieldset::new(
                "The answer",
                vec![
                    Field::number("status", "Status", 200.0, 599.0),
                    Field::number("retryAfterSeconds", "Retry-After, seconds", 0.0, 1e9),
                    Field::text("redirectTo", "Redirects to"),
                    Field::number("answerDelayMs", "Late, milliseconds", 0.0, wait),
                    Field::number("slowBodyMs", "Body byte by byte, milliseconds", 0.0, wait),
                    Field::checkbox("endlessBody", "Body without an end"),
                    Field::checkbox("loseAnswer", "Takes it and dies before it answers"),
                ],
            ),
            Fieldset::new(
                "Verifying",
                vec![
                    Field::choice("believes", "Believes", "what is signed", believes),
                    Field::number("clockOffSeconds", "Clock is off, seconds", -off, off),
                ],
            ),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        let wait = u64::from(MAX_WAIT_MS);
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status is from 200 to 599".to_owned());
        }
        let place = self.redirect_to.as_deref().map(HeaderValue::from_str);
        if place.is_some_and(|place| place.is_err()) {
            return Err("redirectTo is an address, such as http://127.0.0.1:7071/".to_owned());
        }
        if self.answer_delay_ms > wait || self.slow_body_ms > wait {
            return Err(format!("answerDelayMs and slowBodyMs are at most {MAX_WAIT_MS}"));
        }
        if self.clock_off_seconds.unsigned_abs() > MAX_CLOCK_OFF_S.into() {
            return Err(format!("clockOffSeconds is at most a day, {MAX_CLOCK_OFF_S}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn faults_are_written_in_one_line_and_out_of_range_ones_are_named() {
        let expected =
            Faults { status: Some(410), receiver: Some("main".to_owned()), ..Faults::default() };
        assert_eq!("status=410,receiver=main".parse(), Ok(expected));
        let believes = Faults { believes: Some(Believes::OldestKey), ..Faults::default() };
        assert_eq!("believes=oldest-key".parse(), Ok(believes));
        for wrong in [
            "status=100",
            "clockOffSeconds=100000",
            "slowBodyMs=600001",
            "believes=nobody",
            "sleepy",
            "{\"redirectTo\": \"a\\nb\"}",
        ] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }
}
