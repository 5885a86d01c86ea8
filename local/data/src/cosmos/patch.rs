//! PATCH, in the forms that SDKs send and with the condition that the emulator ignores.
//! <https://learn.microsoft.com/azure/cosmos-db/partial-document-update>

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    Cosmos,
    container::Container,
    message::{Call, Reply},
    query_text,
    rules::bad_request,
    writes::WriteCall,
};

/// Cosmos DB's substatus of 412 when the condition of a patch is not met.
const CONDITION_NOT_MET: u16 = 1110;

/// Brings the body into the form the emulator knows, and holds the document to the condition. The caller has the
/// turn of the document's partition key.
pub(super) async fn prepare(
    cosmos: &Cosmos,
    container: &Container,
    write: &mut WriteCall,
) -> Result<(), Reply> {
    if write.call.body.trim_ascii_start().starts_with(b"[") {
        // Node sends the operations alone.
        write.call.body = [b"{\"operations\":".as_slice(), &write.call.body, b"}"].concat().into();
        return Ok(());
    }
    let condition = serde_json::from_slice::<Value>(&write.call.body)
        .ok()
        .and_then(|mut body| body.get_mut("condition").map(Value::take));
    match condition {
        Some(Value::String(condition)) => hold(cosmos, container, write, &condition).await,
        Some(Value::Null) | None => Ok(()),
        Some(other) => Err(bad_request(&format!(
            "the condition of a patch is a text such as \"FROM c WHERE c.n = 1\", not {other}"
        ))),
    }
}

/// Asks whether the document is among those that the condition, the rest of a query, finds.
async fn hold(
    cosmos: &Cosmos,
    container: &Container,
    write: &WriteCall,
    condition: &str,
) -> Result<(), Reply> {
    let name = &container.name;
    let partition_key =
        write.call.header("x-ms-documentdb-partitionkey").unwrap_or_default().to_owned();
    let mut query =
        Call::to(Method::POST, &["dbs", &name.database, "colls", &name.container, "docs"])
            .with("x-ms-documentdb-isquery", "true")
            .with("content-type", "application/query+json")
            .with("x-ms-documentdb-partitionkey", &partition_key);
    query.body = Bytes::from(json!({ "query": format!("SELECT * {}", query_text::for_emulator(condition)), "parameters": [] }).to_string());
    let reply = cosmos.emulator.execute(&query).await;
    if !reply.status.is_success() {
        return Err(reply);
    }
    let found: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let documents = found["Documents"].as_array().map(Vec::as_slice).unwrap_or_default();
    if documents.iter().any(|document| document["id"].as_str() == write.id.as_deref()) {
        return Ok(());
    }
    let exists = cosmos.emulator.execute(&read_of(write)).await;
    if exists.status == StatusCode::NOT_FOUND {
        return Err(exists);
    }
    let message =
        "One of the specified pre-condition is not met: the condition of the patch is false.";
    Err(Reply::error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
        .with("x-ms-substatus", CONDITION_NOT_MET))
}

fn read_of(write: &WriteCall) -> Call {
    let mut read = write.call.clone();
    read.method = Method::GET;
    read.body = Bytes::new();
    read.headers.remove("if-match");
    read.headers.remove("if-none-match");
    read
}
