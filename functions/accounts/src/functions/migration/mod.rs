//! `accounts/v1/migrations/{migrationId}`

use crate::app::App;
use crate::domain::Migration;
use crate::problems::no_such_migration;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use serde_json::{Value, json};

pub(crate) const FUNCTION: Function = function!();

/// GET: how far it is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("migrationId")?;
    let kept = app.migrations.read(&id).await.map_err(unavailable)?;
    let kept = kept.ok_or_else(|| no_such_migration(&id))?;
    Ok(Response::ok(&view(&kept)).cache_control("no-store"))
}

/// `Migration` in openapi.yaml.
pub(super) fn view(migration: &Migration) -> Value {
    let Migration { id, to, state, written, unreadable, started_at, updated_at, by, .. } =
        migration;
    json!({
        "id": id, "to": to, "state": state, "written": written, "unreadable": unreadable,
        "startedAt": started_at, "updatedAt": updated_at, "by": by,
    })
}
