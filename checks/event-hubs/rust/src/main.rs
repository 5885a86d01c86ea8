//! The official Event Hubs SDK for Rust: `event-hubs-check AMQP`, against a namespace in which `rust-check`, a hub of two
//! partitions, was declared. Prints one line per check and `N passed, N failed`; exits with 1 when one failed. With `storm` behind
//! it, it says how long thousands of events take in `rust-storm`, a hub of four partitions.

mod client;
mod storm;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use azure_messaging_eventhubs::{
    EventDataBatchOptions,
    models::{EventData, ReceivedEventData},
};
use futures::StreamExt;

use client::producer;

const HUB: &str = "rust-check";
/// How long one check may take.
const DEADLINE: Duration = Duration::from_secs(60);

type Failure = Box<dyn Error + Send + Sync>;
type Outcome = Result<(), Failure>;

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
async fn first(amqp: &str, partition: &str) -> Result<ReceivedEventData, Failure> {
    let receiver = client::receiver(amqp, HUB, partition).await?;
    let mut events = receiver.stream_events();
    Ok(events.next().await.ok_or("the stream ended")??)
}

#[tokio::main]
async fn main() -> ExitCode {
    let amqp = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:5672".to_owned());
    if std::env::args().nth(2).is_some_and(|word| word == "storm") {
        return match storm::run(&amqp).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // Nothing is left to tell it to when standard output is closed.
                let _ = tell("timings", Err(error.to_string()));
                ExitCode::FAILURE
            }
        };
    }
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
