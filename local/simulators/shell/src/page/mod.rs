//! The page at `/`: what the simulator shows, and its faults with a form to switch them.

mod view;

use askama::Template;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

pub use view::FormView;

use crate::{
    Faults, Reply, Simulator,
    reply::{problem, with},
    running::Shared,
};

/// Nothing from elsewhere runs or is shown on the page.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// A part of the page.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its id, unique on the page.
    pub id: &'static str,
    /// Its headline.
    pub title: String,
    /// Its content as HTML, everything in it escaped already.
    pub html: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    about: &'a str,
    sections: Vec<Section>,
    are_off: bool,
    /// Of the faults that strike requests: how many more are struck.
    times: Option<u64>,
    requests: u64,
    form: FormView,
}

pub(crate) async fn show<S: Simulator>(shared: &Shared<S>, query: &str) -> Reply {
    let sections = shared.simulator.sections(query).await;
    let faults = shared.switches.faults();
    let json = serde_json::to_value(&faults).unwrap_or(Value::Null);
    let page = Page {
        title: S::TITLE,
        about: S::ABOUT,
        sections,
        are_off: faults.are_off(),
        times: json.get("times").and_then(Value::as_u64),
        requests: shared.log.requests(),
        form: FormView::new("/faults", "Switch", &S::Faults::all_fieldsets(), &json),
    };
    match page.render() {
        Ok(html) => {
            let mut reply = with(StatusCode::OK, "text/html; charset=utf-8", html);
            let policy = header::CONTENT_SECURITY_POLICY;
            reply.headers_mut().insert(policy, CONTENT_SECURITY_POLICY);
            reply
        }
        Err(error) => {
            tracing::error!(%error, "making the page");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be made")
        }
    }
}

pub(crate) fn style() -> Reply {
    with(StatusCode::OK, "text/css; charset=utf-8", include_str!("templates/page.css"))
}

pub(crate) fn script() -> Reply {
    with(StatusCode::OK, "text/javascript; charset=utf-8", include_str!("templates/page.js"))
}
