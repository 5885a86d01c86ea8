//! The functions whose messages are worked at again.

use crate::dead_letters::POISON_SUFFIX;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage};
use function_json::{FunctionJson, FunctionName, Trigger};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::Future;

type Work<A> = dyn Fn(&'static A, QueueMessage, Invocation) -> BoxFuture<'static, Result<Done, Failure>>
    + Send
    + Sync;

/// A function that works again at what it failed on. Made by [`again`].
pub struct Again<A: 'static> {
    pub(super) function: &'static str,
    /// As `app.json` and `function.json` say it: one name may stand for several queues.
    pub(super) poison_queue: String,
    pub(super) for_ever: bool,
    pub(super) work: Box<Work<A>>,
}

/// Messages of the poison queue of the queue that triggers `function` go to `work` again, usually the function's own code.
///
/// # Panics
/// If a queue does not trigger the function, or it writes by output bindings, which only the host can do: mistakes in the
/// code that show at the start.
pub fn again<A, F, R>(function: Function, work: F) -> Again<A>
where
    F: Fn(&'static A, QueueMessage, Invocation) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Done, Failure>> + Send + 'static,
{
    let name = FunctionName::parse(function.name()).expect("a function has a valid name");
    let json = FunctionJson::parse_named(&name, function.function_json());
    let Ok(FunctionJson { trigger: Trigger::Queue(queue), outputs, .. }) = json else {
        panic!("{name} is not triggered by a queue");
    };
    assert!(outputs.is_empty(), "{name} has outputs, which only the host can write");
    Again {
        function: function.name(),
        poison_queue: format!("{}{POISON_SUFFIX}", queue.queue_name),
        for_ever: false,
        work: Box::new(move |app, message, invocation| work(app, message, invocation).boxed()),
    }
}

impl<A> Again<A> {
    /// However long it takes: what it does must not depend on people.
    #[must_use]
    pub fn for_ever(self) -> Self {
        Self { for_ever: true, ..self }
    }
}
