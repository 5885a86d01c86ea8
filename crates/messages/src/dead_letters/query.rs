//! Which letters are asked for. What the subject is called there is the app's business.

use super::app::{DeadLetterApp, reasons};
use super::store::Filter;
use custom_handler::Problem;
use public_api::lists::PageQuery;
use std::collections::BTreeMap;
use std::{fmt::Display, str::FromStr};

/// The state that shows letters in any.
const ANY: &str = "any";

/// The parameters of a list.
#[derive(Debug, Default)]
pub(super) struct ListQuery {
    pub(super) filter: Filter,
    pub(super) page: PageQuery,
}

/// Reads the query of a list; one that is not asked for a state shows the open ones.
pub(super) fn list<A: DeadLetterApp>(
    mut given: BTreeMap<String, String>,
) -> Result<ListQuery, Problem> {
    let page =
        PageQuery { limit: given.remove("limit"), continuation: given.remove("continuation") };
    let state = match given.remove("state").as_deref() {
        None => Some(super::letter::LetterState::Open),
        Some(ANY) => None,
        Some(text) => Some(parse("state", text)?),
    };
    Ok(ListQuery { filter: Filter { state, ..filter::<A>(given)? }, page })
}

/// Reads what selects letters besides their state.
pub(super) fn filter<A: DeadLetterApp>(
    mut given: BTreeMap<String, String>,
) -> Result<Filter, Problem> {
    let refused = |name: &'static str| move |error: String| Problem::invalid_parameter(name, error);
    let filter = Filter {
        reason: given.remove("reason").map(reason::<A>).transpose().map_err(refused("reason"))?,
        state: None,
        subject: given
            .remove(A::SUBJECT)
            .map(|text| A::subject(&text))
            .transpose()
            .map_err(refused(A::SUBJECT))?,
        since: given.remove("since").map(|text| parse("since", &text)).transpose()?,
    };
    match given.keys().next() {
        None => Ok(filter),
        Some(other) => Err(Problem::invalid_parameter(other, "is not one that this list knows")),
    }
}

fn reason<A: DeadLetterApp>(text: String) -> Result<String, String> {
    if reasons::<A>().any(|known| known == text) {
        return Ok(text);
    }
    Err(format!("must be one of {}", reasons::<A>().collect::<Vec<_>>().join(", ")))
}

fn parse<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| Problem::invalid_parameter(name, error))
}
