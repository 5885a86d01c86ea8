//! `v1/profiles/{profileId}/licences/{licenceId}/key`

use super::licence;
use crate::app::App;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::Caller;
use public_api::problems::not_written;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: the key. That it is shown, to whom and when, is written before.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let licence = licence::find(app, &request).await?;
    licence::is_active(app, &licence)?;
    let sealed = licence.key.as_ref();
    let sealed = sealed.ok_or_else(|| problems::licence_not_active(licence.state))?;
    let key = app.licence_keys.open(sealed, licence.id).map_err(problems::not_opened)?;
    let by = Caller::of(&request).to_string();
    let noted = app.licences.note_key_shown(&licence, app.clock.now(), by).await;
    noted.map_err(not_written)?;
    Ok(Response::ok(&json!({ "key": key.as_str() })).cache_control("no-store"))
}
