//! `accounts/v1/network/authorisations`

use crate::app::App;
use crate::domain::DeclineReason;
use crate::network::{self, AuthorisationBody};
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// POST: may this card spend so much there? 200 with the answer, kept before it is given; 503 `try-again` where it is
/// not known, which is no decline: then the processor decides by itself and advises us.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    network::check(&app.network_keys, &request, app.clock.now())?;
    let AuthorisationBody { token, request } = request.json()?;
    let place = app.tokens.find(&token).await.map_err(unavailable)?;
    let answer = match place {
        Some(place) => app.ledger.decide(place, &request, &app.clock).await,
        None => Ok(Err(DeclineReason::UnknownCard)),
    };
    let answer = answer.map_err(problems::try_again)?;
    tracing::info!(
        authorisation = %request.authorisation(),
        reason = ?answer.err(),
        "authorisation"
    );
    Ok(Response::ok(&json!({"id": request.id, "approved": answer.is_ok(), "reason": answer.err()})))
}
