//! A service of the catalogue that profiles subscribe to.

use super::SCHEMA_VERSION;
use super::fields::{Fields, Violations};
use super::ids::ServiceId;
use super::price::Price;
use super::profile::{Body, Revision};
use super::text::Line;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Service {
    pub(crate) id: ServiceId,
    #[serde(flatten)]
    pub(crate) draft: ServiceDraft,
    pub(crate) revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
}

/// The part of a service that the catalogue's owner writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceDraft {
    name: Line<100>,
    monthly_price: Price,
    tier: Tier,
    /// A retired service takes no new subscriptions and may be deleted even while some remain.
    #[serde(default)]
    pub(crate) retired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tier {
    Free,
    Basic,
    Standard,
    Premium,
}

impl Tier {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "free" => Ok(Self::Free),
            "basic" => Ok(Self::Basic),
            "standard" => Ok(Self::Standard),
            "premium" => Ok(Self::Premium),
            _ => Err("must be one of: free, basic, standard, premium"),
        }
    }
}

impl ServiceDraft {
    /// The body of `POST v1/services`, which may name the id it wants.
    pub(crate) fn parse_new(body: &Value) -> Result<(Option<ServiceId>, Self), Violations> {
        let mut fields = Fields::of(body)?;
        let id = fields.optional_text("id", str::parse::<ServiceId>);
        let draft = Self::read(&mut fields);
        fields.finish()?;
        Ok((id?, draft?))
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, super::fields::Refused> {
        let name = fields.text("name", Line::parse);
        let monthly_price = fields.object("monthlyPrice", Price::read);
        let tier = fields.text("tier", Tier::parse);
        let retired = fields.flag("retired");
        Ok(Self { name: name?, monthly_price: monthly_price?, tier: tier?, retired: retired? })
    }
}

impl Service {
    pub(crate) fn new(id: ServiceId, draft: ServiceDraft, now: Timestamp) -> Self {
        Self {
            id,
            draft,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
            schema_version: SCHEMA_VERSION,
        }
    }

    /// The body of `PUT v1/services/{serviceId}` for a service that is not there yet.
    pub(crate) fn parse(id: ServiceId, body: &Value, now: Timestamp) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        fields.kept("id", &json!(id), false);
        let draft = ServiceDraft::read(&mut fields);
        fields.finish()?;
        Ok(Self::new(id, draft?, now))
    }

    /// The service with the body's values; the same service if nothing changes.
    pub(crate) fn replaced_with(
        &self,
        body: &Value,
        form: Body,
        now: Timestamp,
    ) -> Result<Self, Violations> {
        let must_be_there = form == Body::Merged;
        let mut fields = Fields::of(body)?;
        fields.kept("id", &json!(self.id), must_be_there);
        fields.kept("revision", &json!(self.revision), must_be_there);
        fields.kept("createdAt", &json!(self.created_at), must_be_there);
        fields.kept("updatedAt", &json!(self.updated_at), must_be_there);
        fields.kept("schemaVersion", &json!(self.schema_version), must_be_there);
        let draft = ServiceDraft::read(&mut fields);
        fields.finish()?;
        let draft = draft?;
        if draft == self.draft {
            return Ok(self.clone());
        }
        Ok(Self { draft, revision: self.revision.next(), updated_at: now, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Value {
        json!({"name": "Home care", "monthlyPrice": {"amount": "9.90", "currency": "EUR"}, "tier": "basic"})
    }

    #[test]
    fn a_service_comes_back_as_it_was_sent() {
        let service =
            Service::parse("home-care".parse().unwrap(), &body(), Timestamp::UNIX_EPOCH).unwrap();
        let shown = serde_json::to_value(&service).unwrap();
        for (name, value) in body().as_object().unwrap() {
            assert_eq!(&shown[name], value, "{name}");
        }
        assert_eq!(serde_json::from_value::<Service>(shown).unwrap(), service);
    }

    #[test]
    fn what_was_shown_may_be_sent_back_and_changes_nothing() {
        let service =
            Service::parse("home-care".parse().unwrap(), &body(), Timestamp::UNIX_EPOCH).unwrap();
        let shown = serde_json::to_value(&service).unwrap();
        let later = Timestamp::from_second(9).unwrap();
        assert_eq!(service.replaced_with(&shown, Body::Whole, later).unwrap(), service);
    }

    #[test]
    fn an_unknown_tier_and_a_float_price_are_both_named() {
        let mut body = body();
        body["tier"] = json!("gold");
        body["monthlyPrice"]["amount"] = json!(9.9);
        let violations = ServiceDraft::parse_new(&body).unwrap_err();
        let pointers: Vec<&str> = violations.0.iter().map(|v| v.pointer.as_str()).collect();
        assert_eq!(pointers, ["/monthlyPrice/amount", "/tier"]);
    }
}
