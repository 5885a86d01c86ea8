//! The queues of the steps: one for each step in each region.

use crate::domain::{Region, Step};
use crate::sent::STEP_DUE;
use azure_data::{QueueLength, QueueName, Storage};
use custom_handler::Settings;
use messages::EventSender;
use std::collections::BTreeMap;

/// What stands in the names of queues for a region, as a setting of each region's host.
const SUN_REGION: &str = "SUN_REGION";

/// As `app.json` and the step's `function.json` say it.
fn declared(step: Step) -> &'static str {
    match step {
        Step::Authorise => "sales-authorise-%SUN_REGION%",
        Step::Provision => "sales-provision-%SUN_REGION%",
        Step::Subscribe => "sales-subscribe-%SUN_REGION%",
        Step::Invoice => "sales-invoice-%SUN_REGION%",
        Step::Capture => "sales-capture-%SUN_REGION%",
        Step::Document => "sales-document-%SUN_REGION%",
        Step::Email => "sales-email-%SUN_REGION%",
    }
}

/// The queue of a step in a region.
pub(crate) fn queue_of(step: Step, region: &Region) -> QueueName {
    QueueName::with(declared(step), SUN_REGION, region.as_str())
}

/// All queues of steps.
pub(crate) fn queues(regions: &[Region]) -> impl Iterator<Item = QueueName> {
    each(regions).map(|(region, step)| queue_of(step, &region))
}

/// The step whose queue it is, in whichever region.
pub(crate) fn step_of(queue: &str) -> Option<Step> {
    let is_its = |step: &Step| {
        let start = declared(*step).split('%').next().unwrap_or_default();
        queue.starts_with(start)
    };
    Step::ALL.into_iter().find(is_its)
}

fn each(regions: &[Region]) -> impl Iterator<Item = (Region, Step)> {
    regions.iter().flat_map(|region| Step::ALL.map(|step| (region.clone(), step)))
}

/// A sender for each step in each region.
#[derive(Debug)]
pub(crate) struct StepSenders(BTreeMap<(Region, Step), EventSender>);

impl StepSenders {
    /// Contacts nobody.
    pub(crate) fn new(settings: &Settings, storage: &Storage, regions: &[Region]) -> Self {
        let sender = |(region, step)| {
            let queue = storage.queue_sender(queue_of(step, &region));
            ((region, step), EventSender::new(settings, queue, &[STEP_DUE]))
        };
        Self(each(regions).map(sender).collect())
    }

    pub(crate) fn of(&self, step: Step, region: &Region) -> &EventSender {
        self.0.get(&(region.clone(), step)).expect("whoever is at work has queues")
    }
}

/// How many messages wait for each step in each region.
pub(crate) struct StepLengths(BTreeMap<(Region, Step), QueueLength>);

impl StepLengths {
    /// Contacts nobody.
    pub(crate) fn new(storage: &Storage, regions: &[Region]) -> Self {
        let length = |(region, step)| {
            let length = storage.queue_length(queue_of(step, &region));
            ((region, step), length)
        };
        Self(each(regions).map(length).collect())
    }

    pub(crate) fn of(&self, step: Step, region: &Region) -> &QueueLength {
        self.0.get(&(region.clone(), step)).expect("each region has a queue for each step")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_that_of_its_step_in_any_region() {
        let west: Region = "westeurope".parse().unwrap();
        for step in Step::ALL {
            let queue = queue_of(step, &west);
            assert_eq!(queue.as_str(), format!("sales-{step}-westeurope"));
            assert_eq!(step_of(queue.as_str()), Some(step));
        }
        assert_eq!(step_of("sales-erasures"), None);
        assert_eq!(queues(&[west]).count(), Step::ALL.len());
    }
}
