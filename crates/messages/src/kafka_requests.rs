//! Events as records that Confluent's REST interface takes, one a request: the binary mode of the CloudEvents binding for
//! Kafka, version 1.0.2, where attributes are headers `ce_…` and the value is the event's data as it is.
//! <https://docs.confluent.io/cloud/current/ccloud/produce-record/>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outgoing::{Answer, StatusCode, Verdict};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Before the name of an attribute.
pub(crate) const PREFIX: &str = "ce_";
/// The header that says what the value is.
pub(crate) const CONTENT_TYPE: &str = "content-type";

/// The body of the request that produces an event, which is structured JSON.
///
/// # Panics
/// If `event` is not the text of a JSON object: mistakes in the code.
pub(crate) fn record(key: &str, event: &str) -> String {
    let mut event: Map<String, Value> = serde_json::from_str(event).expect("an event is JSON");
    let data = event.remove("data");
    let content_type = event.remove("datacontenttype");
    let attributes = event.iter().map(|(name, value)| header(&format!("{PREFIX}{name}"), value));
    let content_type = content_type.iter().map(|value| header(CONTENT_TYPE, value));
    let headers: Vec<Value> = content_type.chain(attributes).collect();
    let mut record = json!({ "headers": headers, "key": { "type": "STRING", "data": key } });
    if let Some(data) = data {
        record["value"] = json!({ "type": "BINARY", "data": STANDARD.encode(data.to_string()) });
    }
    record.to_string()
}

/// A header's value is the attribute as text.
fn header(name: &str, value: &Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    json!({ "name": name, "value": STANDARD.encode(text) })
}

/// What an answer says became of a record: an answer 200 means that it was read, and its report what came of it.
pub(crate) fn became(answer: &Answer) -> Option<StatusCode> {
    if answer.status() != StatusCode::OK {
        return Some(answer.status());
    }
    answer.json::<Report>().ok().and_then(Report::status)
}

/// Whether another try may help.
pub(crate) fn verdict(answer: &Answer) -> Verdict {
    match became(answer) {
        Some(StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) => Verdict::TryAgain,
        Some(status) if status.is_server_error() => Verdict::TryAgain,
        Some(_) => Verdict::Well,
        None => Verdict::TryAgain,
    }
}

/// One delivery report.
#[derive(Debug, Deserialize)]
struct Report {
    error_code: u32,
}

impl Report {
    /// Codes are a status, or one with two digits more that say which.
    fn status(self) -> Option<StatusCode> {
        let code = if self.error_code >= 10_000 { self.error_code / 100 } else { self.error_code };
        u16::try_from(code).ok().and_then(|code| StatusCode::from_u16(code).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn text(encoded: &Value) -> String {
        String::from_utf8(STANDARD.decode(encoded.as_str().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn an_event_is_a_record_with_its_attributes_as_headers() {
        let event = json!({
            "specversion": "1.0", "id": "k-1-baked", "source": "/bakery", "type": "com.iommi.bakery.baked.v1",
            "subject": "k", "time": "2026-11-21T08:00:00Z", "datacontenttype": "application/json", "revision": 1,
            "data": {"cake": "Äpfel"},
        });
        let record: Value = serde_json::from_str(&record("k", &event.to_string())).unwrap();
        assert_eq!(record["key"], json!({"type": "STRING", "data": "k"}));
        assert_eq!(record["value"]["type"], "BINARY");
        assert_eq!(text(&record["value"]["data"]), r#"{"cake":"Äpfel"}"#);
        let headers: Map<String, Value> = record["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|header| {
                (header["name"].as_str().unwrap().to_owned(), text(&header["value"]).into())
            })
            .collect();
        assert_eq!(
            Value::Object(headers),
            json!({
                "content-type": "application/json", "ce_specversion": "1.0", "ce_id": "k-1-baked", "ce_source": "/bakery",
                "ce_type": "com.iommi.bakery.baked.v1", "ce_subject": "k", "ce_time": "2026-11-21T08:00:00Z",
                "ce_revision": "1",
            })
        );
    }

    #[test]
    fn the_request_has_the_form_that_the_interface_documents() {
        let body = record("k", r#"{"id":"1","datacontenttype":"application/json","data":{}}"#);
        let golden = r#"{"headers":[{"name":"content-type","value":"YXBwbGljYXRpb24vanNvbg=="},{"name":"ce_id","value":"MQ=="}],"key":{"data":"k","type":"STRING"},"value":{"data":"e30=","type":"BINARY"}}"#;
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(parsed(&body), parsed(golden));
        let without = parsed(&record("k", r#"{"id":"1","dataref":"a/b"}"#));
        assert_eq!(without.get("value"), None);
    }

    #[test]
    fn a_report_says_what_became_of_a_record() {
        let status = |code| Report { error_code: code }.status().map(|status| status.as_u16());
        assert_eq!((status(200), status(429), status(40_403)), (Some(200), Some(429), Some(404)));
        assert_eq!(status(7), None);
    }
}
