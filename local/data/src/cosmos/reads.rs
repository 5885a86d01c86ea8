//! Reading documents: what is over is not there, and what was read back wears its earlier stamps.

use super::{
    Cosmos,
    document_key::DocumentKey,
    message::{Call, Reply},
    partition_key::PartitionKey,
    query_text,
    resource::{ContainerName, is_plan},
};

/// Items on a page when the client names no number, as in Azure.
/// <https://learn.microsoft.com/rest/api/cosmos-db/query-documents>
pub(super) const DEFAULT_PAGE: &str = "100";

impl Cosmos {
    /// Reads one document.
    pub(super) async fn read(&self, call: &Call, name: &ContainerName, id: &str) -> Reply {
        self.remove_when_over(call, name, id).await;
        let mut reply = match call.header("if-none-match").map(|etag| self.earlier.to_current(etag))
        {
            Some(etag) if call.header("if-none-match") != Some(&etag) => {
                let translated = call.clone().with("if-none-match", &etag);
                self.emulator.execute(&translated).await
            }
            _ => self.emulator.execute(call).await,
        };
        self.earlier.restore_one(&mut reply);
        reply
    }

    /// Lists or queries documents, a page at a time.
    pub(super) async fn list(&self, mut call: Call, name: &ContainerName) -> Reply {
        // Without a limit the emulator answers with everything; a client that forgets to follow the continuation
        // would work here and lose items in Azure.
        if !call.headers.contains_key("x-ms-max-item-count") {
            call.set("x-ms-max-item-count", DEFAULT_PAGE);
        }
        let now = self.clock.now();
        if self.deadlines.any_due(now.as_second()) {
            self.step(now).await;
        }
        if is_plan(&call.headers) {
            let mut reply = self.emulator.execute(&call).await;
            query_text::restore_plan(&mut reply);
            return reply;
        }
        let mut reply = match self.list_by_ids(&call, name).await {
            Some(reply) => reply,
            None => self.emulator.look_through(call).await,
        };
        self.earlier.restore_all(&mut reply);
        reply
    }

    async fn remove_when_over(&self, call: &Call, name: &ContainerName, id: &str) {
        let now = self.clock.now().as_second();
        if !self.deadlines.any_due(now) {
            return;
        }
        let Some(container) = self.containers.get(name) else {
            return;
        };
        // A key that cannot be read is refused by the emulator.
        let Some(Ok(partition_key)) =
            call.header("x-ms-documentdb-partitionkey").map(PartitionKey::from_header)
        else {
            return;
        };
        let key = DocumentKey::new(container.number, &partition_key, id);
        if self.deadlines.is_due(&key, now) {
            self.expire(&key, now).await;
        }
    }
}
