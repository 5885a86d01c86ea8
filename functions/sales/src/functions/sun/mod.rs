//! `sales/v1/sun`

use crate::app::App;
use crate::domain::{Override, Region};
use crate::views::SunView;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::{SignedDuration, Timestamp};
use messages::acting;
use public_api::problems::{invalid_body, not_changed, unavailable};
use serde_json::Value;
use values::{Fields, Line, Violations};

pub(crate) const FUNCTION: Function = function!();

/// An override that nobody remembers would keep a region at work for ever.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest reason, in characters.
const MAX_WHY: usize = 200;

/// GET: which region is at work, why, and when that changes.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let stands = app.at_work.look().await.map_err(unavailable)?;
    Ok(Response::ok(&SunView::of(&stands)))
}

/// PUT: puts a region to work, whatever the hour is. It holds at once where it was asked for, and everywhere after some
/// seconds.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (by, now) = (acting(&request), app.clock.now());
    let wish = read(&request.json_value()?, app.at_work.regions(), by, now);
    let put = app.at_work.put(wish.map_err(invalid_body)?).await;
    let stands = put.map_err(|error| not_changed(error, |never| match never {}))?;
    Ok(Response::ok(&SunView::of(&stands)))
}

/// DELETE: the hour says again who is at work.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let lifted = app.at_work.lift(&acting(&request)).await;
    lifted.map_err(|error| not_changed(error, |never| match never {}))?;
    Ok(Response::no_content())
}

fn read(
    body: &Value,
    regions: &[Region],
    by: String,
    now: Timestamp,
) -> Result<Override, Violations> {
    let mut fields = Fields::of(body)?;
    let region = fields.text("region", |text| one_of(regions, text));
    let until = fields.text("until", |text| end(text, now));
    let why = fields.text("why", Line::<MAX_WHY>::parse);
    fields.finish()?;
    Ok(Override { region: region?, since: now, until: until?, by, why: why?.to_string() })
}

fn one_of(regions: &[Region], text: &str) -> Result<Region, String> {
    let found = regions.iter().find(|region| region.as_str() == text);
    let names = || regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ");
    found.cloned().ok_or_else(|| format!("must be one of: {}", names()))
}

fn end(text: &str, now: Timestamp) -> Result<Timestamp, &'static str> {
    let until: Timestamp =
        text.parse().map_err(|_| "must be a time such as 2026-11-29T08:00:00Z (RFC 3339)")?;
    match until.duration_since(now) {
        left if left <= SignedDuration::ZERO => Err("must be in the future"),
        left if left > LONGEST => {
            Err("must be within seven days: put it there anew if it is to last")
        }
        _ => Ok(until),
    }
}
