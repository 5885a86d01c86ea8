//! The official Event Hubs SDK for Rust: `event-hubs-check AMQP`, against a namespace in which `rust-check`, a hub of two
//! partitions, was declared. Prints one line per check and `N passed, N failed`; exits with 1 when one failed.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::OffsetDateTime,
};
use azure_messaging_eventhubs::{
    ConsumerClient, EventDataBatchOptions, OpenReceiverOptions, ProducerClient, StartLocation,
    StartPosition, models::EventData,
};
use futures::StreamExt;

const HUB: &str = "rust-check";
/// How long one check may take.
const DEADLINE: Duration = Duration::from_secs(60);

type Failure = Box<dyn Error + Send + Sync>;
type Outcome = Result<(), Failure>;

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

async fn producer(amqp: &str, hub: &str) -> Result<ProducerClient, Failure> {
    let builder = ProducerClient::builder().with_custom_endpoint(format!("amqp://{amqp}"));
    Ok(builder.open("127.0.0.1", hub, Arc::new(Anybody)).await?)
}

async fn a_hub_and_its_partitions_are_described(amqp: &str) -> Outcome {
    let client = producer(amqp, HUB).await?;
    let hub = client.get_eventhub_properties().await?;
    assert_eq!((hub.name.as_str(), hub.partition_ids.len()), (HUB, 2));
    let partition = client.get_partition_properties("1").await?;
    assert!(partition.is_empty);
    client.close().await?;
    Ok(())
}

async fn a_batch_with_a_key_arrives_with_what_was_said_of_its_events(amqp: &str) -> Outcome {
    let client = producer(amqp, HUB).await?;
    let options = EventDataBatchOptions { partition_key: Some("k1".into()), ..Default::default() };
    let batch = client.create_batch(Some(options)).await?;
    let event = EventData::builder()
        .with_body(br#"{"n":1}"#.to_vec())
        .add_property("cloudEvents:type".into(), "a.b")
        .with_content_type("application/json".into())
        .build();
    assert!(batch.try_add_event_data(event, None)?);
    client.send_batch(batch, None).await?;
    client.close().await?;
    let event = first(amqp, "0").await?;
    let data = event.event_data();
    assert_eq!(data.body().unwrap_or_default(), br#"{"n":1}"#);
    assert_eq!(data.content_type().unwrap_or_default(), "application/json");
    assert_eq!(event.partition_key().as_deref().unwrap_or_default(), "k1");
    assert_eq!(event.sequence_number(), Some(0));
    Ok(())
}

async fn an_event_is_sent_to_a_partition_by_itself(amqp: &str) -> Outcome {
    let client = producer(amqp, HUB).await?;
    let options = EventDataBatchOptions { partition_id: Some("1".into()), ..Default::default() };
    let batch = client.create_batch(Some(options)).await?;
    assert!(batch.try_add_event_data("single", None)?);
    client.send_batch(batch, None).await?;
    client.send_event("anywhere", None).await?;
    client.close().await?;
    let event = first(amqp, "1").await?;
    assert_eq!(event.event_data().body().unwrap_or_default(), b"single");
    Ok(())
}

async fn a_hub_that_was_not_declared_is_not_found(amqp: &str) -> Outcome {
    let sent = match producer(amqp, "nowhere").await {
        Ok(client) => client.send_event("x", None).await.map_err(Failure::from),
        Err(error) => Err(error),
    };
    let error = sent.err().ok_or("it was sent")?;
    assert!(format!("{error:?}").contains("404"), "{error:?}");
    Ok(())
}

/// The first event of a partition.
async fn first(
    amqp: &str,
    partition: &str,
) -> Result<azure_messaging_eventhubs::models::ReceivedEventData, Failure> {
    let builder = ConsumerClient::builder().with_custom_endpoint(format!("amqp://{amqp}"));
    let client = builder.open("127.0.0.1", HUB.to_owned(), Arc::new(Anybody)).await?;
    let start = StartPosition { location: StartLocation::Earliest, ..Default::default() };
    let options = OpenReceiverOptions { start_position: Some(start), ..Default::default() };
    let receiver = client.open_receiver_on_partition(partition.into(), Some(options)).await?;
    let mut events = receiver.stream_events();
    Ok(events.next().await.ok_or("the stream ended")??)
}

#[tokio::main]
async fn main() -> ExitCode {
    let amqp = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:5672".to_owned());
    let mut passed = 0;
    let mut failed = 0;
    macro_rules! check {
        ($name:ident) => {
            let (amqp, name) = (amqp.clone(), stringify!($name).replace('_', " "));
            // A check that panics fails alone.
            let run = tokio::spawn(async move {
                let outcome = tokio::time::timeout(DEADLINE, $name(&amqp)).await;
                outcome.map_err(|late| late.to_string())?.map_err(|error| error.to_string())
            });
            let outcome = run.await.unwrap_or_else(|panic| Err(panic.to_string()));
            match &outcome {
                Ok(()) => passed += 1,
                Err(_) => failed += 1,
            }
            if tell(&name, outcome).is_err() {
                return ExitCode::FAILURE;
            }
        };
    }
    check!(a_hub_and_its_partitions_are_described);
    check!(a_batch_with_a_key_arrives_with_what_was_said_of_its_events);
    check!(an_event_is_sent_to_a_partition_by_itself);
    check!(a_hub_that_was_not_declared_is_not_found);
    if writeln!(io::stdout(), "{passed} passed, {failed} failed").is_err() || failed > 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn tell(name: &str, outcome: Result<(), String>) -> io::Result<()> {
    match outcome {
        Ok(()) => writeln!(io::stdout(), "ok    {name}"),
        Err(error) => writeln!(io::stdout(), "FAIL  {name}\n      {error}"),
    }
}
