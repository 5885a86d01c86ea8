//! Clients of the SDK, for a namespace on this machine.

use std::{sync::Arc, time::Duration};

use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::OffsetDateTime,
};
use azure_messaging_eventhubs::{
    ConsumerClient, EventReceiver, OpenReceiverOptions, ProducerClient, StartLocation,
    StartPosition,
};

use crate::Failure;

const HOST: &str = "127.0.0.1";

/// A token that is good on this machine.
#[derive(Debug)]
struct Anybody;

#[async_trait::async_trait]
impl TokenCredential for Anybody {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        assert_eq!(scopes, ["https://eventhubs.azure.net/.default"]);
        let hour = Duration::from_secs(3_600);
        Ok(AccessToken::new("anybody".to_owned(), OffsetDateTime::now_utc() + hour))
    }
}

pub(crate) async fn producer(amqp: &str, hub: &str) -> Result<ProducerClient, Failure> {
    let builder = ProducerClient::builder().with_custom_endpoint(format!("amqp://{amqp}"));
    Ok(builder.open(HOST, hub, Arc::new(Anybody)).await?)
}

/// Reads a partition from its first event on.
pub(crate) async fn receiver(
    amqp: &str,
    hub: &str,
    partition: &str,
) -> Result<EventReceiver, Failure> {
    let builder = ConsumerClient::builder().with_custom_endpoint(format!("amqp://{amqp}"));
    let client = builder.open(HOST, hub.to_owned(), Arc::new(Anybody)).await?;
    let start = StartPosition { location: StartLocation::Earliest, ..Default::default() };
    let options = OpenReceiverOptions { start_position: Some(start), ..Default::default() };
    Ok(client.open_receiver_on_partition(partition.into(), Some(options)).await?)
}
