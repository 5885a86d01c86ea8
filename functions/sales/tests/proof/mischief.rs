//! What goes wrong: who is killed how often, what services do wrong, and what vendor and mail service can do.

use crate::platform::{EMAIL, VENDOR};
use app_tests::proof::{Addresses, DATA, HOST, Odds, SERVICE_FAULTS};
use rand::{Rng, rngs::SmallRng, seq::IndexedRandom};
use serde_json::json;

pub(crate) const ODDS: Odds = Odds {
    victims: &[
        ("sales", 35),
        ("accounts", 10),
        ("profiles", 5),
        (HOST, 15),
        (DATA, 15),
        (VENDOR, 10),
        (EMAIL, 10),
    ],
    at_once: &[(1, 7), (2, 2), (4, 1)],
    faults: &SERVICE_FAULTS,
    spoiled: 0.5,
    mended: 0.2,
};

/// Each strikes some of the vendor's answers. A vendor that raises its prices would spoil all orders after it.
const VENDOR_FAULTS: [&str; 15] = [
    r#"{"loseAnswer": true}"#,
    r#"{"loseAnswer": true, "ordersTwice": true}"#,
    r#"{"hang": true, "operations": ["order"]}"#,
    r#"{"answerDelayMs": 3000}"#,
    r#"{"down": "internal-error"}"#,
    r#"{"down": "closed"}"#,
    r#"{"down": "server-busy"}"#,
    r#"{"throttle": {"every": 2}}"#,
    r#"{"throttle": {"every": 1, "retryAfterSeconds": 3}}"#,
    r#"{"activatingSeconds": 2}"#,
    r#"{"activatingSeconds": 2, "webhookTwice": 1}"#,
    r#"{"activatingSeconds": 2, "webhookLost": 1}"#,
    r#"{"activatingSeconds": 2, "webhookWronglySigned": 1}"#,
    r#"{"outOfStock": true}"#,
    r#"{"partialQuantity": true}"#,
];

/// Each strikes some mails.
const EMAIL_FAULTS: [&str; 9] = [
    r#"{"loseAnswer": true}"#,
    r#"{"hang": true}"#,
    r#"{"answerDelayMs": 3000}"#,
    r#"{"down": "server-busy"}"#,
    r#"{"down": "closed"}"#,
    r#"{"retryAfterSeconds": 2}"#,
    r#"{"runningSeconds": 3}"#,
    r#"{"reportTwice": true}"#,
    r#"{"reportEarly": true, "answerDelayMs": 500}"#,
];
/// Either of them in a run: a service that has forgotten a mail and sends it again would be believed in neither.
const FORGETFUL: [&str; 2] = [r#"{"loseOperation": "operation"}"#, r#"{"sendsAgain": true}"#];

/// Sometimes the vendor or the mail service changes its ways, or a round comes early.
pub(crate) async fn make(random: &mut SmallRng, seed: u64, addresses: &Addresses) {
    match random.random_range(0..100) {
        0..35 => addresses.spoil(random, VENDOR, &VENDOR_FAULTS).await,
        35..45 => addresses.put_faults(VENDOR, &json!({})).await,
        45..65 => addresses.spoil(random, EMAIL, &EMAIL_FAULTS).await,
        65..75 => {
            let ways = FORGETFUL[usize::from(seed.is_multiple_of(2))];
            addresses.spoil(random, EMAIL, &[ways]).await;
        }
        75..90 => addresses.start_timer(*TIMERS.choose(random).unwrap()).await,
        _ => {}
    }
}

/// What timers do each minute.
pub(crate) const TIMERS: [(&str, &str); 3] =
    [("sales", "drive"), ("sales", "verify_vendor"), ("sales", "poison_queues")];
