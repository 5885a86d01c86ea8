//! What a replay is asked for: by JSON, or by a form.

use crate::app::App;
use crate::domain::{Replay, Wish};
use crate::receivers::Receivers;
use custom_handler::Problem;
use jiff::{SignedDuration, Timestamp};
use public_api::problems::{not_written, storage_unavailable};
use serde_json::Value;
use uuid::Uuid;
use values::{Fields, Violations};

/// Most types of one replay.
const MAX_TYPES: usize = 20;
/// The longest range: a quarter of a year, each hour of which is looked at.
const MAX_RANGE: SignedDuration = SignedDuration::from_hours(92 * 24);

/// Reads `types`, `from`, `to` and `consumer`.
pub(crate) fn of_body(body: &Value, app: &App) -> Result<Wish, Violations> {
    let mut fields = Fields::of(body)?;
    let types = fields.optional_value("types", |value| types(value, app));
    let from = fields.text("from", moment);
    let to = fields.text("to", moment);
    let consumer = fields.text("consumer", consumer);
    fields.finish()?;
    let types = types?.ok_or_else(|| Violations::one("/types", "is required"))?;
    let wish = Wish { types, from: from?, to: to?, consumer: consumer? };
    let is_range = wish.from < wish.to && wish.to.duration_since(wish.from) <= MAX_RANGE;
    if !is_range {
        return Err(Violations::one("/to", "must come after `from`, by at most 92 days"));
    }
    if wish.to > app.clock.now() {
        return Err(Violations::one(
            "/to",
            "must not lie in the future: what comes later would not be sent",
        ));
    }
    Ok(wish)
}

/// Notes a replay, and has it begin.
pub(crate) async fn begin(app: &App, wish: Wish, by: String) -> Result<Replay, Problem> {
    let now = app.clock.now();
    let replay = Replay::begun(Uuid::now_v7().to_string(), wish, by, now);
    app.replays.add(&replay).await.map_err(not_written)?;
    // If this fails, `sweep` finds it.
    app.due.replay(&replay.id, now).await.map_err(storage_unavailable)?;
    Ok(replay)
}

fn types(value: &Value, app: &App) -> Result<Vec<String>, String> {
    let list = value.as_array().filter(|list| (1..=MAX_TYPES).contains(&list.len()));
    let list = list.ok_or_else(|| format!("must be a list of 1 to {MAX_TYPES} event types"))?;
    let name = |value: &Value| {
        let known = value.as_str().and_then(|name| app.catalogue.find(name));
        let known = known.filter(|known| known.hub.is_some());
        known.map(|known| known.r#type.clone()).ok_or_else(|| {
            "must be types on event hubs, as GET events/v1/types lists them".to_owned()
        })
    };
    list.iter().map(name).collect()
}

fn consumer(text: &str) -> Result<String, String> {
    let found = Receivers::names().find(|name| *name == text);
    found.map(str::to_owned).ok_or_else(|| {
        format!("must be one of {}", Receivers::names().collect::<Vec<_>>().join(", "))
    })
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "must be a time such as 2026-11-29T08:00:00Z (RFC 3339)")
}
