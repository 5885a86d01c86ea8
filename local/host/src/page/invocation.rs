//! One invocation: what it was sent, what it answered, what was logged meanwhile.

use askama::Template;
use jiff::SignedDuration;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Visit,
    answers::Refusal,
    body_text::BodyText,
    frame::Frame,
    invocations::InvocationRow,
    log_lines::{self, LineView},
};

#[derive(Template, Serialize)]
#[template(path = "invocation.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct InvocationPage {
    #[serde(skip)]
    frame: Frame,
    invocation: InvocationRow,
    /// The invocation's own span in its trace.
    span_id: String,
    /// Path and query of an HTTP request.
    target: Option<String>,
    /// `null` when it has been forgotten already.
    input: Option<BodyText>,
    output: Option<BodyText>,
    log: Vec<LineView>,
}

impl InvocationPage {
    pub(super) fn of(visit: &Visit, id: &str) -> Result<Self, Refusal> {
        let platform = &visit.page.platform;
        let record = id.parse::<Uuid>().ok().and_then(|id| platform.journal.get(id));
        let forgotten = "this invocation is not remembered: the latest 10,000 are";
        let record = record.ok_or_else(|| Refusal::new(http::StatusCode::NOT_FOUND, forgotten))?;
        let exchange = platform.exchanges.of(record.id);
        let lasted = SignedDuration::try_from(record.duration).unwrap_or(SignedDuration::ZERO);
        let ended_at = record.started_at.saturating_add(lasted).unwrap_or(record.started_at);
        let meanwhile = Some((record.app.as_str(), record.started_at, ended_at));
        let log = log_lines::about(platform.log.book(), &[record.id.to_string()], meanwhile);
        let title = format!("{}/{}", record.app, record.function);
        Ok(Self {
            frame: Frame::new(visit, title, "invocations"),
            invocation: InvocationRow::new(&record),
            span_id: record.trace.span().to_string(),
            target: exchange.as_ref().and_then(|exchange| exchange.target.clone()),
            input: exchange.as_ref().map(|exchange| BodyText::of(&exchange.input)),
            output: exchange.as_ref().map(|exchange| BodyText::of(&exchange.output)),
            log,
        })
    }
}
