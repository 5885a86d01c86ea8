//! `accounts/v1/migrations`

use super::migration;
use crate::app::App;
use crate::domain::Migration;
use crate::store::TODAY;
use custom_handler::{Function, Problem, Request, Response, function, header};
use public_api::problems::not_written;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: brings all documents of older forms into that of today; 202, and where to see how far it is.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, by) = (Uuid::now_v7().to_string(), messages::acting(&request));
    let begun = Migration::new(id, TODAY, by, app.clock.now());
    app.migrations.create(&begun).await.map_err(not_written)?;
    // If this is lost, the sweep asks for the step that is missing.
    if let Err(error) = app.migrations.ask(&begun).await {
        tracing::warn!(%error, migration = begun.id, "the first step will be late");
    }
    let url = migration::FUNCTION.url(&[("migrationId", &begun.id)]);
    Ok(Response::accepted(&migration::view(&begun)).header(header::LOCATION, url))
}
