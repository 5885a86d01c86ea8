//! Events that do not go the way of all others: to people, or into the queue of replays.

use super::EventConsumer;
use super::in_order::Aside;
use crate::dead_letters::{Content, GIVEN_UP, Origin, Report};
use custom_handler::{Failure, HubEvent, Invocation, Item};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tracing::Span;

/// An event, and the invocation as that of this event, which has a trace of its own.
pub(super) struct Come {
    pub(super) event: HubEvent,
    pub(super) invocation: Invocation,
    /// The work at it, until it is done.
    pub(super) item: Item,
}

impl Come {
    pub(super) fn new(event: HubEvent, invocation: &Invocation) -> Self {
        let item = invocation.item_in(&event.body);
        let function = invocation.function();
        Self { event, invocation: invocation.for_item(&item).on_behalf_of(function), item }
    }
}

/// What the events of an invocation share.
pub(super) struct Apart<'a, A> {
    pub(super) app: &'a A,
    pub(super) partition: String,
}

impl<A: EventConsumer> Apart<'_, A> {
    /// What an event says; its trace goes on.
    pub(super) fn read(&self, come: &mut Come) -> Result<Option<A::Fact>, Failure> {
        let span = come.item.span();
        let Come { event, invocation, .. } = come;
        let reading = AssertUnwindSafe(|| self.app.read(&event.body, invocation));
        let read = span.in_scope(|| catch_unwind(reading));
        read.unwrap_or_else(|_| Err(Failure::again("the function panicked")))
    }
}

impl<A: EventConsumer> Aside<Come> for Apart<'_, A> {
    fn span(&self, come: &Come) -> Span {
        come.item.span()
    }

    /// A letter that is re-driven goes to the queue of replays.
    async fn keep(&self, come: &Come, reason: &str) -> Result<(), Failure> {
        let Come { event, invocation, item } = come;
        item.failed("given-up");
        let origin = Origin {
            function: invocation.function().to_owned(),
            queue: Some(A::REPLAYS.to_owned()),
        };
        let mut report = Report::new(GIVEN_UP, origin, reason, Content::of(&event.body));
        if let Some(sequence) = event.sequence_number {
            report.name = format!("{}/{}/{sequence}", invocation.function(), self.partition);
        }
        report.trace_id = Some(invocation.trace().trace_id());
        let app = self.app;
        app.dead_letters().keep(app, &app.told(report)).await.map_err(Failure::again)
    }

    async fn put_off(&self, come: &Come, reason: &str) -> Result<(), Failure> {
        come.item.failed("again");
        let queue = self.app.dead_letters().queue(A::REPLAYS);
        let queue = queue.expect("the queue of replays is one that dead letters are sent to");
        match queue.send_bytes(&come.event.body.bytes()).await {
            Ok(()) => {
                let (partition, sequence) = (&self.partition, come.event.sequence_number);
                tracing::warn!(partition, sequence, reason, "an event fails and is put off");
                Ok(())
            }
            Err(failure) if failure.is_too_large() => self.keep(come, reason).await,
            Err(failure) => Err(Failure::again(failure)),
        }
    }
}
