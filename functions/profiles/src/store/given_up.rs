//! Messages that a function gave up, each with the reason. Nothing removes them but a person.

use super::claims::sha256_hex;
use iommi_app::{Container, Cosmos, CosmosFailure, Refusal};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct GivenUpMessages(Container);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GivenUpMessage<'a> {
    pub(crate) function: &'a str,
    pub(crate) reason: &'a str,
    /// As it came.
    pub(crate) message: &'a str,
    /// To be found in the logs by.
    pub(crate) trace_id: &'a str,
    pub(crate) given_up_at: Timestamp,
}

#[derive(Serialize)]
struct Document<'a> {
    id: &'a str,
    #[serde(flatten)]
    message: GivenUpMessage<'a>,
}

impl GivenUpMessages {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self(cosmos.container("given-up"))
    }

    /// Keeps the message. The same message again is the same document.
    pub(crate) async fn keep(&self, message: GivenUpMessage<'_>) -> Result<(), CosmosFailure> {
        let id = sha256_hex(format!("{}\n{}", message.function, message.message).as_bytes());
        match self.0.create(&id, &id, &Document { id: &id, message }).await {
            Ok(_) | Err(Refusal::Changed) => Ok(()),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }
}
