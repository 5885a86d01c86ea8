//! How long thousands of events take.

use std::{
    io::{self, Write},
    time::Instant,
};

use azure_messaging_eventhubs::EventDataBatchOptions;
use futures::{StreamExt, future::try_join_all};

use crate::{Failure, client};

const HUB: &str = "rust-storm";
const PARTITIONS: usize = 4;
const BATCHES: usize = 20;
const IN_A_BATCH: usize = 500;

/// Sends 10,000 events and receives them, and says how long each took.
pub(crate) async fn run(amqp: &str) -> Result<(), Failure> {
    let producer = client::producer(amqp, HUB).await?;
    let began = Instant::now();
    for number in 0..BATCHES {
        let partition_id = Some((number % PARTITIONS).to_string());
        let options = EventDataBatchOptions { partition_id, ..Default::default() };
        let batch = producer.create_batch(Some(options)).await?;
        for _ in 0..IN_A_BATCH {
            batch.try_add_event_data(vec![b'x'; 1_000], None)?;
        }
        producer.send_batch(batch, None).await?;
    }
    tell("send 10,000 events of 1 kB in batches of 500", began)?;
    producer.close().await?;
    let began = Instant::now();
    try_join_all((0..PARTITIONS).map(|partition| receive(amqp, partition))).await?;
    tell("receive 10,000 events", began)
}

async fn receive(amqp: &str, partition: usize) -> Result<(), Failure> {
    let receiver = client::receiver(amqp, HUB, &partition.to_string()).await?;
    let mut events = receiver.stream_events();
    for _ in 0..BATCHES * IN_A_BATCH / PARTITIONS {
        events.next().await.ok_or("the stream ended")??;
    }
    Ok(())
}

fn tell(what: &str, began: Instant) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "AMQP, {what}: {:.1} s", began.elapsed().as_secs_f64())?)
}
