//! `events/v1/types`

use crate::app::App;
use crate::catalogue::{Consumer, KnownType};
use custom_handler::{Function, Problem, Request, Response, function};
use serde::Serialize;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// A type as the list shows it; all of it is at its own URL.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    r#type: &'a str,
    description: Option<&'a str>,
    app: &'a str,
    owner: &'a str,
    hub: Option<&'a str>,
    mode: Option<&'a str>,
    versions: usize,
    producers: &'a [String],
    consumers: &'a [Consumer],
}

/// GET: all of them, by name. They are part of a release and not so many that they need pages.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let items: Vec<Shown<'_>> = app.catalogue.types.iter().map(shown).collect();
    Ok(Response::ok(&json!({ "items": items, "continuation": null })))
}

fn shown(known: &KnownType) -> Shown<'_> {
    Shown {
        r#type: &known.r#type,
        description: known.description.as_deref(),
        app: &known.app,
        owner: &known.owner,
        hub: known.hub.as_deref(),
        mode: known.mode.as_deref(),
        versions: known.versions.len(),
        producers: &known.producers,
        consumers: &known.consumers,
    }
}
