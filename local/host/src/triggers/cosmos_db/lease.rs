//! A lease document: who reads one partition key range, and how far it has been read.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

/// A lease as it was last read or written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lease {
    document: Value,
}

impl Lease {
    pub(super) fn from_document(document: Value) -> Self {
        Self { document }
    }

    /// A lease that nobody holds and nothing has been read by.
    pub(super) fn fresh(id: &str, range: &str, continuation: Option<&str>, now: Timestamp) -> Self {
        Self::from_document(json!({
            "id": id,
            "version": 1,
            "LeaseToken": range,
            "ContinuationToken": continuation,
            "Owner": null,
            "timestamp": now.to_string(),
            "properties": {},
        }))
    }

    pub(super) fn document(&self) -> &Value {
        &self.document
    }

    pub(super) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    pub(super) fn range(&self) -> &str {
        self.text("LeaseToken").unwrap_or_default()
    }

    pub(super) fn etag(&self) -> &str {
        self.text("_etag").unwrap_or_default()
    }

    pub(super) fn owner(&self) -> Option<&str> {
        self.text("Owner").filter(|owner| !owner.is_empty())
    }

    pub(super) fn continuation(&self) -> Option<&str> {
        self.text("ContinuationToken").filter(|token| !token.is_empty())
    }

    /// Who holds it, unless it has not been renewed for `expiration`.
    pub(super) fn holder(&self, now: Timestamp, expiration: Duration) -> Option<&str> {
        let renewed: Timestamp = self.text("timestamp")?.parse().ok()?;
        self.owner().filter(|_| renewed + expiration >= now)
    }

    /// The same lease with another owner, renewed now.
    pub(super) fn held_by(&self, owner: Option<&str>, now: Timestamp) -> Self {
        self.with("Owner", json!(owner)).with("timestamp", json!(now.to_string()))
    }

    /// The same lease, read up to here, renewed now.
    pub(super) fn read_to(&self, continuation: &str, now: Timestamp) -> Self {
        self.with("ContinuationToken", json!(continuation))
            .with("timestamp", json!(now.to_string()))
    }

    fn with(&self, key: &str, value: Value) -> Self {
        let mut document = self.document.clone();
        document[key] = value;
        Self { document }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.document.get(key).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_is_not_renewed_in_time_is_nobodys() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let expiration = Duration::from_secs(60);
        let fresh = Lease::fresh("a..0", "0", None, now);
        assert_eq!(fresh.holder(now, expiration), None);
        let held = fresh.held_by(Some("me"), now);
        assert_eq!(held.holder(now + Duration::from_secs(60), expiration), Some("me"));
        assert_eq!(held.holder(now + Duration::from_secs(61), expiration), None);
        assert_eq!(held.read_to("7", now).continuation(), Some("7"));
        assert_eq!(held.read_to("7", now).owner(), Some("me"));
    }
}
