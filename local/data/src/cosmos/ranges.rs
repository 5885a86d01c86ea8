//! The partition key ranges of a container.

use http::Method;
use serde::Deserialize;

use super::{
    Cosmos,
    container::Container,
    message::{Call, Reply},
};

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

    /// An effective partition key within it. A span that begins and ends there takes in no item.
    pub(super) fn inner_key(&self) -> String {
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
}
