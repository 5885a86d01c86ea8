//! The list of invocations: filtered, and a page at a time.

use std::collections::BTreeSet;

use askama::Template;
use serde::Serialize;
use uuid::Uuid;

use super::{Visit, frame::Frame, moments::took};
use crate::{InvocationRecord, Outcome, journal::Journal};

/// How many invocations a page has.
pub(super) const ROWS_MAX: usize = 100;

/// How a call ended, in the three words of the filter.
pub(super) const VERDICTS: [(&str, &str); 3] =
    [("good", "succeeded"), ("odd", "refused (4xx) or abandoned"), ("bad", "failed")];

#[derive(Template, Serialize)]
#[template(path = "invocations.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocations {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    apps: Vec<String>,
    #[serde(skip)]
    functions: BTreeSet<String>,
    filter: Filter,
    /// How many are remembered, whatever the filter.
    remembered: usize,
    rows: Vec<InvocationRow>,
    /// The query of the next, older page.
    older: Option<String>,
}

/// Which invocations are wanted. Missing: all.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Filter {
    pub(super) app: Option<String>,
    pub(super) function: Option<String>,
    /// One of [`VERDICTS`], or an HTTP status.
    pub(super) status: Option<String>,
    pub(super) trace: Option<String>,
    /// Only what is older than this invocation.
    pub(super) before: Option<Uuid>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvocationRow {
    pub(super) id: Uuid,
    /// UTC.
    pub(super) started_at: String,
    #[serde(skip)]
    pub(super) clock: String,
    pub(super) app: String,
    pub(super) function: String,
    pub(super) trigger: &'static str,
    pub(super) about: String,
    /// `good`, `odd` or `bad`, also the name of its style.
    pub(super) verdict: &'static str,
    pub(super) status: Option<u16>,
    pub(super) duration_ms: f64,
    pub(super) trace_id: String,
    pub(super) reason: Option<String>,
}

impl Invocations {
    pub(super) fn of(visit: &Visit) -> Self {
        let text = |name| visit.query(name).map(|text| text.trim().to_owned());
        let filter = Filter {
            app: text("app"),
            function: text("function"),
            status: text("status"),
            trace: text("trace").map(|trace| trace.to_ascii_lowercase()),
            before: visit.query("before").and_then(|id| id.parse().ok()),
        };
        let platform = &visit.page.platform;
        let apps: Vec<String> =
            platform.apps.iter().map(|running| running.app.name.clone()).collect();
        let functions = platform.apps.iter().flat_map(|running| &running.app.functions);
        let functions = functions.map(|function| function.name.to_string()).collect();
        let frame = Frame::new(visit, "Invocations", "invocations");
        Self::new(frame, &platform.journal, filter, apps, functions)
    }

    fn new(
        frame: Frame,
        journal: &Journal,
        filter: Filter,
        apps: Vec<String>,
        functions: BTreeSet<String>,
    ) -> Self {
        // One more than is shown tells whether there is a next page.
        let mut found = journal.select(ROWS_MAX + 1, filter.before, |record| filter.wants(record));
        let has_more = found.len() > ROWS_MAX;
        found.truncate(ROWS_MAX);
        let last = found.last().filter(|_| has_more);
        let older = last.map(|record| filter.query(record.id));
        let (remembered, rows) = (journal.len(), InvocationRow::all(&found));
        Self { frame, apps, functions, filter, remembered, rows, older }
    }

    fn has(&self, chosen: &Option<String>, value: &str) -> bool {
        chosen.as_deref() == Some(value)
    }
}

impl Filter {
    fn wants(&self, record: &InvocationRecord) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        let status = self.status.as_ref().is_none_or(|status| {
            status == verdict(record)
                || record.status.is_some_and(|known| known.to_string() == *status)
        });
        is(&self.app, &record.app)
            && is(&self.function, &record.function)
            && is(&self.trace, &record.trace_id)
            && status
    }

    fn query(&self, before: Uuid) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let fields = [
            ("app", &self.app),
            ("function", &self.function),
            ("status", &self.status),
            ("trace", &self.trace),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        query.append_pair("before", &before.to_string()).finish()
    }
}

impl InvocationRow {
    pub(super) fn all(records: &[InvocationRecord]) -> Vec<Self> {
        records.iter().map(Self::new).collect()
    }

