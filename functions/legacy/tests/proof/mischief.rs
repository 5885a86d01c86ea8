//! What goes wrong: who is killed how often, what services do wrong, and what only the mainframe and operators can do.

use crate::platform::MAINFRAME;
use app_tests::proof::{Addresses, DATA, HOST, Odds};
use rand::{Rng, rngs::SmallRng};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const ODDS: Odds = Odds {
    victims: &[("legacy", 35), ("profiles", 10), (HOST, 20), (DATA, 20), (MAINFRAME, 15)],
    at_once: &[(1, 7), (2, 2), (4, 1)],
    faults: &[
        "cosmos=fail:chance:0.1",
        "cosmos=unavailable:chance:0.2",
        "cosmos=throttle:200ms:chance:0.2",
        "cosmos=stop:chance:0.1",
        "queue=fail:chance:0.2",
        "queue=stop:chance:0.2",
        "queue=unavailable",
        "blob=fail",
        "blob=stop",
        "blob=unavailable:chance:0.5",
        "queue=delay:100ms:chance:0.3",
        "messages=duplicate:10",
        "messages=delay:150ms",
        "messages=duplicate:50",
    ],
    spoiled: 0.35,
    mended: 0.15,
};
const MAINFRAME_FAULTS: [&str; 6] = ["busy", "twice", "late", "never", "outOfOrder", "takeTwice"];

/// Sometimes the mainframe changes its ways, the timer runs early, or everything is sent once more.
pub(crate) async fn make(random: &mut SmallRng, addresses: &Addresses) {
    match random.random_range(0..100) {
        0..20 => {
            let faults = some_mainframe_faults(random);
            addresses.put_faults(MAINFRAME, &faults).await;
        }
        20..35 => addresses.start_timer(RECONCILE).await,
        35..36 => {
            let everything = json!({"everything": true});
            let resend = addresses.json(Method::POST, "/ops/v1/legacy/resend", &everything);
            addresses.send(resend).await;
        }
        _ => {}
    }
}

/// What the timer does each minute.
pub(crate) const RECONCILE: (&str, &str) = ("legacy", "reconcile");

fn some_mainframe_faults(random: &mut SmallRng) -> Value {
    let mut faults = json!({"lateSeconds": 2});
    for name in MAINFRAME_FAULTS {
        if random.random_bool(0.5) {
            faults[name] = json!(0.2);
        }
    }
    if random.random_bool(0.3) {
        faults["refuse"] = json!(["MF-1043", "MF-1044"]);
    }
    faults
}
