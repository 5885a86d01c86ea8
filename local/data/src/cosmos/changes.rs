//! What a write did, read out of the emulator's reply to it.

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::{
    document_key::DocumentKey,
    message::Reply,
    partition_key::PartitionKey,
    persistence::{Change, Position, StoredDocument},
    resource::Write,
    writes::WriteCall,
};

/// One document after a write.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    pub(super) key: DocumentKey,
    /// None when the write removed it.
    pub(super) document: Option<Document>,
}

/// A document as it was written.
#[derive(Debug, PartialEq)]
pub(super) struct Document {
    /// JSON text with the system properties.
    pub(super) body: Bytes,
    /// Unix seconds of the write, its `_ts`.
    pub(super) ts: i64,
    /// Seconds that it says it lives.
    pub(super) ttl: Option<i64>,
}

impl Written {
    /// The change to keep.
    pub(super) fn into_change(self, position: Position, written_at: i64) -> Change {
        match self.document {
            Some(Document { body, .. }) => {
                Change::Put(self.key, StoredDocument { position, written_at, body })
            }
            None => Change::Remove(self.key),
        }
    }
}

/// The parts of a document that the adapter reads.
#[derive(Deserialize)]
struct Known {
    id: String,
    #[serde(rename = "_ts", default)]
    ts: i64,
    #[serde(default)]
    ttl: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchOperation {
    operation_type: String,
    #[serde(default)]
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchResult {
    #[serde(default)]
    resource_body: Option<Value>,
}

/// The documents that a successful write wrote and removed, in its order.
pub(super) fn written(
    write: &WriteCall,
    container: u64,
    partition_key: &PartitionKey,
    reply: &Reply,
) -> Result<Vec<Written>, Reply> {
    let key = |id: &str| DocumentKey::new(container, partition_key, id);
    match write.write {
        // 207: an operation failed, and with it all of them.
        Write::Batch if reply.status == StatusCode::MULTI_STATUS => Ok(Vec::new()),
        Write::Batch => batch(&write.call.body, &reply.body, key),
        Write::Delete => {
            let id = write.id.as_deref().unwrap_or_default();
            Ok(vec![Written { key: key(id), document: None }])
        }
        Write::Create | Write::Upsert | Write::Replace | Write::Patch => {
            let put = put(reply.body.clone(), key)?;
            let renamed = write.id.as_deref().map(key).filter(|before| *before != put.key);
            let removed = renamed.map(|key| Written { key, document: None });
            Ok(removed.into_iter().chain([put]).collect())
        }
    }
}

fn put(body: Bytes, key: impl Fn(&str) -> DocumentKey) -> Result<Written, Reply> {
    let Known { id, ts, ttl } = serde_json::from_slice(&body).map_err(|e| unreadable(&e))?;
    let document = Document { body, ts, ttl: ttl.and_then(|ttl| ttl.as_i64()) };
    Ok(Written { key: key(&id), document: Some(document) })
}

/// The last word on each document of a batch, in the order in which they were first written.
fn batch(
    operations: &[u8],
    results: &[u8],
    key: impl Fn(&str) -> DocumentKey,
) -> Result<Vec<Written>, Reply> {
    let operations: Vec<BatchOperation> =
        serde_json::from_slice(operations).map_err(|e| unreadable(&e))?;
    let results: Vec<BatchResult> = serde_json::from_slice(results).map_err(|e| unreadable(&e))?;
    let mut last: Vec<Written> = Vec::new();
    for (operation, result) in operations.into_iter().zip(results) {
        let written = match (operation.operation_type.as_str(), result.resource_body) {
            ("Read", _) => continue,
            ("Delete", _) => {
                Written { key: key(&operation.id.unwrap_or_default()), document: None }
            }
            (_, Some(body)) => put(body.to_string().into(), &key)?,
            (_, None) => continue,
        };
        match last.iter_mut().find(|before| before.key == written.key) {
            Some(before) => *before = written,
            None => last.push(written),
        }
    }
    Ok(last)
}

/// Takes out of a reply the documents that were written, when the client did not want them back.
pub(super) fn without_content(write: &WriteCall, reply: &mut Reply) {
    if !reply.status.is_success() {
        return;
    }
    if write.write != Write::Batch {
        reply.body = Bytes::new();
        return;
    }
    let operations: Vec<BatchOperation> =
        serde_json::from_slice(&write.call.body).unwrap_or_default();
    let Ok(mut results) = serde_json::from_slice::<Vec<Value>>(&reply.body) else {
        return;
    };
    for (operation, result) in operations.iter().zip(&mut results) {
        if let (false, Some(result)) = (operation.operation_type == "Read", result.as_object_mut())
        {
            result.remove("resourceBody");
        }
    }
    reply.body = Value::Array(results).to_string().into();
}

fn unreadable(error: &serde_json::Error) -> Reply {
    let message = format!("the emulator's reply to a write cannot be read: {error}");
    Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
}
