//! The queues of the steps.

use crate::domain::Step;
use crate::sent::STEP_DUE;
use azure_data::{QueueLength, Storage};
use custom_handler::Settings;
use messages::EventSender;

/// A queue for each step.
#[derive(Debug)]
pub(crate) struct StepSenders {
    authorise: EventSender,
    provision: EventSender,
    subscribe: EventSender,
    invoice: EventSender,
    capture: EventSender,
    document: EventSender,
    email: EventSender,
}

impl StepSenders {
    /// Contacts nobody.
    pub(crate) fn new(settings: &Settings, storage: &Storage) -> Self {
        let sender = |queue| EventSender::new(settings, storage.queue_sender(queue), &[STEP_DUE]);
        Self {
            authorise: sender("sales-authorise"),
            provision: sender("sales-provision"),
            subscribe: sender("sales-subscribe"),
            invoice: sender("sales-invoice"),
            capture: sender("sales-capture"),
            document: sender("sales-document"),
            email: sender("sales-email"),
        }
    }

    pub(crate) fn of(&self, step: Step) -> &EventSender {
        match step {
            Step::Authorise => &self.authorise,
            Step::Provision => &self.provision,
            Step::Subscribe => &self.subscribe,
            Step::Invoice => &self.invoice,
            Step::Capture => &self.capture,
            Step::Document => &self.document,
            Step::Email => &self.email,
        }
    }
}

/// How many messages wait for each step.
pub(crate) struct StepLengths {
    authorise: QueueLength,
    provision: QueueLength,
    subscribe: QueueLength,
    invoice: QueueLength,
    capture: QueueLength,
    document: QueueLength,
    email: QueueLength,
}

impl StepLengths {
    /// Contacts nobody.
    pub(crate) fn new(storage: &Storage) -> Self {
        Self {
            authorise: storage.queue_length("sales-authorise"),
            provision: storage.queue_length("sales-provision"),
            subscribe: storage.queue_length("sales-subscribe"),
            invoice: storage.queue_length("sales-invoice"),
            capture: storage.queue_length("sales-capture"),
            document: storage.queue_length("sales-document"),
            email: storage.queue_length("sales-email"),
        }
    }

    pub(crate) fn of(&self, step: Step) -> &QueueLength {
        match step {
            Step::Authorise => &self.authorise,
            Step::Provision => &self.provision,
            Step::Subscribe => &self.subscribe,
            Step::Invoice => &self.invoice,
            Step::Capture => &self.capture,
            Step::Document => &self.document,
            Step::Email => &self.email,
        }
    }
}
