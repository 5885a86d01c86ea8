//! Numbers without gaps, many at once. Whoever wants a number puts the wish into a list; one of those who wait takes up
//! to 99 wishes of a series and writes them in one batch with the counter, for all of them. Another instance that does the
//! same at the same moment makes the batch fail, and it is tried again. An order that has a number keeps it, so a lost
//! answer costs a repetition and no number.

use crate::domain::{Counter, Given, OrderId, Seller, Wanted};
use crate::store::{InvoiceSeries, MAX_GIVEN, SeriesRead};
use azure_data::{Attempt, ChangeError, CosmosFailure, Exhausted, retry_conflicts};
use invoice::{NoSeries, Series};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use values::Clock;

/// Most wishes that wait in this process: more than a host hands out at once.
const MAX_WAITING: usize = 1_000;

#[derive(Debug)]
pub(crate) struct Numbering {
    series: InvoiceSeries,
    seller: Seller,
    clock: Clock,
    waiting: Mutex<VecDeque<Waiting>>,
    /// Who has it writes for all who wait.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    order: OrderId,
    series: Series,
    wanted: Wanted,
    answer: oneshot::Sender<Answer>,
}

type Answer = Result<Given, NoNumber>;

/// Why there is no number, or it is not known.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum NoNumber {
    #[error("{MAX_WAITING} others wait for a number")]
    TooManyWait,
    #[error("whoever was to write the number for others was stopped")]
    Stopped,
    #[error("the series {0} has given its last number: give the seller another code")]
    Ended(Series),
    #[error(transparent)]
    Series(#[from] NoSeries),
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<ChangeError<NoNumber>> for NoNumber {
    fn from(error: ChangeError<NoNumber>) -> Self {
        match error {
            ChangeError::Refused(why) => why,
            ChangeError::Exhausted(others) => others.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

impl Numbering {
    pub(crate) fn new(series: InvoiceSeries, seller: Seller, clock: Clock) -> Self {
        let turn = tokio::sync::Mutex::new(());
        Self { series, seller, clock, waiting: Mutex::default(), turn }
    }

    /// The number of an order: the one that it has, or the next of its series.
    pub(crate) async fn number(&self, order: OrderId, wanted: Wanted) -> Result<Given, NoNumber> {
        let series = self.seller.series(wanted.tax_point)?;
        let mut answered = self.wait(order, series, wanted)?;
        loop {
            // Those who came before may have written it by then.
            let _turn = self.turn.lock().await;
            match answered.try_recv() {
                Ok(answer) => return answer,
                Err(oneshot::error::TryRecvError::Closed) => return Err(NoNumber::Stopped),
                Err(oneshot::error::TryRecvError::Empty) => self.write_group().await,
            }
        }
    }

    fn wait(
        &self,
        order: OrderId,
        series: Series,
        wanted: Wanted,
    ) -> Result<oneshot::Receiver<Answer>, NoNumber> {
        let mut waiting = self.waiting();
        // Who does not listen any more needs no number: it is not known to have one.
        waiting.retain(|one| !one.answer.is_closed());
        if waiting.len() >= MAX_WAITING {
            return Err(NoNumber::TooManyWait);
        }
        let (answer, answered) = oneshot::channel();
        waiting.push_back(Waiting { order, series, wanted, answer });
        Ok(answered)
    }

    /// Those who have waited longest, as far as they are of one series.
    fn next_group(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        let Some(series) = waiting.front().map(|first| first.series.clone()) else {
            return Vec::new();
        };
        let (mut group, mut rest) = (Vec::new(), VecDeque::with_capacity(waiting.len()));
        for one in waiting.drain(..) {
            if one.series == series && group.len() < MAX_GIVEN {
                group.push(one);
            } else {
                rest.push_back(one);
            }
        }
        *waiting = rest;
        group
    }

    async fn write_group(&self) {
        let group = self.next_group();
        let Some(first) = group.first() else { return };
        let what = format!("giving {} numbers of {}", group.len(), first.series);
        let written = retry_conflicts(&what, || self.attempt(&first.series, &group)).await;
        let written = written.map_err(NoNumber::from);
        for Waiting { order, answer, .. } in group {
            let number = written.as_ref().map_err(NoNumber::clone);
            let number = number.map(|given| given[&order].clone());
            // Nobody listens: the number is found when the order comes again.
            let _ = answer.send(number);
        }
    }

    /// Reads how far the series is and who has a number, and gives the others the next ones.
    async fn attempt(
        &self,
        series: &Series,
        group: &[Waiting],
    ) -> Result<HashMap<OrderId, Given>, Attempt<NoNumber>> {
        let orders: Vec<OrderId> = group.iter().map(|one| one.order).collect();
        let read = self.series.read(series, &orders).await?;
        let (counter, fresh) = self.next_numbers(series, group, &read).map_err(Attempt::Refused)?;
        if !fresh.is_empty() {
            self.series.give(series, &read, counter, &fresh).await?;
        }
        let mut given = read.given;
        given.extend(fresh);
        Ok(given)
    }

    fn next_numbers(
        &self,
        series: &Series,
        group: &[Waiting],
        read: &SeriesRead,
    ) -> Result<(Counter, Vec<(OrderId, Given)>), NoNumber> {
        let today = self.seller.day(self.clock.now());
        let (mut counter, mut fresh) = (read.counter, Vec::<(OrderId, Given)>::new());
        for Waiting { order, wanted, .. } in group {
            // One order may wait twice: its message came twice.
            let has_one =
                read.given.contains_key(order) || fresh.iter().any(|(other, _)| other == order);
            if has_one {
                continue;
            }
            let next = counter.next(series, wanted, today);
            let (after, given) = next.ok_or_else(|| NoNumber::Ended(series.clone()))?;
            counter = after;
            fresh.push((*order, given));
        }
        Ok((counter, fresh))
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "numbering_tests.rs"]
mod tests;
