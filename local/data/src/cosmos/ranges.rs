//! The partition key ranges of a container.

use http::Method;
use serde::Deserialize;

use super::{
    Cosmos,
    container::Container,
    message::{Call, Reply},
};

/// Names the range that a request is about.
pub(super) const RANGE: &str = "x-ms-documentdb-partitionkeyrangeid";
pub(super) const PARTITION_KEY: &str = "x-ms-documentdb-partitionkey";
/// The span within it, as effective partition keys.
pub(super) const START: &str = "x-ms-start-epk";
pub(super) const END: &str = "x-ms-end-epk";
/// Above every effective partition key.
pub(super) const LAST: &str = "FF";

/// A range of effective partition keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Range {
    pub(super) id: String,
    /// Hexadecimal; empty is the least of all.
    min_inclusive: String,
    max_exclusive: String,
}

#[derive(Deserialize)]
struct Ranges {
    #[serde(rename = "PartitionKeyRanges")]
    ranges: Vec<Range>,
}

impl Range {
    /// Whether all of it lies within a span.
    pub(super) fn is_within(&self, start: &str, end: &str) -> bool {
        let [start, end, min, max] = [start, end, &self.min_inclusive, &self.max_exclusive]
            .map(|bound| bound.to_ascii_uppercase());
        start <= min && max <= end
    }

    /// Whether a request names it, and is about all of it.
    pub(super) fn is_asked_for(&self, call: &Call) -> bool {
        let start = call.header(START).unwrap_or_default();
        let end = call.header(END).unwrap_or(LAST);
        let is_named = call.header(RANGE) == Some(&self.id);
        is_named && !has_partition_key(call) && self.is_within(start, end)
    }

    /// An effective partition key within it. A span that begins and ends there takes in no item.
    fn inner_key(&self) -> String {
        format!("{}01", self.min_inclusive)
    }
}

impl Cosmos {
    /// The ranges of a container. An error is the emulator's answer.
    pub(super) async fn ranges<'a>(&self, container: &'a Container) -> Result<&'a [Range], Reply> {
        let asked = container.ranges.get_or_try_init(|| async {
            let name = &container.name;
            let path = ["dbs", &name.database, "colls", &name.container, "pkranges"];
            let reply = self.emulator.execute(&Call::to(Method::GET, &path)).await;
            serde_json::from_slice(&reply.body).map(|read: Ranges| read.ranges).map_err(|_| reply)
        });
        asked.await.map(Vec::as_slice)
    }

    /// What the emulator answers to a request about no item at all of a range: session, sequence number, and so on.
    pub(super) async fn without_items(&self, call: Call, range: &Range) -> Reply {
        let inner = range.inner_key();
        let call = call
            .with(START, &inner)
            .with(END, &inner)
            .with("x-ms-read-key-type", "EffectivePartitionKeyRange");
        self.emulator.execute(&call).await
    }
}

/// Whether a request is about one partition key.
pub(super) fn has_partition_key(call: &Call) -> bool {
    call.header(PARTITION_KEY).is_some_and(|key| !matches!(key.trim(), "" | "[]"))
}
