//! Simulated faults: what is on, and switches for the usual ones.

use askama::Template;
use serde::Serialize;

use super::{Visit, frame::Frame};
use crate::ActiveFault;

/// What is wanted most often, by what it is for.
const USUAL: [(&str, &str); 11] = [
    ("Throttle Cosmos DB, 5 times", "cosmos=throttle:next:5"),
    ("Cosmos DB fails now and then", "cosmos=fail:chance:0.2"),
    ("Cosmos DB is slow", "cosmos=delay:500ms"),
    ("Cosmos DB loses the answer of a write", "cosmos=lose:nth:1:writes"),
    ("Stop Cosmos DB", "cosmos=stop"),
    ("Stop Blob", "blob=stop"),
    ("Stop Queue", "queue=stop"),
    ("Throttle Queue, 5 times", "queue=throttle:next:5"),
    ("Deliver 3 messages twice", "messages=duplicate:3"),
    ("Delay messages", "messages=delay:2s"),
    ("Set the clock back", "clock=skew:-1h"),
];

#[derive(Template, Serialize)]
#[template(path = "faults.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Faults {
    #[serde(skip)]
    frame: Frame,
    faults: Vec<ActiveFault>,
    #[serde(skip)]
    usual: [(&'static str, &'static str); 11],
}

impl Faults {
    pub(super) fn of(visit: &Visit) -> Self {
        Self {
            frame: Frame::new(visit, "Faults", "faults"),
            faults: visit.page.faults.list(),
            usual: USUAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultSpec;

    #[test]
    fn the_usual_faults_can_be_switched_on() {
        for (name, spec) in USUAL {
            assert!(spec.parse::<FaultSpec>().is_ok(), "{name}");
        }
    }
}
