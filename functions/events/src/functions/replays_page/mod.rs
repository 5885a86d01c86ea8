//! `events/replays`: replays for our own people, the latest first, and a form that begins one. Without a script.

use crate::app::App;
use crate::domain::{Replay, ReplayState};
use crate::receivers::Receivers;
use crate::{page, replay_wish};
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, unavailable};
use serde_json::json;
use staff_pages::{Form, Principal, see_other};
use std::num::NonZeroU32;
use values::moment;

pub(crate) const FUNCTION: Function = function!();

/// Replays on the page.
const SHOWN: NonZeroU32 = NonZeroU32::new(50).expect("not zero");

#[derive(Template)]
#[template(path = "replays.html")]
struct Content {
    page: String,
    token: String,
    types: Vec<String>,
    consumers: Vec<&'static str>,
    rows: Vec<Row>,
}

struct Row {
    replay: Replay,
    from: String,
    to: String,
    requested_at: String,
    state: &'static str,
    types: String,
}

/// GET: the page.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::show(&request, "Replays", async |person| content(app, person).await).await
}

async fn content(app: &App, person: &Principal) -> Result<Content, Problem> {
    let replays = app.replays.latest(None, SHOWN).await.map_err(unavailable)?;
    let on_hubs = app.catalogue.types.iter().filter(|known| known.hub.is_some());
    Ok(Content {
        page: FUNCTION.url(&[]),
        token: app.form_key.token(&person.id, app.clock.now()),
        types: on_hubs.map(|known| known.r#type.clone()).collect(),
        consumers: Receivers::names().collect(),
        rows: replays.into_iter().map(row).collect(),
    })
}

fn row(replay: Replay) -> Row {
    Row {
        from: moment::text(replay.from),
        to: moment::text(replay.to),
        requested_at: moment::text(replay.requested_at),
        state: match replay.state {
            ReplayState::Running => "running",
            ReplayState::Done => "done",
            ReplayState::Stopped => "stopped",
        },
        types: replay.types.join(", "),
        replay,
    }
}

/// POST: begins one.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (person, form) = Form::sent(&app.form_key, &request, page::ROLE, app.clock.now())?;
    page::guarded(begin(app, person.id, &form).await)
}

async fn begin(app: &App, by: String, form: &Form) -> Result<Response, Problem> {
    let body = json!({
        "types": form.all("type"), "from": form.get("from"), "to": form.get("to"), "consumer": form.get("consumer"),
    });
    let wish = replay_wish::of_body(&body, app).map_err(invalid_body)?;
    replay_wish::begin(app, wish, by).await?;
    Ok(see_other(&FUNCTION.url(&[])))
}
