//! Which items a request is about. The emulator knows no prefix of a hierarchical partition key, and would answer with the
//! items of other tenants. Such requests are refused by name, also where the prefix is a span of effective partition keys.

use http::StatusCode;

use super::{
    Cosmos,
    message::{Call, Reply},
    partition_key::PartitionKey,
    ranges::{END, LAST, PARTITION_KEY, RANGE, START},
    resource::ContainerName,
};

/// Other ways to name a span or one effective partition key, which no request here needs.
const OTHERS: [&str; 3] = ["x-ms-start-id", "x-ms-end-id", "x-ms-effective-partition-key"];
/// Hexadecimal digits of each part of an effective partition key.
const PART_DIGITS: usize = 32;

impl Cosmos {
    /// Refuses a request about fewer items than the emulator would answer with.
    pub(super) async fn check_scope(&self, call: &Call, name: &ContainerName) -> Result<(), Reply> {
        let key = call.header(PARTITION_KEY).and_then(|key| PartitionKey::from_header(key).ok());
        let parts = key.map(|key| key.parts());
        let paths = self.containers.get(name).map(|container| container.partition_key_paths.len());
        if let (Some(parts), Some(paths)) = (parts, paths)
            && parts < paths
        {
            return Err(refusal("a prefix of a hierarchical partition key: name all of its parts"));
        }
        let is_span = call.headers.contains_key(START) || call.headers.contains_key(END);
        let is_other = OTHERS.iter().any(|name| call.headers.contains_key(*name));
        let is_hierarchical = paths.is_some_and(|paths| paths > 1);
        let is_whole = !is_span
            || !is_hierarchical
            || is_of_whole_keys(call, paths.unwrap_or_default())
            || self.is_whole_range(call, name).await;
        if is_other || !is_whole {
            return Err(refusal(
                "a span of effective partition keys that is no whole partition key range, such as that of a prefix of a \
                 hierarchical partition key: name the range with x-ms-documentdb-partitionkeyrangeid alone, or a whole \
                 partition key",
            ));
        }
        Ok(())
    }

    /// Whether the span takes in all of the range that the request names, or all ranges where it names none.
    async fn is_whole_range(&self, call: &Call, name: &ContainerName) -> bool {
        let start = call.header(START).unwrap_or_default();
        let end = call.header(END).unwrap_or(LAST);
        let Some(container) = self.containers.get(name) else { return false };
        let ranges = self.ranges(&container).await.unwrap_or_default();
        let asked = call.header(RANGE);
        let mut about =
            ranges.iter().filter(|range| asked.is_none_or(|asked| range.id == asked)).peekable();
        about.peek().is_some() && about.all(|range| range.is_within(start, end))
    }
}

/// Whether both ends have all parts of a hierarchical key, as the SDK names one key; one end of a prefix has fewer.
fn is_of_whole_keys(call: &Call, paths: usize) -> bool {
    [START, END]
        .iter()
        .all(|end| call.header(end).is_some_and(|text| text.len() == paths * PART_DIGITS))
}

/// 501, by name.
pub(super) fn refusal(what: &str) -> Reply {
    let message = format!("not implemented by the local Cosmos DB: {what}");
    Reply::error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", &message)
}
