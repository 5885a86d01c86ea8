//! A conditional write that its own first try refuses: the answer of that was lost on its way, and the SDK, which could
//! not know, sent it again. What is stored then is exactly what was to be stored.

use azure_data::{Container, Etag, WriteError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Stores `document` in the place of the one that `etag` names, or finds that it did.
pub(super) async fn replace<T: Serialize + DeserializeOwned + Sync>(
    container: &Container,
    partition: &str,
    id: &str,
    document: &T,
    etag: &Etag,
) -> Result<Etag, WriteError> {
    match container.replace(partition, id, document, etag).await {
        Err(WriteError::Conflict) => {}
        answered => return answered,
    }
    let stored = container.read::<Value>(partition, id).await?;
    let ours = stored.filter(|stored| is_same(&stored.value, document));
    ours.map(|ours| ours.etag).ok_or(WriteError::Conflict)
}

/// Whether this is the document, apart from what Cosmos DB adds.
fn is_same<T: Serialize + DeserializeOwned>(stored: &Value, document: &T) -> bool {
    let Ok(stored) = T::deserialize(stored) else { return false };
    match (serde_json::to_value(stored), serde_json::to_value(document)) {
        (Ok(stored), Ok(document)) => stored == document,
        _ => false,
    }
}
