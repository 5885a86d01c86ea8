//! The bank: what was paid, one message a line on the platform's queue.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date};
use local_wire::{Endpoint, HttpClient, QueueService, Storage, WireError};
use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Faults, minor::Money};

/// Where the platform takes them.
const QUEUE: &str = "accounts-payments";
const TYPE: &str = "com.iommi.bank.payment.v1";
/// Most payments of a file.
pub(crate) const MAX_PAYMENTS: usize = 10_000;

/// The bank, if there is a queue service.
#[derive(Debug)]
pub(crate) struct Bank(QueueService);

/// A line of the bank's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Payment {
    bank_id: String,
    reference: String,
    amount: Money,
    booked_on: Date,
}

/// As it was sent, faults included.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    bank_id: String,
    reference: String,
    amount: Money,
    times: u8,
}

impl Bank {
    pub(crate) fn new(queues: Endpoint) -> Self {
        Self(QueueService::new(Storage::new(queues, Arc::new(HttpClient::new()))))
    }

    /// Sends a payment, or what becomes of it. The same line meets the same faults.
    pub(crate) async fn send(
        &self,
        payment: &Payment,
        faults: &Faults,
        now: Timestamp,
    ) -> Result<Sent, WireError> {
        let sent = spoiled(payment, faults);
        let text = STANDARD.encode(event(payment, &sent, now).to_string());
        for _ in 0..sent.times {
            self.0.send_creating(QUEUE, &text).await?;
        }
        Ok(sent)
    }
}

fn event(payment: &Payment, sent: &Sent, now: Timestamp) -> Value {
    json!({
        "specversion": "1.0",
        "id": sent.bank_id,
        "source": "/bank",
        "type": TYPE,
        "time": now,
        "datacontenttype": "application/json",
        "data": {
            "bankId": sent.bank_id,
            "reference": sent.reference,
            "amount": sent.amount,
            "bookedOn": payment.booked_on,
        },
    })
}

fn spoiled(payment: &Payment, faults: &Faults) -> Sent {
    let seed =
        payment.bank_id.bytes().fold(0_u64, |seed, byte| seed.rotate_left(8) ^ u64::from(byte));
    let mut random = SmallRng::seed_from_u64(seed);
    let mut strikes = |chance: f64| random.random::<f64>() < chance;
    let (is_wrong, is_twice) = (strikes(faults.wrong_digit), strikes(faults.paid_twice));
    let is_more = strikes(faults.over_paid);
    let reference =
        if is_wrong { with_a_wrong_digit(&payment.reference) } else { payment.reference.clone() };
    let amount = match payment.amount.minor() {
        Some(minor) if is_more => Money::of(minor + minor / 10, &payment.amount.currency),
        _ => payment.amount.clone(),
    };
    Sent {
        bank_id: payment.bank_id.clone(),
        reference,
        amount,
        times: if is_twice { 2 } else { 1 },
    }
}

/// One digit is another: the check digits (ISO 11649) find that.
fn with_a_wrong_digit(reference: &str) -> String {
    let Some(place) = reference.rfind(|c: char| c.is_ascii_digit()) else {
        return reference.to_owned();
    };
    let next = |digit: &str| digit.parse::<u8>().map_or(0, |digit| (digit + 1) % 10).to_string();
    let (before, rest) = reference.split_at(place);
    format!("{before}{}{}", next(&rest[..1]), &rest[1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_line_meets_the_faults_that_are_on() {
        let line = json!({"bankId": "b1", "reference": "RF18 5390 0754 7034", "amount": {"amount": "10.00", "currency": "DKK"}, "bookedOn": "2026-12-03"});
        let payment: Payment = serde_json::from_value(line).unwrap();
        let plain = spoiled(&payment, &Faults::default());
        assert_eq!((plain.reference.as_str(), plain.times), ("RF18 5390 0754 7034", 1));
        let all = Faults { wrong_digit: 1.0, paid_twice: 1.0, over_paid: 1.0, ..Faults::default() };
        let spoiled = spoiled(&payment, &all);
        assert_eq!((spoiled.reference.as_str(), spoiled.times), ("RF18 5390 0754 7035", 2));
        assert_eq!(spoiled.amount.amount, "11.00");
    }
}
