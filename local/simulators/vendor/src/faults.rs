//! What the vendor does wrong on request.

use simulator_shell::{Field, Fieldset};

use crate::operation::Operation;

/// The longest wait of an answer, in milliseconds: ten minutes.
const MAX_WAIT_MS: u64 = 600_000;
/// The longest wait of anything else, in seconds: thirty days.
const MAX_WAIT_S: u64 = 30 * 86_400;

simulator_shell::faults! {
    /// What goes wrong. `operations` says with which requests; then each strikes what it has to do with. Those that begin with
    /// `webhook` are probabilities from 0 to 1, drawn for each webhook from the seed.
    pub struct Faults {
        /// Which operations are struck; none named means all that a fault has to do with.
        pub operations: Vec<Operation>,
        /// Does what it is asked for, and the connection is cut before the answer.
        pub lose_answer: bool,
        /// Does what it is asked for, and the connection stays open for ten minutes without an answer.
        pub hang: bool,
        /// Does what it is asked for, and answers so much later, in milliseconds.
        pub answer_delay_ms: u64,
        /// Forgets that it knows the client reference: a repeated order is another order.
        pub orders_twice: bool,
        /// The price goes up by a tenth the moment the order comes, in the catalogue too: 409.
        pub price_changed: bool,
        /// 409, whatever the catalogue says.
        pub out_of_stock: bool,
        /// An order becomes active so many seconds later, and a webhook says so.
        pub activating_seconds: Option<u64>,
        /// Half of what was ordered is provided, at least one.
        pub partial_quantity: bool,
        /// An order cancels itself so many seconds later, and a webhook says so.
        pub cancels_after_seconds: Option<u64>,
        /// The catalogue is 500.
        pub catalogue_fails: bool,
        /// Prices in answers are in another currency.
        pub wrong_currency: bool,
        /// Never sent; the vendor believes that it was.
        pub webhook_lost: f64,
        /// Sent once more after it was taken.
        pub webhook_twice: f64,
        /// Sent `webhookLateSeconds` later.
        pub webhook_late: f64,
        /// How much later, in seconds; an hour if it is not said.
        pub webhook_late_seconds: Option<u64>,
        /// An attempt that is signed with another's key; the next one is rightly signed.
        pub webhook_wrongly_signed: f64,
    }
}

impl Faults {
    /// Whether what is switched on has to do with such a request.
    pub(crate) fn concern(&self, operation: Operation) -> bool {
        if !self.operations.is_empty() && !self.operations.contains(&operation) {
            return false;
        }
        let any = self.delay_ms > 0 || self.down.is_some() || self.throttle.is_some();
        let answer = self.answer_delay_ms > 0 || self.hang || self.lose_answer;
        let order = self.orders_twice
            || self.price_changed
            || self.out_of_stock
            || self.partial_quantity
            || self.activating_seconds.is_some()
            || self.cancels_after_seconds.is_some();
        any || answer && (operation.writes() || self.operations.contains(&operation))
            || order && operation == Operation::Order
            || self.catalogue_fails && operation == Operation::Services
            || self.wrong_currency && operation.shows_prices()
    }

    fn chances(&self) -> [(&'static str, &'static str, f64); 4] {
        [
            ("webhookLost", "Never sent", self.webhook_lost),
            ("webhookTwice", "Sent twice", self.webhook_twice),
            ("webhookLate", "Late", self.webhook_late),
            ("webhookWronglySigned", "Wrongly signed", self.webhook_wrongly_signed),
        ]
    }
}

