//! A message of OTLP taken apart: every text in it, and where it stood.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde::Serialize;
use serde_json::Value;

use super::receiver::Message;

/// A text of telemetry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// Who told it.
    pub(crate) service: String,
    /// `span`, `log record` or `figure`.
    pub(crate) signal: &'static str,
    /// Where in it: names of spans and figures, members, keys of attributes.
    pub(crate) place: Vec<String>,
    /// The text.
    pub(crate) text: String,
}

impl Text {
    /// In words.
    pub(crate) fn place(&self) -> String {
        format!("a {} of {}: {}", self.signal, self.service, self.place.join(" > "))
    }

    /// Whether it is the value of this attribute.
    pub(crate) fn is_attribute(&self, key: &str) -> bool {
        self.place.last().is_some_and(|last| last == key)
    }
}

/// All texts of a message; none if it is no message of OTLP.
pub(crate) fn texts(message: &Message) -> Option<Vec<Text>> {
    let (signal, list, told) = match message.path.as_str() {
        "/v1/traces" => {
            ("span", "resourceSpans", json::<ExportTraceServiceRequest>(&message.body)?)
        }
        "/v1/logs" => {
            ("log record", "resourceLogs", json::<ExportLogsServiceRequest>(&message.body)?)
        }
        "/v1/metrics" => {
            ("figure", "resourceMetrics", json::<ExportMetricsServiceRequest>(&message.body)?)
        }
        _ => return None,
    };
    let mut texts = Vec::new();
    for of_resource in told[list].as_array()? {
        let service = service(of_resource).unwrap_or("nobody").to_owned();
        let mut walk = Walk { service, signal, place: Vec::new(), texts: &mut texts };
        walk.look(of_resource);
    }
    Some(texts)
}

fn json<M: prost::Message + Default + Serialize>(body: &[u8]) -> Option<Value> {
    serde_json::to_value(M::decode(body).ok()?).ok()
}

fn service(of_resource: &Value) -> Option<&str> {
    let attributes = of_resource["resource"]["attributes"].as_array()?;
    let name = attributes.iter().find(|attribute| attribute["key"] == "service.name")?;
    name["value"]["stringValue"].as_str()
}

/// Members that only hold others.
const FRAMES: [&str; 8] = [
    "scopeSpans",
    "scopeLogs",
    "scopeMetrics",
    "spans",
    "logRecords",
    "metrics",
    "value",
    "attributes",
];

struct Walk<'a> {
    service: String,
    signal: &'static str,
    place: Vec<String>,
    texts: &'a mut Vec<Text>,
}

impl Walk<'_> {
    fn look(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                // Attributes have a key, spans and figures a name.
                let named = ["key", "name"].iter().find_map(|name| members.get(*name)?.as_str());
                self.within(named, |walk| {
                    for (name, member) in members {
                        let is_frame = FRAMES.contains(&name.as_str()) || name.ends_with("Value");
                        walk.within((!is_frame).then_some(name.as_str()), |walk| walk.look(member));
                    }
                });
            }
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            Value::String(text) => self.texts.push(Text {
                service: self.service.clone(),
                signal: self.signal,
                place: self.place.clone(),
                text: text.clone(),
            }),
            _ => {}
        }
    }

    fn within(&mut self, name: Option<&str>, look: impl FnOnce(&mut Self)) {
        let before = self.place.len();
        self.place.extend(name.map(str::to_owned));
        look(self);
        self.place.truncate(before);
    }
}
