//! The queues of the steps.

use crate::domain::Step;
use crate::sent::STEP_DUE;
use azure_data::{QueueLength, Storage};
use custom_handler::Settings;
use messages::EventSender;

/// A queue for each step.
#[derive(Debug)]
pub(crate) struct StepSenders {
    provision: EventSender,
    subscribe: EventSender,
    invoice: EventSender,
    document: EventSender,
    email: EventSender,
}

impl StepSenders {
    /// Contacts nobody.
    pub(crate) fn new(settings: &Settings, storage: &Storage) -> Self {
        let sender = |queue| EventSender::new(settings, storage.queue_sender(queue), &[STEP_DUE]);
        Self {
            provision: sender("sales-provision"),
            subscribe: sender("sales-subscribe"),
            invoice: sender("sales-invoice"),
            document: sender("sales-document"),
            email: sender("sales-email"),
        }
    }

    pub(crate) fn of(&self, step: Step) -> &EventSender {
        match step {
            Step::Provision => &self.provision,
            Step::Subscribe => &self.subscribe,
            Step::Invoice => &self.invoice,
            Step::Document => &self.document,
            Step::Email => &self.email,
        }
    }
}

/// How many messages wait for each step.
pub(crate) struct StepLengths {
    provision: QueueLength,
    subscribe: QueueLength,
    invoice: QueueLength,
    document: QueueLength,
    email: QueueLength,
}

impl StepLengths {
    /// Contacts nobody.
    pub(crate) fn new(storage: &Storage) -> Self {
        Self {
            provision: storage.queue_length("sales-provision"),
            subscribe: storage.queue_length("sales-subscribe"),
            invoice: storage.queue_length("sales-invoice"),
            document: storage.queue_length("sales-document"),
            email: storage.queue_length("sales-email"),
        }
    }

    pub(crate) fn of(&self, step: Step) -> &QueueLength {
        match step {
            Step::Provision => &self.provision,
            Step::Subscribe => &self.subscribe,
            Step::Invoice => &self.invoice,
            Step::Document => &self.document,
            Step::Email => &self.email,
        }
    }
}
