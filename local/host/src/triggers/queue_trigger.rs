use function_json::{QueueTrigger, Trigger};
use futures::future::BoxFuture;

use super::{Delivered, Event, Runner, Target, queue::Processor};
use crate::envelope::{self, queue::Message};

/// Calls a function for each message.
#[derive(Debug)]
pub struct QueueFunction {
    /// What runs it.
    pub runner: Runner,
    /// The function.
    pub target: Target,
}

impl QueueFunction {
    fn trigger(&self) -> Option<&QueueTrigger> {
        match &self.target.json.trigger {
            Trigger::Queue(trigger) => Some(trigger),
            _ => None,
        }
    }
}

impl Processor for QueueFunction {
    fn process(&self, message: Message) -> BoxFuture<'_, Delivered> {
        Box::pin(async move {
            let data_type = self.trigger().and_then(|trigger| trigger.data_type);
            let queue = self.trigger().map_or("", |trigger| &trigger.queue_name);
            let id = message.id.as_deref().unwrap_or("by hand");
            let event = Event {
                trigger: "queue",
                about: format!("{queue} {id}"),
                envelope: envelope::queue::message(
                    &self.target.json.trigger_name,
                    data_type,
                    &message,
                ),
            };
            self.runner.deliver(&self.target, &event).await
        })
    }
}
