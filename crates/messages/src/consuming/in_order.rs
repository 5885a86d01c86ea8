//! The facts of one key, one after the other, and what becomes of those that cannot be done.

use super::EventConsumer;
use custom_handler::Failure;
use futures::FutureExt;
use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use tracing::{Instrument, Span};

/// Whether what fails is tried again in its place, before what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    Waits,
    /// It was tried often enough: it is put off, alone.
    IsOver,
}

/// Where events go that are not done in their place; each stays there, or the batch comes again.
pub(super) trait Aside<E> {
    /// The span of the work at an event.
    fn span(&self, event: &E) -> Span;

    /// To people, with the reason.
    fn keep(&self, event: &E, reason: &str) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Where it is tried on; the events after it are worth no less.
    fn put_off(&self, event: &E, reason: &str) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl Patience {
    /// What becomes of an event that was not done.
    pub(super) async fn with<E>(
        self,
        aside: &impl Aside<E>,
        event: &E,
        failure: Failure,
    ) -> Result<(), Failure> {
        match (failure, self) {
            (Failure::GiveUp(reason), _) => {
                aside.keep(event, &reason).instrument(aside.span(event)).await
            }
            (Failure::Again(reason), Self::IsOver) => {
                aside.put_off(event, &reason).instrument(aside.span(event)).await
            }
            (again, Self::Waits) => Err(again),
        }
    }
}

/// Takes the facts of one key: together, or each by itself once patience is over, so that only what fails is put off. None is
/// done before an earlier one that will be tried again in its place.
pub(super) async fn in_order<A: EventConsumer, E>(
    app: &A,
    facts: Vec<(E, A::Fact)>,
    known: &A::Known,
    patience: Patience,
    aside: &impl Aside<E>,
) -> Result<(), Failure> {
    let together = match patience {
        Patience::Waits => facts.len(),
        Patience::IsOver => 1,
    };
    for facts in facts.chunks(together.max(1)) {
        let said: Vec<&A::Fact> = facts.iter().map(|(_, fact)| fact).collect();
        // What several facts have in common belongs to the trace of none of them.
        let span = match facts {
            [(only, _)] => aside.span(only),
            _ => Span::current(),
        };
        let taking = AssertUnwindSafe(app.take(&said, known)).catch_unwind().instrument(span);
        let panicked = |_| vec![Err(Failure::again("the function panicked"))];
        let mut ended = taking.await.unwrap_or_else(panicked).into_iter();
        for (event, _) in facts {
            let untold = || Err(Failure::again("nothing is said of how it ended"));
            if let Err(failure) = ended.next().unwrap_or_else(untold) {
                patience.with(aside, event, failure).await?;
            }
        }
    }
    Ok(())
}

/// Facts of one key together, in their order.
pub(super) fn by_key<A: EventConsumer, E>(facts: Vec<(E, A::Fact)>) -> Vec<Vec<(E, A::Fact)>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<(E, A::Fact)>> = Vec::new();
    for (event, fact) in facts {
        let place = *places.entry(A::key(&fact)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push((event, fact)),
            None => groups.push(vec![(event, fact)]),
        }
    }
    groups
}

#[cfg(test)]
#[path = "in_order_tests.rs"]
mod tests;
