//! Requests as they are to be sent: right ones, with marks wherever they may be, and wrong ones, with marks wherever they
//! may not.

use contract_check::Contract;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::Value;

use super::known::{Known, parameter};
use super::marking::{kinds, marked, spoiled};
use super::operations::{Body, Operation};
use crate::marked::{Kind, Marks};

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) method: Method,
    /// With its query.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<(String, Vec<u8>)>,
}

/// What drafts are made of.
pub(super) struct Drafting<'a> {
    pub(super) contract: &'a Contract,
    pub(super) marks: &'a Marks,
    pub(super) known: &'a Known,
}

impl Drafting<'_> {
    /// One for each example, first with marks in the places of its texts, then as it is.
    pub(super) fn right(&self, operation: &Operation) -> Vec<Draft> {
        let draft = self.draft(operation);
        if operation.bodies.is_empty() {
            return vec![draft];
        }
        let mut drafts = Vec::new();
        for body in &operation.bodies {
            for example in &body.examples {
                let fits = |value: &Value| {
                    self.contract.mistakes(&body.schema, value).is_ok_and(|found| found.is_empty())
                };
                let value = marked(&self.resolved(example), self.marks, fits);
                drafts.push(with_body(&draft, body, &value));
            }
            drafts.extend(body.examples.first().map(|example| with_body(&draft, body, example)));
            if body.examples.is_empty() {
                let mark = self.marks.new_mark(Kind::Text);
                drafts.push(Draft {
                    body: Some((body.media_type.clone(), mark.into_bytes())),
                    ..draft.clone()
                });
            }
        }
        drafts
    }

    /// Each is wrong in a way of its own.
    pub(super) fn wrong(&self, operation: &Operation) -> Vec<Draft> {
        let draft = self.draft(operation);
        let mut drafts = vec![
            Draft {
                path: self.path(operation, &|_| self.marks.new_mark(Kind::Word)),
                ..draft.clone()
            },
            Draft {
                path: self.path(operation, &|_| self.marks.new_mark(Kind::Email)),
                ..draft.clone()
            },
            Draft {
                path: format!("{}?{}", bare(&draft.path), self.wrong_query(operation)),
                ..draft.clone()
            },
            Draft { headers: self.wrong_headers(), ..draft.clone() },
        ];
        for body in operation.bodies.iter().take(1) {
            let example = body.examples.first().cloned().unwrap_or_default();
            drafts.extend(
                spoiled(&example, self.marks).iter().map(|value| with_body(&draft, body, value)),
            );
            let text = |media_type: &str, text: String| Draft {
                body: Some((media_type.to_owned(), text.into_bytes())),
                ..draft.clone()
            };
            let mark = |kind| self.marks.new_mark(kind);
            let broken = format!("{{\"{}\": \"{}", mark(Kind::Word), mark(Kind::Email));
            drafts.push(text(&body.media_type, broken));
            drafts.push(text(&body.media_type, mark(Kind::Text)));
            drafts.push(text(&format!("text/{}", mark(Kind::Word)), mark(Kind::Name)));
        }
        drafts
    }

    /// With everything that is needed, and what a client says of itself.
    fn draft(&self, operation: &Operation) -> Draft {
        let known = |name: &str| match self.known.value(name) {
            Some(value) => value.to_owned(),
            None => self.marks.new_mark(Kind::Word),
        };
        let mut headers = self.usual_headers();
        let mut query = Vec::new();
        for parameter in &operation.parameters {
            let value = match &parameter.example {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let mark = Value::from(self.marks.new_mark(kinds(&parameter.name)[0]));
            let may_be_marked = self
                .contract
                .mistakes(&parameter.schema, &mark)
                .is_ok_and(|found| found.is_empty());
            match (parameter.is_header, may_be_marked) {
                (true, _) if parameter.name.eq_ignore_ascii_case("idempotency-key") => {
                    let key = format!("\"{}\"", self.marks.new_mark(Kind::Word));
                    headers.push((parameter.name.clone(), key));
                }
                (true, _) if parameter.is_required => headers.push((parameter.name.clone(), value)),
                (true, _) => {}
                (false, true) if !CURSORS.contains(&parameter.name.as_str()) => {
                    query.push((
                        parameter.name.clone(),
                        mark.as_str().unwrap_or_default().to_owned(),
                    ));
                }
                (false, _) if parameter.is_required => query.push((parameter.name.clone(), value)),
                (false, _) => {}
            }
        }
        // Two filters at once are seldom taken.
        query.truncate(1);
        let path = self.path(operation, &known);
        let path = match query.is_empty() {
            true => path,
            false => format!("{path}?{}", encoded(&query)),
        };
        Draft { method: operation.method.clone(), path, headers, body: None }
    }

    fn path(&self, operation: &Operation, value: &dyn Fn(&str) -> String) -> String {
        let part = |part: &str| match parameter(part) {
            Some(name) => escaped(&value(name)),
            None => part.to_owned(),
        };
        operation.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    fn usual_headers(&self) -> Vec<(String, String)> {
        let mark = |kind| self.marks.new_mark(kind);
        [
            ("user-agent", mark(Kind::Word)),
            ("x-forwarded-for", mark(Kind::Ip)),
            ("x-client-ip", mark(Kind::Ip)),
            ("referer", format!("https://example.org/{}?q={}", mark(Kind::Word), mark(Kind::Word))),
            ("baggage", format!("user={}", mark(Kind::Word))),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    fn wrong_headers(&self) -> Vec<(String, String)> {
        let mark = |kind| self.marks.new_mark(kind);
        let names = ["idempotency-key", "if-match", "if-none-match", "prefer", "accept", "range"];
        let names =
            names.into_iter().chain(["accept-language", "traceparent", "network-signature"]);
        let wrong = names.map(|name| (name.to_owned(), mark(Kind::Secret)));
        let bearer = ("authorization".to_owned(), format!("Bearer {}", mark(Kind::Secret)));
        wrong.chain([bearer]).chain(self.usual_headers()).collect()
    }

    fn wrong_query(&self, operation: &Operation) -> String {
        let of_query = operation.parameters.iter().filter(|parameter| !parameter.is_header);
        let known = of_query.map(|parameter| parameter.name.clone());
        let names = known.chain(["q".to_owned(), self.marks.new_mark(Kind::Word)]);
        encoded(&names.map(|name| (name, self.marks.new_mark(Kind::Text))).collect::<Vec<_>>())
    }

    /// An example about what is there.
    fn resolved(&self, example: &Value) -> Value {
        let mut example = example.clone();
        if let Some(members) = example.as_object_mut() {
            for (name, member) in members.iter_mut().filter(|(_, member)| member.is_string()) {
                if let Some(known) = self.known.value(name) {
                    *member = Value::from(known);
                }
            }
        }
        example
    }
}

/// Marks in these only say that they are wrong.
const CURSORS: [&str; 3] = ["continuation", "cursor", "limit"];

fn with_body(draft: &Draft, body: &Body, value: &Value) -> Draft {
    let bytes = match value {
        Value::String(text) if !body.media_type.ends_with("json") => text.clone().into_bytes(),
        Value::Object(members) if body.media_type == "application/x-www-form-urlencoded" => {
            let text =
                |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let fields = members.iter().map(|(name, value)| (name.clone(), text(value)));
            encoded(&fields.collect::<Vec<_>>()).into_bytes()
        }
        value => value.to_string().into_bytes(),
    };
    Draft { body: Some((body.media_type.clone(), bytes)), ..draft.clone() }
}

fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// As a query or a form.
pub(super) fn encoded(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
