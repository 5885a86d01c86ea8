//! The page: what is running, what happened and why, and the levers to make it happen again.
//!
//! Rendered here; the script only refreshes what changes. It lives at `/` (unless an app owns the root) and below
//! `/admin/page`, which belongs to the host and cannot collide with an app's route. What a page shows is there as JSON
//! at the same path without `page`: `/admin/page/queues` and `/admin/queues`.

mod access;
mod actions;
mod answers;
mod apps;
mod blobs;
mod body_text;
mod clock;
mod containers;
mod delivery;
mod faults;
mod frame;
mod function;
mod instance;
mod invocation;
mod invocations;
mod json_actions;
mod log_lines;
mod metrics;
mod moments;
mod notices;
mod overview;
mod queues;
mod services;
mod simulators;
mod span_view;
mod telemetry;
mod trace;
mod traces;
mod visit;

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;

use crate::{
    FaultSwitches,
    http::{ReplyBody, assets, reply},
    keys::Keys,
    mock::Mocks,
    platform::Platform,
    triggers::AppTriggers,
};
use answers::{Form, Refusal};
use notices::Notices;
use services::Services;
use visit::Visit;

/// The first segments below `/admin` that are answered here.
const JSON_PLACES: [&str; 12] = [
    "overview",
    "apps",
    "invocations",
    "traces",
    "metrics",
    "telemetry",
    "queues",
    "containers",
    "blobs",
    "faults",
    "simulators",
    "clock",
];

/// What the page shows, and what it keeps besides.
#[derive(Debug)]
pub(crate) struct Page {
    platform: Arc<Platform>,
    /// `None`: everybody is let in.
    keys: Option<Keys>,
    /// One per app, in the order of the platform's apps.
    triggers: Vec<AppTriggers>,
    /// Proves that a form came from this page; new at each start.
    csrf: String,
    /// Proves that a browser has shown the master key; new at each start.
    session: String,
    notices: Notices,
    services: Services,
    faults: Arc<FaultSwitches>,
    mocks: Arc<Mocks>,
}

impl Page {
    pub(crate) fn new(
        platform: &Arc<Platform>,
        keys: Option<&Keys>,
        triggers: &[AppTriggers],
        faults: Arc<FaultSwitches>,
        mocks: &Arc<Mocks>,
    ) -> Self {
        let random = || format!("{:032x}", rand::random::<u128>());
        Self {
            platform: Arc::clone(platform),
            keys: keys.cloned(),
            triggers: triggers.to_vec(),
            csrf: random(),
            session: random(),
            notices: Notices::default(),
            services: Services::new(&platform.endpoints),
            faults,
            mocks: Arc::clone(mocks),
        }
    }

    pub(crate) fn faults(&self) -> &FaultSwitches {
        &self.faults
    }
}

/// Whether a path below `/admin` is answered here.
pub(crate) fn owns(segments: &[&str]) -> bool {
    match segments {
        [] | ["page", ..] => true,
        [first, ..] => JSON_PLACES.contains(first),
    }
}

/// Answers `/`.
pub(crate) async fn front(page: &Arc<Page>, request: Request<Incoming>) -> Response<ReplyBody> {
    answer(page, &[], request).await
}

/// Answers a path below `/admin` that [`owns`] names.
pub(crate) async fn answer(
    page: &Arc<Page>,
    segments: &[&str],
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let (form, rest) = match segments {
        [] => (Form::Page, segments),
        ["page", rest @ ..] => (Form::Page, rest),
        rest => (Form::Json, rest),
    };
    if let Err(refused) = access::admit(page, form, &request) {
        return *refused;
    }
    let decoded: Vec<String> = rest
        .iter()
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let visit = Visit::new(page, form, request.uri());
    let answered = match (request.method(), form) {
        (&(Method::GET | Method::HEAD), _) => look(&visit, &segments).await,
        (&Method::POST, Form::Page) => actions::act(&visit, &segments, request).await,
        (_, Form::Json) => json_actions::act(&visit, &segments, request).await,
        _ => Err(Refusal::not_found()),
    };
    answered.unwrap_or_else(|refusal| answers::refused(&visit, &refusal))
}

/// Pages and their JSON, which change nothing.
async fn look(visit: &Visit, segments: &[&str]) -> Result<Response<ReplyBody>, Refusal> {
    match segments {
        ["page.css"] => Ok(assets::style()),
        ["page.js"] => Ok(assets::script()),
        ["icon.svg"] => Ok(assets::icon()),
        ["dora.svg"] => delivery::picture(),
        [] | ["overview"] => answers::shown(visit.form, &overview::Overview::of(visit).await),
        ["apps"] => answers::shown(visit.form, &apps::Apps::of(visit)),
        ["functions", app, name] => {
            answers::shown(visit.form, &function::FunctionPage::of(visit, app, name)?)
        }
        ["invocations"] => answers::shown(visit.form, &invocations::Invocations::of(visit)),
        ["invocations", id] => {
            answers::shown(visit.form, &invocation::InvocationPage::of(visit, id)?)
        }
        ["traces"] => answers::shown(visit.form, &traces::Traces::of(visit)),
        ["metrics"] => answers::shown(visit.form, &metrics::Metrics::of(visit)),
        ["telemetry", rest @ ..] if visit.form == Form::Json => telemetry::answer(visit, rest),
        ["traces", id] => answers::shown(visit.form, &trace::TracePage::of(visit, id)?),
        ["queues"] => answers::shown(visit.form, &queues::Queues::of(visit).await),
        ["queues", queue] => {
            answers::shown(visit.form, &queues::QueuePage::of(visit, queue).await?)
        }
        ["containers"] => answers::shown(visit.form, &containers::Containers::of(visit).await),
        ["containers", database, name] => {
            let page = containers::ContainerPage::of(visit, database, name).await?;
            answers::shown(visit.form, &page)
        }
        ["blobs"] => answers::shown(visit.form, &blobs::BlobContainers::of(visit).await),
        ["blobs", container] => {
            answers::shown(visit.form, &blobs::BlobsPage::of(visit, container).await?)
        }
        ["blobs", container, "content"] => blobs::content(visit, container).await,
        ["faults"] => answers::shown(visit.form, &faults::Faults::of(visit)),
        ["clock"] if visit.form == Form::Json => {
            Ok(reply::json(StatusCode::OK, &clock::ClockView::of(visit)))
        }
        _ => {
            Err(Refusal { status: StatusCode::NOT_FOUND, message: "there is no such page".into() })
        }
    }
}
