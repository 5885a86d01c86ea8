//! Which orders a list is asked for.

use crate::domain::{OrderState, ProblemCode, Step};
use crate::store::Standing;
use custom_handler::Problem;
use public_api::lists::PageQuery;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// Reads the query of a list: `state`, `step`, `problem`, and those of pages.
pub(crate) fn read(
    mut given: BTreeMap<String, String>,
    state_unless_asked: OrderState,
) -> Result<(Standing, PageQuery), Problem> {
    given.retain(|_, value| !value.is_empty());
    let page =
        PageQuery { limit: given.remove("limit"), continuation: given.remove("continuation") };
    let wanted = Standing {
        state: parse(&mut given, "state")?.unwrap_or(state_unless_asked),
        step: parse::<Step>(&mut given, "step")?,
        problem: parse::<ProblemCode>(&mut given, "problem")?,
        from: None,
        until: None,
    };
    match given.keys().next() {
        None => Ok((wanted, page)),
        Some(other) => Err(Problem::invalid_parameter(other, "is not one that this list knows")),
    }
}

fn parse<T: FromStr<Err: Display>>(
    given: &mut BTreeMap<String, String>,
    name: &'static str,
) -> Result<Option<T>, Problem> {
    let parsed = given.remove(name).map(|text| text.parse::<T>()).transpose();
    parsed.map_err(|error| Problem::invalid_parameter(name, error.to_string()))
}
