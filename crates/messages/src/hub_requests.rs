//! Events as requests that Event Hubs takes: one alone with its key in a header, several of one key as a batch.

use serde_json::json;

/// The largest body of a request, in bytes. A hub takes a mebibyte for an event or a batch, properties included.
pub(crate) const MAX_BODY_BYTES: usize = 1_000_000;
/// What [`Body::Batch`] is called.
pub(crate) const BATCH_TYPE: &str = "application/vnd.microsoft.servicebus.json";
/// What [`Body::One`] is called: the event says itself what it is.
pub(crate) const EVENT_TYPE: &str = "application/cloudevents+json";

/// An event as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// What it happened to; events of one key stay in their order.
    pub(crate) key: String,
    /// Its type, for errors.
    pub(crate) r#type: String,
    /// Structured JSON.
    pub(crate) text: String,
}

/// The body of one request; all its events have the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// An event as it is; its key is fit for a header.
    One(String),
    /// Several, or one whose key is not, each as text beside its key.
    Batch(String),
}

/// Events of one key in their order, in as few requests as the limit allows.
///
/// # Errors
/// An event that is too large by itself; none is to be sent then.
pub(crate) fn bodies(key: &str, events: &[Outgoing]) -> Result<Vec<Body>, Outgoing> {
    let mut bodies = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut last = None;
    let mut bytes = 0;
    for event in events {
        if event.text.len() > MAX_BODY_BYTES {
            return Err(event.clone());
        }
        let item = item(key, &event.text);
        // Brackets and a comma.
        if !open.is_empty() && bytes + item.len() + 3 > MAX_BODY_BYTES {
            bodies.extend(closed(key, &mut open, last.take()));
            bytes = 0;
        }
        bytes += item.len() + 1;
        open.push(item);
        last = Some(event.text.clone());
    }
    bodies.extend(closed(key, &mut open, last));
    Ok(bodies)
}

/// `only` is the last event as it is, in case it is the only one.
fn closed(key: &str, open: &mut Vec<String>, only: Option<String>) -> Option<Body> {
    let items = std::mem::take(open);
    match items.len() {
        0 => None,
        1 if is_fit_for_a_header(key) => only.map(Body::One),
        _ => Some(Body::Batch(format!("[{}]", items.join(",")))),
    }
}

fn is_fit_for_a_header(key: &str) -> bool {
    key.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

fn item(key: &str, text: &str) -> String {
    json!({"Body": text, "BrokerProperties": {"PartitionKey": key}}).to_string()
}

/// Events by their keys, with what goes along with each, in the order in which the keys came first and the events of each
/// came.
pub(crate) fn by_key<P>(events: Vec<(Outgoing, P)>) -> Vec<(String, Vec<(Outgoing, P)>)> {
    let mut groups: Vec<(String, Vec<(Outgoing, P)>)> = Vec::new();
    for (event, along) in events {
        match groups.iter_mut().find(|(key, _)| *key == event.key) {
            Some((_, group)) => group.push((event, along)),
            None => groups.push((event.key.clone(), vec![(event, along)])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::Value;

    fn event(key: &str, text: impl Into<String>) -> Outgoing {
        Outgoing { key: key.to_owned(), r#type: "t".to_owned(), text: text.into() }
    }

    fn texts(body: &Body) -> Vec<String> {
        match body {
            Body::One(text) => vec![text.clone()],
            Body::Batch(batch) => {
                let items: Vec<Value> = serde_json::from_str(batch).unwrap();
                let text = |item: &Value| item["Body"].as_str().unwrap().to_owned();
                items.iter().map(text).collect()
            }
        }
    }

    #[test]
    fn one_event_goes_as_it_is_and_several_with_their_key() {
        assert_eq!(bodies("k", &[event("k", "{}")]), Ok(vec![Body::One("{}".into())]));
        let two = bodies("k", &[event("k", "1"), event("k", "\"2\"")]).unwrap();
        let expected = r#"[{"Body":"1","BrokerProperties":{"PartitionKey":"k"}},{"Body":"\"2\"","BrokerProperties":{"PartitionKey":"k"}}]"#;
        assert_eq!(two, [Body::Batch(expected.into())]);
        assert_eq!(bodies("k", &[]), Ok(Vec::new()));
    }

    #[test]
    fn a_key_that_no_header_can_have_goes_in_a_batch() {
        let made = bodies("Åsa", &[event("Åsa", "{}")]).unwrap();
        let expected = r#"[{"Body":"{}","BrokerProperties":{"PartitionKey":"Åsa"}}]"#;
        assert_eq!(made, [Body::Batch(expected.into())]);
    }

    #[test]
    fn no_request_is_larger_than_allowed_and_every_event_is_in_one_in_its_order() {
        let sizes = [1, 400_000, 300_000, 299_800, 999_999, 1_000_000, 10, 10, 600_000, 399_000];
        let text = |(at, size): (usize, &usize)| format!("{}{at}", "x".repeat(size - 1));
        let events: Vec<Outgoing> =
            sizes.iter().enumerate().map(text).map(|text| event("k", text)).collect();
        let made = bodies("k", &events).unwrap();
        for body in &made {
            let (Body::One(text) | Body::Batch(text)) = body;
            assert!(text.len() <= MAX_BODY_BYTES, "{}", text.len());
        }
        let sent: Vec<String> = made.iter().flat_map(texts).collect();
        assert!(sent.iter().eq(events.iter().map(|event| &event.text)));
        assert!(made.len() < events.len(), "{}", made.len());
    }

    #[test]
    fn quotation_marks_count_twice_in_a_batch() {
        let events = [event("k", "\"".repeat(300_000)), event("k", "\"".repeat(300_000))];
        assert_eq!(bodies("k", &events).unwrap().len(), 2);
    }

    #[test]
    fn an_event_that_no_hub_takes_is_told() {
        let large = event("k", "x".repeat(MAX_BODY_BYTES + 1));
        assert_eq!(bodies("k", &[event("k", "1"), large.clone()]), Err(large));
    }

    #[test]
    fn events_of_one_key_stay_in_their_order() {
        let events = vec![(event("a", "1"), 1), (event("b", "1"), 2), (event("a", "2"), 3)];
        let groups: Vec<(String, usize)> =
            by_key(events).into_iter().map(|(key, group)| (key, group.len())).collect();
        assert_eq!(groups, [("a".to_owned(), 2), ("b".to_owned(), 1)]);
    }
}