    pub(super) fn new(record: &InvocationRecord) -> Self {
        let reason = match &record.outcome {
            Outcome::Failed(reason) => Some(reason.clone()),
            Outcome::Abandoned => Some("the client went away".to_owned()),
            Outcome::Answered => None,
        };
        let started_at = format!("{:.3}", record.started_at);
        Self {
            id: record.id,
            clock: started_at.get(11..23).unwrap_or_default().to_owned(),
            started_at,
            app: record.app.clone(),
            function: record.function.clone(),
            trigger: record.trigger,
            about: record.about.clone(),
            verdict: verdict(record),
            status: record.status,
            duration_ms: record.duration.as_secs_f64() * 1_000.0,
            trace_id: record.trace_id.clone(),
            reason,
        }
    }

    /// For people.
    pub(super) fn took(&self) -> String {
        took(self.duration_ms)
    }

    /// Enough of the trace's id to tell it from its neighbours.
    pub(super) fn trace_short(&self) -> &str {
        self.trace_id.get(..8).unwrap_or(&self.trace_id)
    }

    pub(super) fn status_text(&self) -> String {
        self.status.map_or_else(|| "–".to_owned(), |status| status.to_string())
    }
}

fn verdict(record: &InvocationRecord) -> &'static str {
    match (&record.outcome, record.status) {
        (Outcome::Failed(_), _) | (Outcome::Answered, Some(500..)) => "bad",
        (Outcome::Abandoned, _) | (Outcome::Answered, Some(400..)) => "odd",
        (Outcome::Answered, _) => "good",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::http::Trace;

    fn record(number: usize) -> InvocationRecord {
        InvocationRecord {
            id: Uuid::from_u128(number as u128 + 1),
            app: "app".into(),
            function: if number.is_multiple_of(2) { "even".into() } else { "odd".into() },
            trigger: "http",
            about: format!("GET /<script>alert({number})</script>"),
            status: Some(if number.is_multiple_of(10) { 500 } else { 200 }),
            outcome: Outcome::Answered,
            started_at: Timestamp::UNIX_EPOCH,
            duration: Duration::from_millis(1),
            trace_id: format!("{:032x}", number / 2),
            trace: Trace::continued(None),
        }
    }

    fn page(journal: &Journal, filter: Filter) -> Invocations {
        Invocations::new(Frame::for_tests(), journal, filter, vec!["app".into()], BTreeSet::new())
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn of_ten_thousand_invocations_one_page_is_rendered_and_the_others_follow() {
        let journal = Journal::default();
        (0..10_000).for_each(|number| journal.add(record(number)));
        let (mut seen, mut before, mut pages) = (BTreeSet::new(), None, 0);
        loop {
            let page = page(&journal, Filter { before, ..Filter::default() });
            let html = page.render().unwrap();
            assert_eq!(html.matches("<tr ").count(), ROWS_MAX);
            assert!(html.len() < 200_000, "{} bytes", html.len());
            seen.extend(page.rows.iter().map(|row| row.id));
            pages += 1;
            let Some(older) = page.older else { break };
            before = older.strip_prefix("before=").map(|id| id.parse().unwrap());
        }
        assert_eq!((pages, seen.len()), (100, 10_000));
    }

    #[test]
    fn the_filter_takes_function_status_and_trace_together() {
        let journal = Journal::default();
        (0..100).for_each(|number| journal.add(record(number)));
        let rows = |filter| page(&journal, filter).rows.len();
        assert_eq!(rows(Filter { function: some("even"), ..Filter::default() }), 50);
        assert_eq!(rows(Filter { status: some("bad"), ..Filter::default() }), 10);
        assert_eq!(rows(Filter { status: some("500"), ..Filter::default() }), 10);
        assert_eq!(
            rows(Filter { status: some("bad"), function: some("odd"), ..Filter::default() }),
            0
        );
        assert_eq!(rows(Filter { trace: some(&format!("{:032x}", 7)), ..Filter::default() }), 2);
        assert_eq!(rows(Filter { app: some("other"), ..Filter::default() }), 0);
    }

    #[test]
    fn hostile_paths_are_escaped() {
        let journal = Journal::default();
        journal.add(record(1));
        let filter = Filter { trace: some("\"><script>"), ..Filter::default() };
        for filter in [Filter::default(), filter] {
            let html = page(&journal, filter).render().unwrap();
            assert!(!html.contains("<script>"), "{html}");
        }
    }
}
