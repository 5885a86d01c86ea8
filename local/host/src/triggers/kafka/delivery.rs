//! From records to invocations.

use function_json::{Cardinality, KafkaTrigger};

use crate::{
    envelope::kafka::{self, Record, Types},
    triggers::{Delivered, Event, Runner, Target},
};

/// What a listener's deliveries share.
pub(super) struct Feed {
    pub(super) runner: Runner,
    pub(super) target: Target,
    pub(super) trigger: KafkaTrigger,
}

impl Feed {
    /// Records for one invocation each: all at once, or one after the other.
    pub(super) fn portions<'a>(
        &self,
        records: &'a [Record],
    ) -> impl Iterator<Item = &'a [Record]> + use<'a> {
        let size = match self.trigger.cardinality {
            Cardinality::One => 1,
            Cardinality::Many => records.len().max(1),
        };
        records.chunks(size)
    }

    /// Calls the function. True when it ended, **well or not**: the group goes on then, and only a retry policy that is
    /// still at work, or a host that stops, holds it. False: the host stops, and nobody may conclude anything.
    pub(super) async fn deliver(&self, records: &[Record]) -> bool {
        let delay = self.runner.faults.message_delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let about = format!("{}, {} records", self.trigger.topic, records.len());
        let event = Event { trigger: "kafka", about, envelope: self.envelope(records) };
        loop {
            match self.runner.deliver(&self.target, &event).await {
                Delivered::Succeeded(_) if self.runner.faults.take_duplicate() => {}
                Delivered::Succeeded(_) => return true,
                Delivered::Stopped => return false,
                Delivered::Failed(reason) => {
                    self.tell_of_loss(records.len(), &reason);
                    return true;
                }
            }
        }
    }

    fn envelope(&self, records: &[Record]) -> crate::envelope::Envelope {
        let name = &self.target.json.trigger_name;
        let types = Types { value: self.trigger.data_type, key: self.trigger.key_data_type };
        match (self.trigger.cardinality, records) {
            (Cardinality::One, [record]) => kafka::one(name, types, record),
            _ => kafka::many(name, types, records),
        }
    }

    fn tell_of_loss(&self, count: usize, reason: &str) {
        let (function, topic) = (&self.target.name, &self.trigger.topic);
        self.runner.log.error(
            &self.runner.app,
            format!(
                "{function} failed on {count} records of {topic} ({reason}); the group goes on, as in Azure, and they will \
                 not come again: give the function a retry policy, or keep what it cannot do in a place of its own and \
                 succeed"
            ),
        );
    }
}
