//! Bulk: a list of operations that share nothing but the request. The emulator knows only batches that are done
//! as a whole, so each operation is done here as the request it could have been.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Cosmos,
    message::{Call, Reply},
    resource::{ContainerName, Write},
    rules::bad_request,
    writes::WriteCall,
};

/// Operations in one request.
const MAX_OPERATIONS: usize = 100;
/// What a request of one document has no use for.
const BATCH_HEADERS: [&str; 4] = [
    "x-ms-cosmos-is-batch-request",
    "x-ms-cosmos-batch-atomic",
    "x-ms-cosmos-batch-continue-on-error",
    "x-ms-documentdb-partitionkeyrangeid",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    operation_type: String,
    #[serde(default)]
    id: Option<String>,
    /// The header's text.
    #[serde(default)]
    partition_key: Option<String>,
    #[serde(default)]
    resource_body: Option<Value>,
    #[serde(default)]
    if_match: Option<String>,
    #[serde(default)]
    if_none_match: Option<String>,
}

/// Whether a batch is one of operations that do not depend on each other.
pub(super) fn is_bulk(write: &WriteCall) -> bool {
    let atomic = write.call.header("x-ms-cosmos-batch-atomic");
    write.write == Write::Batch && atomic.is_some_and(|atomic| atomic.eq_ignore_ascii_case("false"))
}

/// Does each operation in its order, and answers with all the results.
pub(super) async fn write_each(cosmos: &Cosmos, bulk: &WriteCall) -> Reply {
    let operations: Vec<Operation> = match serde_json::from_slice(&bulk.call.body) {
        Ok(operations) => operations,
        Err(error) => {
            return bad_request(&format!(
                "the operations of the bulk request cannot be read: {error}"
            ));
        }
    };
    if operations.len() > MAX_OPERATIONS {
        let message = format!(
            "a bulk request has at most {MAX_OPERATIONS} operations, not {}",
            operations.len()
        );
        return bad_request(&message);
    }
    let stops = bulk
        .call
        .header("x-ms-cosmos-batch-continue-on-error")
        .is_some_and(|v| v.eq_ignore_ascii_case("false"));
    let mut results = Vec::with_capacity(operations.len());
    let mut failed = false;
    for operation in operations {
        if failed && stops {
            results.push(
                json!({ "statusCode": StatusCode::FAILED_DEPENDENCY.as_u16(), "requestCharge": 0 }),
            );
            continue;
        }
        let reply = match request_of(operation, bulk) {
            Ok(Single::Write(write)) => Box::pin(cosmos.write_one(write)).await,
            Ok(Single::Read(call, name, id)) => Box::pin(cosmos.read(&call, &name, &id)).await,
            Err(refusal) => refusal,
        };
        failed |= !reply.status.is_success();
        results.push(result_of(&reply));
    }
    let status = if failed { StatusCode::MULTI_STATUS } else { StatusCode::OK };
    Reply::json(status, &Value::Array(results))
}

/// An operation as a request of its own.
enum Single {
    Write(WriteCall),
    Read(Call, ContainerName, String),
}

fn request_of(operation: Operation, bulk: &WriteCall) -> Result<Single, Reply> {
    let (method, write) = match operation.operation_type.as_str() {
        "Create" => (Method::POST, Some(Write::Create)),
        "Upsert" => (Method::POST, Some(Write::Upsert)),
        "Replace" => (Method::PUT, Some(Write::Replace)),
        "Patch" => (Method::PATCH, Some(Write::Patch)),
        "Delete" => (Method::DELETE, Some(Write::Delete)),
        "Read" => (Method::GET, None),
        other => return Err(bad_request(&format!("the bulk operation {other} is not supported"))),
    };
    let name = bulk.name.clone();
    let mut segments = vec!["dbs", &name.database, "colls", &name.container, "docs"];
    if !matches!(write, Some(Write::Create | Write::Upsert)) {
        segments.push(
            operation.id.as_deref().ok_or_else(|| bad_request("a bulk operation has no id"))?,
        );
    }
    let mut call = Call::to(method, &segments);
    call.headers = bulk.call.headers.clone();
    for name in BATCH_HEADERS {
        call.headers.remove(name);
    }
    let conditions = [
        ("x-ms-documentdb-partitionkey", operation.partition_key),
        ("if-match", operation.if_match),
        ("if-none-match", operation.if_none_match),
    ];
    for (name, value) in conditions {
        if let Some(value) = value {
            call.set(name, &value);
        }
    }
    if write == Some(Write::Upsert) {
        call.set("x-ms-documentdb-is-upsert", "true");
    }
    call.body =
        operation.resource_body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let id = operation.id;
    Ok(match write {
        Some(write @ (Write::Create | Write::Upsert)) => {
            Single::Write(WriteCall { call, name, id: None, write })
        }
        Some(write) => Single::Write(WriteCall { call, name, id, write }),
        None => Single::Read(call, name, id.unwrap_or_default()),
    })
}

fn result_of(reply: &Reply) -> Value {
    let charge: f64 = reply
        .header("x-ms-request-charge")
        .and_then(|charge| charge.parse().ok())
        .unwrap_or_default();
    let mut result = json!({ "statusCode": reply.status.as_u16(), "requestCharge": charge });
    if let Some(etag) = reply.header("etag") {
        result["eTag"] = etag.into();
    }
    if reply.status.is_success()
        && let Ok(body) = serde_json::from_slice::<Value>(&reply.body)
    {
        result["resourceBody"] = body;
    }
    result
}
