//! `accounts/v1/network/authorisations`

use crate::app::App;
use crate::domain::{AuthorisationRequest, DeclineReason};
use crate::figures;
use crate::network::{self, AuthorisationBody};
use crate::problems;
use crate::store::{CardToken, LedgerError};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::invalid_body;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

pub(crate) const FUNCTION: Function = function!();

/// How long an authorisation may take here. The network waits two seconds, and both ways take their share.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_200);

/// POST: may this card spend so much there? 200 with the answer, kept before it is given; 503 `try-again` where it is
/// not known, which is no decline: then the processor decides by itself and advises us.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    network::check(&app.network_keys, &request, app.clock.now())?;
    let body: AuthorisationBody = request.json()?;
    let request = body.request().map_err(invalid_body)?;
    let answer = timeout(ANSWER_WITHIN, answer(app, &body.token, &request)).await;
    let answer = answer.unwrap_or(Err(LedgerError::TooLate)).map_err(problems::try_again)?;
    let (authorisation, reason) = (request.authorisation(), answer.err());
    tracing::info!(%authorisation, ?reason, "authorisation");
    Ok(Response::ok(&json!({"id": body.id, "approved": reason.is_none(), "reason": reason})))
}

async fn answer(
    app: &App,
    token: &CardToken,
    request: &AuthorisationRequest,
) -> Result<Result<(), DeclineReason>, LedgerError> {
    match app.tokens.find(token).await? {
        Some(place) => app.ledger.decide(place, request, &app.clock).await,
        None => {
            let answer = Err(DeclineReason::UnknownCard);
            figures::decided(answer);
            Ok(answer)
        }
    }
}
