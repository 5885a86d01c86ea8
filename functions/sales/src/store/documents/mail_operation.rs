use super::SCHEMA_VERSION;
use crate::domain::{MailOperation, OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use values::moment;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct MailOperationDocument {
    id: Uuid,
    schema_version: u32,
    order_id: OrderId,
    #[serde(with = "moment")]
    slot: Timestamp,
    #[serde(default, with = "moment::optional")]
    sent_at: Option<Timestamp>,
    #[serde(default, with = "moment::optional")]
    accepted_at: Option<Timestamp>,
}

impl From<&MailOperation> for MailOperationDocument {
    fn from(operation: &MailOperation) -> Self {
        let MailOperation { id, order, slot, sent_at, accepted_at } = *operation;
        Self { id, schema_version: SCHEMA_VERSION, order_id: order, slot, sent_at, accepted_at }
    }
}

impl From<MailOperationDocument> for MailOperation {
    fn from(document: MailOperationDocument) -> Self {
        let MailOperationDocument { id, order_id, slot, sent_at, accepted_at, .. } = document;
        Self { id, order: order_id, slot, sent_at, accepted_at }
    }
}
