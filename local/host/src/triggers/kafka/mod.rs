//! `kafkaTrigger`: records of a topic, in a group. Source: `KafkaListener.cs` and `MultipleItemFunctionExecutor.cs` of the
//! Kafka extension.

mod delivery;
mod listener;
mod options;

pub use listener::KafkaListener;
pub use options::KafkaOptions;
