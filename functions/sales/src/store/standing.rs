//! Orders by how they stand: what operators look for.

use super::Orders;
use super::documents::{OrderDocument, place};
use crate::domain::{Order, OrderState, ProblemCode, Step};
use azure_data::{CosmosFailure, Query};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::num::NonZeroU32;

/// Which orders are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: OrderState,
    /// The step that is due or failed.
    pub(crate) step: Option<Step>,
    pub(crate) problem: Option<ProblemCode>,
    /// Since when they are there: from and until.
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

/// Where an order stands in this list.
pub(crate) fn place_of(order: &Order) -> String {
    let stands = order.progress.standing();
    let since = stands.map_or(order.placed_at, |one| one.not_before.unwrap_or(one.since));
    place(since, order.id)
}

impl Orders {
    /// Those who stand so, the longest first: at most `count` after the place given.
    pub(crate) async fn standing(
        &self,
        wanted: Standing,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Order>, CosmosFailure> {
        let mut text =
            format!("SELECT TOP {count} * FROM c WHERE c.state = @state AND c.place > @after");
        let mut parameters = Vec::new();
        let mut narrow = |condition: &str, name: &'static str, value: Option<serde_json::Value>| {
            if let Some(value) = value {
                let _ = write!(text, " AND {condition}");
                parameters.push((name, value));
            }
        };
        narrow("c.atStep = @step", "@step", wanted.step.map(|step| step.name().into()));
        let problem =
            wanted.problem.map(|code| serde_json::to_value(code).expect("a word is JSON"));
        narrow("c.problem = @problem", "@problem", problem);
        let moment = |at: Option<Timestamp>| at.map(|at| values::moment::text(at).into());
        narrow("c.dueAt >= @from", "@from", moment(wanted.from));
        narrow("c.dueAt < @until", "@until", moment(wanted.until));
        text.push_str(" ORDER BY c.place");
        let state = serde_json::to_value(wanted.state).expect("a word is JSON");
        parameters.push(("@state", state));
        parameters.push(("@after", after.unwrap_or_default().into()));
        let query = parameters.into_iter().fold(Query::from(text), |query, (name, value)| {
            query.with_parameter(name, value).expect("it is JSON")
        });
        let found = self.container().query::<OrderDocument>(query, count).await?;
        Ok(found.into_iter().map(Order::from).collect())
    }
}
