//! How far behind the mainframe is.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::intake::{Machine, Totals, Waiting};

/// How long a look at the queue may take.
const LOOK_DEADLINE: Duration = Duration::from_secs(2);

/// `GET /status`, and the head of the page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    /// Whether messages are taken: `open`, `closed` outside of the window, `down` by the switch.
    pub(super) state: &'static str,
    /// When the window opens, if it is closed.
    pub(super) opens_at: Option<Timestamp>,
    pub(super) records: usize,
    /// Whether the records outlive this process.
    pub(super) durable: bool,
    /// How many messages wait in `legacy-outbox`, about; `null` when the queue cannot be looked at.
    pub(super) waiting: Option<u64>,
    /// For how long the oldest of them has been waiting, in seconds.
    pub(super) oldest_waiting_seconds: Option<i64>,
    /// Since the start.
    pub(super) totals: Totals,
}

impl Status {
    pub(super) async fn of(machine: &Machine) -> Self {
        let now = machine.clock.now();
        let looked = tokio::time::timeout(LOOK_DEADLINE, machine.waiting()).await;
        let waiting: Option<Waiting> = looked.ok().and_then(Result::ok);
        let window = machine.controls.pace().window;
        let is_open = window.is_open(now);
        let state = match (machine.controls.faults().down, is_open) {
            (true, _) => "down",
            (false, true) => "open",
            (false, false) => "closed",
        };
        let oldest = waiting.as_ref().and_then(|waiting| waiting.oldest);
        let ledger = machine.ledger();
        Self {
            state,
            opens_at: (!is_open).then(|| window.opens_at(now)),
            records: ledger.len(),
            durable: ledger.is_durable(),
            waiting: waiting.map(|waiting| waiting.messages),
            oldest_waiting_seconds: oldest
                .map(|oldest| now.duration_since(oldest).as_secs().max(0)),
            totals: machine.counts.totals(),
        }
    }
}
