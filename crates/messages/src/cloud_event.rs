//! The envelope of every message between apps.

use crate::event_type::EventType;
use custom_handler::TraceContext;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// A CloudEvents 1.0 event in structured JSON form, with the extensions that we use: Distributed Tracing, Dataref,
/// and our own `revision`. Other attributes are ignored when reading. Source: the CloudEvents specification, 1.0.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct CloudEvent<T> {
    /// Always 1.0; another version does not parse.
    pub specversion: SpecVersion,
    /// Unique within the source: the same event sent again has the same id.
    pub id: String,
    /// Who says it, such as `/profiles`.
    pub source: String,
    /// What happened, such as `com.iommi.profiles.erased.v1`.
    pub r#type: String,
    /// What it happened to: the id of a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened, in UTC.
    pub time: Timestamp,
    /// The media type of `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// The schema of `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataschema: Option<String>,
    /// The revision of the subject that the event tells of; later ones are greater. A CloudEvents Integer has 32 bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i32>,
    /// Where in a distributed trace it happened (W3C Trace Context).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What tracing systems add to `traceparent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
    /// Where the data is if it is too large to go along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataref: Option<String>,
    /// The event's own content; absent if `dataref` says where it is.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
}

/// The version of CloudEvents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpecVersion {
    /// 1.0, and all of its corrections.
    #[default]
    #[serde(rename = "1.0")]
    V1,
}

impl<T> CloudEvent<T> {
    /// An event with JSON data, outside of any trace.
    pub fn new(
        source: impl Into<String>,
        r#type: EventType,
        id: impl Into<String>,
        subject: impl Into<String>,
        time: Timestamp,
        data: T,
    ) -> Self {
        Self {
            specversion: SpecVersion::V1,
            id: id.into(),
            source: source.into(),
            r#type: r#type.name().to_owned(),
            subject: Some(subject.into()),
            time,
            datacontenttype: Some("application/json".to_owned()),
            dataschema: None,
            revision: None,
            traceparent: None,
            tracestate: None,
            dataref: None,
            data: Some(data),
        }
    }

    /// An event whose data lies elsewhere: `dataref` says where. Outside of any trace.
    pub fn referring(
        source: impl Into<String>,
        r#type: EventType,
        id: impl Into<String>,
        subject: impl Into<String>,
        time: Timestamp,
        dataref: impl Into<String>,
    ) -> Self {
        Self {
            specversion: SpecVersion::V1,
            id: id.into(),
            source: source.into(),
            r#type: r#type.name().to_owned(),
            subject: Some(subject.into()),
            time,
            datacontenttype: None,
            dataschema: None,
            revision: None,
            traceparent: None,
            tracestate: None,
            dataref: Some(dataref.into()),
            data: None,
        }
    }

    /// The same event as something that happened here in a trace: whoever gets it goes on from this position.
    #[must_use]
    pub fn in_trace(mut self, trace: &TraceContext) -> Self {
        self.traceparent = Some(trace.traceparent());
        self.tracestate = trace.tracestate().map(str::to_owned);
        self
    }

    /// Where it happened, if it says so.
    pub(crate) fn trace(&self) -> Option<TraceContext> {
        TraceContext::parse(self.traceparent.as_deref()?, self.tracestate.as_deref())
    }

    /// As it goes out from this position.
    pub(crate) fn sent_from(&self, position: &TraceContext) -> CloudEvent<&T> {
        let sent = CloudEvent {
            specversion: self.specversion,
            id: self.id.clone(),
            source: self.source.clone(),
            r#type: self.r#type.clone(),
            subject: self.subject.clone(),
            time: self.time,
            datacontenttype: self.datacontenttype.clone(),
            dataschema: self.dataschema.clone(),
            revision: self.revision,
            traceparent: None,
            tracestate: None,
            dataref: self.dataref.clone(),
            data: self.data.as_ref(),
        };
        sent.in_trace(position)
    }

    /// The same event as one that tells of this revision of its subject.
    #[must_use]
    pub fn of_revision(mut self, revision: Revision) -> Self {
        self.revision = i32::try_from(revision.get()).ok();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn an_event_is_written_as_the_specification_says_and_read_back() {
        let time = "2026-11-21T08:00:00.5Z".parse().unwrap();
        let kind = EventType::new("com.iommi.profiles.erased.v1");
        let event = CloudEvent::new("/profiles", kind, "p-3", "p", time, json!({"profileId": "p"}));
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(
            written,
            json!({
                "specversion": "1.0", "id": "p-3", "source": "/profiles", "type": "com.iommi.profiles.erased.v1", "subject": "p",
                "time": "2026-11-21T08:00:00.5Z", "datacontenttype": "application/json",
                "data": {"profileId": "p"},
            })
        );
        assert_eq!(serde_json::from_value::<CloudEvent<Value>>(written).unwrap(), event);
    }

    #[test]
    fn an_event_goes_out_from_where_it_is_sent_and_is_the_same_otherwise() {
        let time = "2026-11-21T08:00:00.5Z".parse().unwrap();
        let kind = EventType::new("com.iommi.profiles.erased.v1");
        let event = CloudEvent::new("/profiles", kind, "p-3", "p", time, json!({"profileId": "p"}));
        let event = event.of_revision(Revision::FIRST.next());
        let position = TraceContext::fresh();
        let mut sent = serde_json::to_value(event.sent_from(&position)).unwrap();
        assert_eq!(sent["traceparent"], position.traceparent());
        sent.as_object_mut().unwrap().remove("traceparent");
        assert_eq!(sent, serde_json::to_value(&event).unwrap());
        assert_eq!((event.trace(), event.in_trace(&position).trace()), (None, Some(position)));
    }

    #[test]
    fn data_may_be_elsewhere_and_unknown_attributes_do_not_disturb() {
        let event: CloudEvent<u32> = serde_json::from_value(json!({
            "specversion": "1.0", "id": "1", "source": "/x", "type": "t", "time": "2026-11-21T08:00:00Z",
            "dataref": "legacy-payloads/p/1.json", "revision": 1, "partitionkey": "p",
        }))
        .unwrap();
        assert_eq!((event.data, event.revision), (None, Some(1)));
        assert_eq!(event.dataref.as_deref(), Some("legacy-payloads/p/1.json"));
    }

    #[test]
    fn another_version_is_refused() {
        let other = json!({
            "specversion": "0.3", "id": "1", "source": "/x", "type": "t", "time": "2026-11-21T08:00:00Z",
        });
        assert!(serde_json::from_value::<CloudEvent<u32>>(other).is_err());
    }
}
