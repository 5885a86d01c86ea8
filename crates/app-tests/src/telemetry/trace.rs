//! One trace.

use serde_json::Value;

/// A trace, as far as it has come.
#[derive(Clone, Debug)]
pub struct Trace {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Parents before children, in the order in which they began.
    pub spans: Vec<Span>,
}

/// A piece of work that a service told of.
#[derive(Clone, Debug)]
pub struct Span {
    /// 16 hexadecimal digits.
    pub id: String,
    /// The span it lies in, whether or not that one was received.
    pub parent_id: Option<String>,
    /// Who did it: an app, a simulator, or `host`.
    pub service: String,
    /// Its name, such as `GET /v1/things/{id}`.
    pub name: String,
    /// `server`, `client`, `producer`, `consumer` or `internal`.
    pub kind: String,
    /// How deep it lies; 0 is a root.
    pub depth: usize,
    /// Milliseconds.
    pub duration_ms: f64,
    /// Whether its status is an error.
    pub is_error: bool,
    /// By name.
    pub attributes: Value,
    /// The messages that were logged in it, with level: `warning: not found`.
    pub logs: Vec<String>,
    /// The ids of traces that it links to.
    pub links: Vec<String>,
}

impl Trace {
    pub(super) fn read(json: &Value) -> Option<Self> {
        let spans = json["spans"].as_array()?.iter().map(Span::read).collect();
        Some(Self { id: json["traceId"].as_str()?.to_owned(), spans })
    }

    /// The spans as indented text, one a line: `service: name`, and ` !` behind one with an error.
    #[must_use]
    pub fn tree(&self) -> String {
        let line = |span: &Span| {
            let mark = if span.is_error { " !" } else { "" };
            format!("{}{}: {}{mark}", "  ".repeat(span.depth), span.service, span.name)
        };
        self.spans.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The same without some spans; what lies in them moves up. For what is not the test's subject, or differs from run to
    /// run.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(&Span) -> bool) -> Self {
        // The depths of the left-out spans that the current one lies in.
        let mut gone: Vec<usize> = Vec::new();
        let mut spans = Vec::new();
        for span in &self.spans {
            gone.retain(|depth| *depth < span.depth);
            if is_left_out(span) {
                gone.push(span.depth);
            } else {
                spans.push(Span { depth: span.depth - gone.len(), ..span.clone() });
            }
        }
        Self { id: self.id.clone(), spans }
    }

    /// The first span of this service and name.
    #[must_use]
    pub fn span(&self, service: &str, name: &str) -> Option<&Span> {
        self.spans.iter().find(|span| span.service == service && span.name == name)
    }

    /// Whether there is a span of this service and name.
    #[must_use]
    pub fn has(&self, service: &str, name: &str) -> bool {
        self.span(service, name).is_some()
    }
}

impl Span {
    fn read(json: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let each = |list: &Value, read: &dyn Fn(&Value) -> String| {
            list.as_array().into_iter().flatten().map(read).collect()
        };
        let log = |log: &Value| format!("{}: {}", text(&log["level"]), text(&log["message"]));
        Self {
            id: text(&json["spanId"]),
            parent_id: json["parentId"].as_str().map(str::to_owned),
            service: text(&json["service"]),
            name: text(&json["name"]),
            kind: text(&json["kind"]),
            depth: json["depth"].as_u64().and_then(|depth| depth.try_into().ok()).unwrap_or(0),
            duration_ms: json["durationMs"].as_f64().unwrap_or(0.0),
            is_error: json["status"]["code"] == "error",
            attributes: json["attributes"].clone(),
            logs: each(&json["logs"], &log),
            links: each(&json["links"], &|link| text(&link["traceId"])),
        }
    }
}

/// A text without its common indentation, and without empty lines around it.
pub(super) fn unindented(text: &str) -> String {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines().map(|line| line[indent..].trim_end()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    fn trace() -> Trace {
        let span = |depth: usize, service: &str, name: &str, code: &str| json!({ "depth": depth, "service": service, "name": name, "status": { "code": code } });
        let spans = [
            span(0, "host", "POST /a", "unset"),
            span(1, "app", "POST /a", "error"),
            span(2, "app", "work", "unset"),
            span(2, "app", "create_item as", "ok"),
            span(0, "other", "root", "unset"),
        ];
        Trace::read(&json!({ "traceId": "1", "spans": spans })).unwrap()
    }

    #[test]
    fn a_trace_is_an_indented_text() {
        let expected = unindented(
            "
            host: POST /a
              app: POST /a !
                app: work
                app: create_item as
            other: root
            ",
        );
        assert_eq!(trace().tree(), expected);
    }

    #[test]
    fn what_lies_in_a_span_that_is_left_out_moves_up() {
        let few = trace().without(|span| span.name == "POST /a");
        assert_eq!(few.tree(), "app: work\napp: create_item as\nother: root");
        assert!(few.has("app", "work") && !few.has("host", "POST /a"));
    }
}
