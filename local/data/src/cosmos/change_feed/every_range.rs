//! The change feed of a whole container by one request that names no range. The emulator merges the ranges by
//! numbers that each range counts for itself, so that a change could be skipped; here they are read in turn.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::set_etag;
use crate::cosmos::{
    Cosmos,
    container::Container,
    message::{Call, Reply},
    ranges::{END, PARTITION_KEY, RANGE, START, has_partition_key},
};

/// The positions in all ranges.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Positions {
    /// Range id to the ETag of that range; a range that was not read yet has none.
    ranges: BTreeMap<String, String>,
    /// Where ranges without a position start: the `If-Modified-Since` of the first request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The range that is read first next time, so that a busy one does not keep the others waiting.
    next: usize,
}

/// Whether a request names neither a range nor a partition key nor a span of them.
pub(super) fn is_asked_for(call: &Call) -> bool {
    let named = [RANGE, START, END].iter().any(|name| call.headers.contains_key(*name));
    !named && !has_partition_key(call)
}

impl Cosmos {
    /// Reads the ranges in turn until one of them has changes; 304 when none has.
    pub(super) async fn read_every_range(&self, call: &Call, container: &Container) -> Reply {
        let ranges = match self.ranges(container).await {
            Ok(ranges) => ranges,
            Err(reply) => return reply,
        };
        let held = call.header("if-none-match");
        let mut positions: Positions =
            held.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        // From now on: every range must say where its now is before the first write after it.
        let now = held == Some("*");
        if held.is_none() {
            positions.since = call.header("if-modified-since").map(str::to_owned);
        }
        let mut answer = None;
        for turn in 0..ranges.len() {
            let index = (positions.next + turn) % ranges.len();
            let range = &ranges[index].id;
            let sub_call = range_call(call, range, &positions, now);
            let reply = self.read_range(sub_call, container).await.unwrap_or_else(|answer| answer);
            if let Some(etag) = reply.header("etag") {
                positions.ranges.insert(range.clone(), etag.to_owned());
            }
            let nothing_new = reply.status == StatusCode::NOT_MODIFIED;
            answer = Some(reply);
            if !nothing_new && !now {
                positions.next = index + 1;
                break;
            }
        }
        let mut answer =
            answer.unwrap_or_else(|| Reply::error(StatusCode::NOT_FOUND, "NotFound", "no ranges"));
        answer.headers.remove(RANGE);
        if answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED {
            set_etag(&mut answer, &serde_json::to_string(&positions).expect("texts are JSON"));
        }
        answer
    }
}

fn range_call(call: &Call, range: &str, positions: &Positions, now: bool) -> Call {
    let mut call = call.clone().with(RANGE, range);
    call.headers.remove(PARTITION_KEY);
    call.headers.remove("x-ms-continuation");
    if let Some(etag) = positions.ranges.get(range) {
        call.set("if-none-match", etag);
    } else if !now {
        call.headers.remove("if-none-match");
        if let Some(since) = &positions.since {
            call.set("if-modified-since", since);
        }
    }
    call
}
