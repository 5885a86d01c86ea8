//! What the forms of the page do. Each form carries a token that only the page knows.

mod clock;
mod form;
mod handlers;
mod invoke;
mod messages;
mod simulators;
mod switches;
mod upload;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;

use super::{Visit, answers::Refusal};
use crate::http::{ReplyBody, document::see_other};
pub(super) use clock::go as move_clock;
use form::Fields;
pub(super) use handlers::{kill_handlers, restart_app};
pub(super) use messages::encoding_of;
pub(super) use simulators::act_on as act_on_simulator;
pub(super) use switches::{clear as switch_all_off, switch_off, switch_on};

/// Does what a form asks, and sends the browser back to where the form was.
pub(super) async fn act(
    visit: &Visit,
    segments: &[&str],
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Refusal> {
    let ["actions", action] = segments else { return Err(Refusal::not_found()) };
    if *action == "upload" {
        let (fields, told) = upload::upload(visit, request).await?;
        return Ok(back(visit, &fields, told));
    }
    let fields = form::read(request).await?;
    check_token(visit, &fields)?;
    let told = match *action {
        "invoke" => return invoke::invoke(visit, &fields).await,
        "message" => messages::send(visit, &fields).await?,
        "redrive" => messages::redrive(visit, &fields).await?,
        "kill" => handlers::kill(visit, &fields).await?,
        "restart" => handlers::restart(visit, &fields).await?,
        "clock-advance" => clock::advance(visit, &fields)?,
        "clock-reset" => clock::go(visit, crate::Journey::Reset)?,
        "fault-add" => switches::add(visit, &fields)?,
        "fault-remove" => switches::remove(visit, &fields)?,
        "fault-clear" => switches::clear(visit),
        other => match other.strip_prefix("simulator-") {
            Some(action) => simulators::act(visit, &fields, action)?,
            None => return Err(Refusal::not_found()),
        },
    };
    Ok(back(visit, &fields, told))
}

/// A form of another site does not know the token.
fn check_token(visit: &Visit, fields: &Fields) -> Result<(), Refusal> {
    if fields.get("csrf") == Some(visit.page.csrf.as_str()) {
        return Ok(());
    }
    let message = "this form is not from this run of the host: reload the page and try again";
    Err(Refusal::new(StatusCode::FORBIDDEN, message))
}

fn back(visit: &Visit, fields: &Fields, told: String) -> Response<ReplyBody> {
    let number = visit.page.notices.add(told);
    let place = fields.get("back").filter(|place| is_ours(place)).unwrap_or("/admin/page");
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "notice" {
            pairs.append_pair(&name, &value);
        }
    }
    let query = pairs.append_pair("notice", &number.to_string()).finish();
    see_other(&format!("{path}?{query}"))
}

/// A place on this page and nowhere else.
fn is_ours(place: &str) -> bool {
    place == "/" || place.starts_with("/?") || place == "/admin" || place.starts_with("/admin/page")
}
