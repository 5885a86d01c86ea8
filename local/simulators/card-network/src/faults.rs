//! What the card network does wrong on request.

use simulator_shell::{Field, Fieldset};

/// How far the clock of the signatures may be off, in seconds.
const MAX_CLOCK_OFF_S: f64 = 86_400.0;

simulator_shell::faults! {
    /// What goes wrong. `delayMs`, `down` and `throttle` strike what the platform asks the processor; all others are
    /// probabilities from 0 to 1, drawn for each message to the platform, or for each purchase when a run is drawn up.
    pub struct Faults {
        /// A message is sent twice at once.
        pub duplicate: f64,
        /// Purchases are captured before the platform was asked, or advised of.
        pub reorder: f64,
        /// A message, or its answer, is lost; it is sent again up to three days later.
        pub lose: f64,
        /// A fact comes up to forty days later.
        pub late: f64,
        /// A shop takes more than was authorised.
        pub over_capture: f64,
        /// A shop takes money without having asked.
        pub no_authorisation: f64,
        /// Beside a message comes a question about a card that nobody has.
        pub unknown_token: f64,
        /// Beside a message comes a forged one, whose signature is not ours.
        pub wrong_signature: f64,
        /// Beside a message comes a recording of an older one.
        pub replayed_signature: f64,
        /// A card number stands in the merchant's name, or in the ids of the purchase.
        pub pan: f64,
        /// The platform's answer counts as none, whatever it says: as if it came after two seconds.
        pub ignore_answer: f64,
        /// How far the clock of the signatures is off, in seconds.
        pub clock_off_seconds: i64,
        /// A payment's reference has a wrong digit.
        pub wrong_digit: f64,
        /// A payment comes twice.
        pub paid_twice: f64,
        /// A payment is of a tenth more.
        pub over_paid: f64,
    }
}

impl Faults {
    fn chances(&self) -> [(&'static str, &'static str, f64); 14] {
        [
            ("duplicate", "Sent twice", self.duplicate),
            ("reorder", "Out of order", self.reorder),
            ("lose", "Lost, and sent again up to three days later", self.lose),
            ("late", "Up to forty days late", self.late),
            ("overCapture", "More captured than authorised", self.over_capture),
            ("noAuthorisation", "Captured without asking", self.no_authorisation),
            ("unknownToken", "A card that nobody has", self.unknown_token),
            ("wrongSignature", "Forged", self.wrong_signature),
            ("replayedSignature", "Replayed", self.replayed_signature),
            ("pan", "With a card number", self.pan),
            ("ignoreAnswer", "Answer comes too late", self.ignore_answer),
            ("wrongDigit", "Payment with a wrong digit", self.wrong_digit),
            ("paidTwice", "Payment comes twice", self.paid_twice),
            ("overPaid", "Payment of a tenth more", self.over_paid),
        ]
    }
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let chances = Self::default().chances();
        let fields = chances.map(|(name, label, _)| Field::number(name, label, 0.0, 1.0));
        let off = Field::number("clockOffSeconds", "Seconds", -MAX_CLOCK_OFF_S, MAX_CLOCK_OFF_S);
        vec![
            Fieldset::new("Messages to the platform, probabilities 0 to 1", fields.into()),
            Fieldset::new("The clock of the signatures is off", vec![off]),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        let chances = self.chances();
        let wrong = chances.iter().find(|(.., chance)| !(0.0..=1.0).contains(chance));
        if let Some((name, _, chance)) = wrong {
            return Err(format!("{name} is {chance}, not a probability from 0 to 1"));
        }
        if self.clock_off_seconds.unsigned_abs() > 86_400 {
            return Err("clockOffSeconds is at most a day, 86400".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_written_in_one_line_and_out_of_range_ones_are_named() {
        let expected = Faults { duplicate: 0.1, clock_off_seconds: -400, ..Faults::default() };
        assert_eq!("duplicate=0.1,clockOffSeconds=-400".parse(), Ok(expected));
        for wrong in ["pan=2", "late=-0.1", "clockOffSeconds=100000", "sleepy"] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }
}
