//! Documents of the container `profiles` as the change feed brings them.

use super::behind::Version;
use super::ids::{ProfileId, Revision};
use super::profile::Profile;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::TraceOrigin;

/// A document by its `state`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(crate) enum ChangeDocument {
    /// Not visible to anybody yet.
    Registering,
    /// A registration that came to nothing.
    Fenced,
    Active(Box<Sent<Profile>>),
    Erased(Sent<Erased>),
}

/// What is sent, and which request wrote it, where the document says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Sent<T> {
    #[serde(flatten)]
    state: T,
    #[serde(default)]
    traceparent: Option<String>,
    #[serde(default)]
    tracestate: Option<String>,
}

/// What is left of an erased profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Erased {
    pub(crate) id: ProfileId,
    pub(crate) revision: Revision,
    pub(crate) erased_at: Timestamp,
}

/// The full state of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Living(Box<Profile>),
    Erased(Erased),
}

/// A state to send, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) state: State,
    /// The request that made the change.
    pub(crate) origin: Option<TraceOrigin>,
}

impl State {
    pub(crate) fn id(&self) -> ProfileId {
        match self {
            Self::Living(profile) => profile.id,
            Self::Erased(erased) => erased.id,
        }
    }

    pub(crate) fn revision(&self) -> Revision {
        match self {
            Self::Living(profile) => profile.revision,
            Self::Erased(erased) => erased.revision,
        }
    }

    pub(crate) fn version(&self) -> Version {
        let (revision, written_at) = (self.revision(), self.since());
        Version { revision, written_at, is_erased: matches!(self, Self::Erased(_)) }
    }

    /// When it became so.
    pub(crate) fn since(&self) -> Timestamp {
        match self {
            Self::Living(profile) => profile.updated_at,
            Self::Erased(erased) => erased.erased_at,
        }
    }
}

impl ChangeDocument {
    /// What the mainframe has to know of it; nothing if nobody can see the profile.
    pub(crate) fn into_change(self) -> Option<Change> {
        let (state, traceparent, tracestate) = match self {
            Self::Registering | Self::Fenced => return None,
            Self::Active(sent) => {
                (State::Living(Box::new(sent.state)), sent.traceparent, sent.tracestate)
            }
            Self::Erased(sent) => (State::Erased(sent.state), sent.traceparent, sent.tracestate),
        };
        let origin = traceparent.map(|traceparent| TraceOrigin { traceparent, tracestate });
        Some(Change { state, origin })
    }
}

impl From<State> for Change {
    fn from(state: State) -> Self {
        Self { state, origin: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "01980c6e-1111-7000-8000-000000000001";

    pub(super) fn active() -> Value {
        json!({
            "state": "active", "id": ID,
            "account": {"id": "01980c6e-1111-7000-8000-000000000002", "emailAddress": "kim@example.com", "userName": "kim"},
            "givenName": "🦊", "familyName": "אבגד", "age": 41,
            "address": {"street": "Havnegade 1", "city": "København", "postalCode": null, "country": "DK"},
            "picture": null, "photos": [{"id": "01980c6e-1111-7000-8000-000000000003", "state": "approved", "revision": 7}],
            "subscriptions": [{"serviceId": "home-care", "since": "2026-03-01T08:00:00Z"}],
            "revision": 3, "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-02T08:00:00.5Z", "schemaVersion": 1,
            "claims": ["e:secret"], "claimedAt": "2026-03-01T08:00:00Z", "_etag": "x", "_ts": 1, "_rid": "r", "ttl": -1,
        })
    }

    fn read(document: Value) -> Result<Option<Change>, serde_json::Error> {
        serde_json::from_value::<ChangeDocument>(document).map(ChangeDocument::into_change)
    }

    #[test]
    fn an_active_profile_is_sent_as_the_api_shows_it_and_nothing_else() {
        let Some(Change { state: State::Living(profile), origin: None }) = read(active()).unwrap()
        else {
            panic!()
        };
        let mut shown = active();
        let fields = shown.as_object_mut().unwrap();
        for own in ["state", "claims", "claimedAt", "_etag", "_ts", "_rid", "ttl"] {
            fields.remove(own);
        }
        shown["photos"][0].as_object_mut().unwrap().remove("revision");
        assert_eq!(serde_json::to_value(profile).unwrap(), shown);
    }

    #[test]
    fn what_nobody_can_see_is_not_sent() {
        for state in ["registering", "fenced"] {
            let mut document = active();
            document["state"] = json!(state);
            assert_eq!(read(document).unwrap(), None);
            assert_eq!(read(json!({"state": state, "id": ID, "ttl": 3600})).unwrap(), None);
        }
    }

    #[test]
    fn an_erasure_holds_nothing_but_itself() {
        let tombstone = json!({"state": "erased", "id": ID, "revision": 4, "erasedAt": "2026-03-03T08:00:00Z",
            "ttl": 1, "claims": ["e:secret"], "removed": [], "completedAt": null, "traceparent": "00-1"});
        let change = read(tombstone).unwrap().unwrap();
        let State::Erased(erased) = &change.state else { panic!() };
        assert_eq!(
            json!(erased),
            json!({"id": ID, "revision": 4, "erasedAt": "2026-03-03T08:00:00Z"})
        );
        assert_eq!(change.origin.unwrap().traceparent, "00-1");
    }

    #[test]
    fn a_document_that_breaks_the_contract_is_told_from_the_others() {
        for (field, value) in [
            ("state", json!("sleeping")),
            ("revision", json!(0)),
            ("revision", json!("3")),
            ("givenName", json!(7)),
            ("id", json!("kim")),
            ("schemaVersion", json!(2)),
            ("account", Value::Null),
            ("updatedAt", json!("yesterday")),
        ] {
            let mut document = active();
            document[field] = value;
            assert!(read(document).is_err(), "{field}");
        }
    }
}
