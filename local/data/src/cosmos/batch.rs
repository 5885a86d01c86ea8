//! Batches that are done as a whole: Azure's rules for their items, ETags of earlier runs, and the one operation
//! that the emulator does not know in a batch, Patch.
//! <https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch>

use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    Cosmos,
    container::Container,
    emulator::Emulator,
    message::{Call, Reply},
    rules::{self, bad_request},
    writes::WriteCall,
};

impl Cosmos {
    /// Brings a batch into the form that the emulator knows. The caller has the turn of its partition key. An error
    /// is the answer: an operation fails, and with it all of them.
    pub(super) async fn prepare_batch(
        &self,
        container: &Container,
        write: &mut WriteCall,
    ) -> Result<(), Reply> {
        let Ok(mut operations) = serde_json::from_slice::<Vec<Value>>(&write.call.body) else {
            // Refused by the emulator.
            return Ok(());
        };
        for operation in &mut operations {
            if let Some(item) = operation.get("resourceBody").filter(|item| item.is_object()) {
                rules::check_item(item.to_string().as_bytes())?;
            }
            if is_patch(operation) && operation["resourceBody"]["condition"].is_string() {
                return Err(bad_request(
                    "a Patch with a condition is not supported inside a batch here",
                ));
            }
            self.translate_conditions(operation);
        }
        if operations.iter().any(is_patch) {
            self.replace_patches(container, write, &mut operations).await?;
        }
        write.call.body = Value::Array(operations).to_string().into();
        Ok(())
    }

    /// Clients know documents that were read back by their earlier ETags.
    fn translate_conditions(&self, operation: &mut Value) {
        for name in ["ifMatch", "ifNoneMatch"] {
            if let Some(Value::String(etag)) = operation.get_mut(name) {
                *etag = self.earlier.to_current(etag);
            }
        }
        if operation.get("ifMatch").is_some_and(|etag| etag == "*")
            && let Some(operation) = operation.as_object_mut()
        {
            // Any version will do; the emulator would compare it as an ETag.
            operation.remove("ifMatch");
        }
    }

    /// Turns each Patch into the Replace that it amounts to, given what the operations before it did.
    async fn replace_patches(
        &self,
        container: &Container,
        write: &WriteCall,
        operations: &mut [Value],
    ) -> Result<(), Reply> {
        let mut written: HashMap<String, Value> = HashMap::new();
        let count = operations.len();
        for (index, operation) in operations.iter_mut().enumerate() {
            let id = operation["id"]
                .as_str()
                .or(operation["resourceBody"]["id"].as_str())
                .unwrap_or_default()
                .to_owned();
            if is_patch(operation) {
                let before = match written.get(&id) {
                    Some(document) => Ok(document.clone()),
                    None => self.current(container, write, &id).await,
                };
                let instructions =
                    operation.get_mut("resourceBody").map(Value::take).unwrap_or_default();
                let patched = match before {
                    Ok(before) => patched(before, instructions).await,
                    Err(status) => Err(status),
                };
                let patched = patched.map_err(|status| failed(count, index, status))?;
                operation["operationType"] = "Replace".into();
                operation["resourceBody"] = patched;
            }
            match operation["operationType"].as_str() {
                Some("Delete") => written.insert(id, Value::Null),
                Some("Read") | None => None,
                Some(_) => written.insert(id, operation["resourceBody"].clone()),
            };
        }
        Ok(())
    }

    async fn current(
        &self,
        container: &Container,
        write: &WriteCall,
        id: &str,
    ) -> Result<Value, StatusCode> {
        let name = &container.name;
        let key = write.call.header("x-ms-documentdb-partitionkey").unwrap_or_default();
        let read =
            Call::to(Method::GET, &["dbs", &name.database, "colls", &name.container, "docs", id])
                .with("x-ms-documentdb-partitionkey", key);
        document(&self.emulator.execute(&read).await)
    }
}

fn is_patch(operation: &Value) -> bool {
    operation["operationType"] == "Patch"
}

/// Lets an emulator of its own patch a document, so that the rules are the emulator's.
async fn patched(document_before: Value, instructions: Value) -> Result<Value, StatusCode> {
    if document_before.is_null() {
        return Err(StatusCode::NOT_FOUND);
    }
    let instructions =
        if instructions.is_array() { json!({ "operations": instructions }) } else { instructions };
    let id = document_before["id"].as_str().unwrap_or_default().to_owned();
    let key = json!([id]).to_string();
    let bench =
        Emulator::new("http://127.0.0.1/").map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let container =
        json!({ "id": "c", "partitionKey": { "paths": ["/id"], "kind": "Hash", "version": 2 } });
    let documents = ["dbs", "d", "colls", "c", "docs"];
    let mut last = Err(StatusCode::INTERNAL_SERVER_ERROR);
    for (method, path, body) in [
        (Method::POST, &["dbs"][..], json!({ "id": "d" })),
        (Method::POST, &["dbs", "d", "colls"], container),
        (Method::POST, &documents, document_before),
        (Method::PATCH, &["dbs", "d", "colls", "c", "docs", &id], instructions),
    ] {
        let mut call = Call::to(method, path).with("x-ms-documentdb-partitionkey", &key);
        call.body = Bytes::from(body.to_string());
        last = document(&bench.execute(&call).await);
    }
    last
}

fn document(reply: &Reply) -> Result<Value, StatusCode> {
    if !reply.status.is_success() {
        return Err(reply.status);
    }
    serde_json::from_slice(&reply.body).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// The answer to a batch of which one operation cannot be done.
fn failed(count: usize, index: usize, status: StatusCode) -> Reply {
    let result = |n: usize| {
        let status = if n == index { status } else { StatusCode::FAILED_DEPENDENCY };
        json!({ "statusCode": status.as_u16(), "requestCharge": 1.0 })
    };
    Reply::json(StatusCode::MULTI_STATUS, &Value::Array((0..count).map(result).collect()))
}
