//! `POST /admin/functions/<name>` with `{"input":"…"}`: runs a function that no HTTP request calls.

use function_json::{Cardinality, Trigger};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Delivered, Event, Runner, Target,
    blob::{blob_event, read},
};
use crate::envelope::{
    Envelope, cosmos_db, event_grid,
    event_hubs::{self, PartitionContext},
    kafka,
    queue::{self, Message},
    timer::{self, ScheduleStatus},
};
use crate::triggers::timer::Schedule;

/// Why an input is not one for this function. In Azure the request is answered 202 all the same and this is only
/// logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// The function has an HTTP trigger.
    #[error("function {0} is called over its route, not through /admin")]
    Http(String),
    /// The input does not fit the trigger.
    #[error("invoking {function} by hand: {why}")]
    Input {
        /// The function.
        function: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Runs a function with an input given by hand, to its end: for queue, Event Hubs and Kafka the text, for Cosmos DB the text
/// of an array of documents, for Event Grid that of an event, for a blob `container/name` of one that exists, for a
/// timer anything.
pub async fn invoke(
    runner: &Runner,
    target: &Target,
    input: &str,
) -> Result<Delivered, AdminError> {
    let event = event(runner, target, input, runner.faults.now()).await?;
    Ok(runner.deliver(target, &event).await)
}

async fn event(
    runner: &Runner,
    target: &Target,
    input: &str,
    now: Timestamp,
) -> Result<Event, AdminError> {
    let name = &target.json.trigger_name;
    let wrong = |why: String| AdminError::Input { function: target.name.clone(), why };
    let by_hand =
        |envelope: Envelope| Event { trigger: "admin", about: "by hand".to_owned(), envelope };
    Ok(match &target.json.trigger {
        Trigger::Http(_) => return Err(AdminError::Http(target.name.clone())),
        Trigger::Queue(trigger) => {
            by_hand(queue::message(name, trigger.data_type, &message(input, now)))
        }
        Trigger::CosmosDb(_) => match serde_json::from_str(input) {
            Ok(Value::Array(documents)) => by_hand(cosmos_db::documents(name, &documents)),
            _ => {
                return Err(wrong(
                    "the input is not the text of a JSON array of documents".to_owned(),
                ));
            }
        },
        Trigger::EventGrid(trigger) => match (serde_json::from_str(input), trigger.cardinality) {
            (Ok(event @ Value::Object(_)), Cardinality::One) => {
                by_hand(event_grid::event(name, &event))
            }
            (Ok(event @ Value::Object(_)), Cardinality::Many) => {
                by_hand(event_grid::events(name, &[event]))
            }
            (Ok(Value::Array(events)), Cardinality::Many) => {
                by_hand(event_grid::events(name, &events))
            }
            _ => {
                return Err(wrong(
                    "the input is not the text of an event, a JSON object".to_owned(),
                ));
            }
        },
        Trigger::EventHub(trigger) => {
            let partition = PartitionContext {
                namespace: "local".to_owned(),
                event_hub: trigger.event_hub_name.clone(),
                consumer_group: trigger.consumer_group.clone(),
                partition_id: "0".to_owned(),
                is_checkpointing_after_invocation: false,
            };
            let event = event_hubs::by_hand(input, now);
            by_hand(match trigger.cardinality {
                Cardinality::One => event_hubs::one(name, trigger.data_type, &partition, &event),
                Cardinality::Many => {
                    event_hubs::many(name, trigger.data_type, &partition, &[event])
                        .map_err(|error| wrong(error.to_string()))?
                }
            })
        }
        Trigger::Kafka(trigger) => {
            let types = kafka::Types { value: trigger.data_type, key: trigger.key_data_type };
            let record = kafka::by_hand(&trigger.topic, input, now);
            by_hand(match trigger.cardinality {
                Cardinality::One => kafka::one(name, types, &record),
                Cardinality::Many => kafka::many(name, types, &[record]),
            })
        }
        Trigger::Timer(trigger) => {
            let schedule =
                Schedule::parse(&trigger.schedule).map_err(|error| wrong(error.to_string()))?;
            let next = schedule.next_after(now).unwrap_or(now);
            let status = ScheduleStatus { last: None, next, last_updated: None };
            let monitored = trigger.use_monitor && schedule.can_be_monitored(now);
            by_hand(timer::tick(
                name,
                schedule.adjusts_for_dst(),
                monitored.then_some(status),
                false,
            ))
        }
        Trigger::Blob(trigger) => {
            let path = || wrong(format!("{input:?} is not `container/name`"));
            let (container, blob) = input.split_once('/').ok_or_else(path)?;
            let found = read(runner, trigger, container, blob).await.map_err(wrong)?;
            let found = found
                .ok_or_else(|| wrong(format!("there is no blob {input:?}; upload it first")))?;
            Event { trigger: "admin", ..blob_event(target, trigger, found) }
        }
    })
}

fn message(text: &str, now: Timestamp) -> Message {
    Message {
        body: text.as_bytes().to_vec(),
        id: None,
        dequeue_count: 0,
        inserted: now,
        expires: None,
        next_visible: None,
        pop_receipt: None,
    }
}