impl simulator_shell::Faults for Faults {
    fn fieldsets() -> Vec<Fieldset> {
        let operations = Operation::ALL.map(|operation| (operation.name(), operation.name()));
        let (wait_ms, wait_s) = (600_000.0, 2_592_000.0);
        let chances = Self::default().chances();
        let mut webhooks: Vec<Field> =
            chances.iter().map(|(name, label, _)| Field::number(name, label, 0.0, 1.0)).collect();
        webhooks.push(Field::number("webhookLateSeconds", "How late, seconds", 0.0, wait_s));
        vec![
            Fieldset::new(
                "With which requests",
                vec![Field::choices("operations", "Operations", operations)],
            )
            .hint("None ticked: all that a fault has to do with."),
            Fieldset::new(
                "Answers, when the work is done",
                vec![
                    Field::number("answerDelayMs", "Late, milliseconds", 0.0, wait_ms),
                    Field::checkbox("loseAnswer", "The connection is cut before the answer"),
                    Field::checkbox("hang", "No answer, and the connection stays open"),
                ],
            ),
            Fieldset::new(
                "Orders",
                vec![
                    Field::number("activatingSeconds", "Active only after, seconds", 0.0, wait_s),
                    Field::number(
                        "cancelsAfterSeconds",
                        "Cancels itself after, seconds",
                        0.0,
                        wait_s,
                    ),
                    Field::checkbox("ordersTwice", "The same reference is ordered again"),
                    Field::checkbox("priceChanged", "The price has gone up by a tenth"),
                    Field::checkbox("outOfStock", "Out of stock"),
                    Field::checkbox("partialQuantity", "Only half is provided"),
                ],
            ),
            Fieldset::new(
                "What it shows",
                vec![
                    Field::checkbox("catalogueFails", "The catalogue is 500"),
                    Field::checkbox("wrongCurrency", "Prices are in another currency"),
                ],
            ),
            Fieldset::new("Webhooks, probabilities 0 to 1", webhooks),
        ]
    }

    fn check_own(&self) -> Result<(), String> {
        let chances = self.chances();
        let wrong = chances.iter().find(|(.., chance)| !(0.0..=1.0).contains(chance));
        if let Some((name, _, chance)) = wrong {
            return Err(format!("{name} is {chance}, not a probability from 0 to 1"));
        }
        if self.answer_delay_ms > MAX_WAIT_MS {
            return Err(format!("answerDelayMs is at most {MAX_WAIT_MS}"));
        }
        let waits =
            [self.activating_seconds, self.cancels_after_seconds, self.webhook_late_seconds];
        if waits.into_iter().flatten().any(|seconds| seconds > MAX_WAIT_S) {
            return Err(format!(
                "activatingSeconds, cancelsAfterSeconds and webhookLateSeconds are at most {MAX_WAIT_S}"
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

    fn concern(faults: &str, operation: Operation) -> bool {
        faults.parse::<Faults>().unwrap().concern(operation)
    }

    #[test]
    fn a_fault_concerns_what_it_has_to_do_with() {
        use Operation::{Cancel, Find, Keys, Order, Services};
        assert!(concern("loseAnswer", Order) && concern("loseAnswer", Cancel));
        assert!(!concern("loseAnswer", Find));
        assert!(concern(r#"{"loseAnswer": true, "operations": ["find"]}"#, Find));
        assert!(concern("priceChanged", Order) && !concern("priceChanged", Services));
        assert!(concern("wrongCurrency", Services) && !concern("wrongCurrency", Keys));
        assert!(concern("catalogueFails", Services) && !concern("webhookLost=1", Order));
        assert!(concern("delayMs=30000", Keys));
    }

    #[test]
    fn the_form_and_one_line_say_the_same_and_nonsense_is_refused() {
        let line: Faults =
            "operations=order+find,activatingSeconds=5,webhookTwice=0.5".parse().unwrap();
        let sent = b"operations=order&operations=find&activatingSeconds=5&webhookTwice=0.5";
        let form: Faults = form::read(&Faults::all_fieldsets(), sent).unwrap();
        assert_eq!(line, form);
        for wrong in
            ["webhookLost=2", "answerDelayMs=600001", "activatingSeconds=9999999", "operations=a+b"]
        {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }
}
