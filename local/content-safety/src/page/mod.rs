//! The page at `/`: what goes wrong, a form to change it, and the measures of the last pictures.

use crate::{
    Down, Faults, Judged, Severities, Wrong, measure, reply, reply::Reply, severities::LEVELS,
    simulator::State,
};
use askama::Template;
use http::{HeaderValue, StatusCode, header};

/// Judged pictures that the page shows.
const MAX_SHOWN: usize = 25;
/// The page loads its style sheet and sends its form, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    faults: Faults,
    down: Vec<Choice>,
    wrong: Vec<Choice>,
    answer: Vec<(&'static str, &'static str, Vec<Choice>)>,
    requests: u64,
    judged: Vec<Judged>,
    sexual_from: [u8; 3],
    violence_from: [u8; 3],
}

/// An option of a list to choose from.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

pub(crate) fn show(state: &State) -> Reply {
    let faults = state.switches().faults().clone();
    let record = state.record();
    let mut judged = record.last_judged();
    judged.truncate(MAX_SHOWN);
    let page = Page {
        down: down(faults.down),
        wrong: wrong(faults.wrong),
        answer: answer(faults.answer),
        faults,
        requests: record.requests(),
        judged,
        sexual_from: measure::SEXUAL_FROM_PERCENT,
        violence_from: measure::VIOLENCE_FROM_PERCENT,
    };
    drop(record);
    match page.render() {
        Ok(html) => {
            let mut reply = reply::of(StatusCode::OK, "text/html; charset=utf-8", html);
            reply.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
            reply
        }
        Err(error) => {
            tracing::error!(%error, "rendering the page");
            crate::api::Refused::internal_error().into()
        }
    }
}

pub(crate) fn style() -> Reply {
    const STYLE: &str = include_str!("templates/page.css");
    reply::of(StatusCode::OK, "text/css; charset=utf-8", STYLE)
}

fn down(now: Option<Down>) -> Vec<Choice> {
    choices(
        now,
        &[
            (Down::InternalError, "internal-error", "500 InternalError"),
            (Down::ServerBusy, "server-busy", "503 ServerBusy"),
            (Down::Closed, "closed", "connection closed"),
        ],
    )
}

fn wrong(now: Option<Wrong>) -> Vec<Choice> {
    choices(
        now,
        &[
            (Wrong::MalformedJson, "malformed-json", "JSON that ends in the middle"),
            (Wrong::MissingCategory, "missing-category", "three categories"),
            (Wrong::RepeatedCategory, "repeated-category", "one category twice"),
            (Wrong::UnknownCategory, "unknown-category", "a fifth category"),
            (Wrong::SeverityOutOfRange, "severity-out-of-range", "a severity of 9"),
            (Wrong::MissingSeverity, "missing-severity", "a category without severity"),
            (Wrong::WrongContentType, "wrong-content-type", "a page of HTML"),
            (Wrong::Oversized, "oversized", "a megabyte too much"),
        ],
    )
}

fn choices<T: Copy + PartialEq>(now: Option<T>, all: &[(T, &str, &str)]) -> Vec<Choice> {
    all.iter()
        .map(|(which, value, label)| Choice {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            chosen: now == Some(*which),
        })
        .collect()
}

fn answer(now: Option<Severities>) -> Vec<(&'static str, &'static str, Vec<Choice>)> {
    let field = |name, label, severity: fn(Severities) -> u8| {
        let levels = LEVELS.iter().map(|level| Choice {
            value: level.to_string(),
            label: level.to_string(),
            chosen: now.map(severity) == Some(*level),
        });
        (name, label, levels.collect())
    };
    vec![
        field("hate", "Hate", |severities| severities.hate),
        field("selfHarm", "Self-harm", |severities| severities.self_harm),
        field("sexual", "Sexual", |severities| severities.sexual),
        field("violence", "Violence", |severities| severities.violence),
    ]
}
