//! What goes wrong: who is killed how often, what services do wrong, and what only the bank can do.

use crate::platform::{BANK, PARTNER};
use app_tests::proof::{Addresses, DATA, HOST, Odds, SERVICE_FAULTS};
use rand::{Rng, rngs::SmallRng};
use serde_json::json;

pub(crate) const ODDS: Odds = Odds {
    victims: &[("credit", 35), ("scoring", 20), (HOST, 15), (DATA, 20), (BANK, 10), (PARTNER, 10)],
    at_once: &[(1, 7), (2, 2), (4, 1)],
    faults: &SERVICE_FAULTS,
    spoiled: 0.5,
    mended: 0.2,
};

/// Each strikes some of the bank's answers.
const BANK_FAULTS: [&str; 12] = [
    r#"{"down": "internal-error", "page": 2}"#,
    r#"{"down": "closed", "page": 3}"#,
    r#"{"down": "server-busy"}"#,
    r#"{"cutAtByte": 700}"#,
    r#"{"throttle": {"every": 2}}"#,
    r#"{"throttle": {"every": 1, "retryAfterSeconds": 3}}"#,
    r#"{"hang": true, "operations": ["accounts", "transactions"]}"#,
    r#"{"wrong": "malformed-json"}"#,
    r#"{"wrong": "html"}"#,
    r#"{"tokenExpires": true}"#,
    r#"{"duplicatePage": true}"#,
    r#"{"pendingTwins": true}"#,
];

/// Each strikes some of the webhooks.
const PARTNER_FAULTS: [&str; 7] = [
    r#"{"loseAnswer": true}"#,
    r#"{"status": 500}"#,
    r#"{"status": 429, "retryAfterSeconds": 7}"#,
    r#"{"redirectTo": "http://127.0.0.1:1/"}"#,
    r#"{"answerDelayMs": 2000}"#,
    r#"{"endlessBody": true}"#,
    r#"{"down": "closed"}"#,
];

/// Sometimes the bank or the partner changes its ways, or the round comes early.
pub(crate) async fn make(random: &mut SmallRng, addresses: &Addresses) {
    match random.random_range(0..100) {
        0..40 => addresses.spoil(random, BANK, &BANK_FAULTS).await,
        40..50 => addresses.put_faults(BANK, &json!({})).await,
        50..75 => addresses.spoil(random, PARTNER, &PARTNER_FAULTS).await,
        75..90 => addresses.start_timer(SWEEP).await,
        _ => {}
    }
}

/// What timers do each minute.
pub(crate) const SWEEP: (&str, &str) = ("credit", "sweep");
pub(crate) const POISON: [(&str, &str); 2] =
    [("credit", "poison_queues"), ("scoring", "poison_queues")];
