//! Moving the clock.

use http::StatusCode;

use super::Fields;
use crate::{
    Journey, TravelError,
    log::HOST,
    page::{Visit, answers::Refusal},
};

pub(super) fn advance(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    go(visit, Journey::advance(fields.need("by")?).map_err(Refusal::bad)?)
}

/// Moves the clock; tells what it shows then.
pub(in crate::page) fn go(visit: &Visit, journey: Journey) -> Result<String, Refusal> {
    let platform = &visit.page.platform;
    platform.travel.go(journey).map_err(|error| match error {
        TravelError::File { .. } => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error),
        TravelError::Elsewhere => Refusal::new(StatusCode::CONFLICT, error),
        TravelError::Backwards(_) | TravelError::TooFar => Refusal::bad(error),
    })?;
    let told = format!("It is {:.0} now.", platform.travel.now());
    platform.log.warn(HOST, format_args!("the clock was moved. {told}"));
    Ok(told)
}
