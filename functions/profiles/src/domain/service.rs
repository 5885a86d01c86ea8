//! A service of the catalogue that profiles subscribe to.

use super::body::Body;
use jiff::Timestamp;
use money::Price;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use values::{Fields, Line, Refused, Revision, ServiceId, Violations};

/// What a client cannot write in a service.
const KEPT: [&str; 5] = ["id", "revision", "createdAt", "updatedAt", "schemaVersion"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) id: ServiceId,
    pub(crate) draft: ServiceDraft,
    pub(crate) revision: Revision,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The part of a service that the catalogue's owner writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceDraft {
    pub(crate) name: Line<100>,
    pub(crate) monthly_price: Price,
    pub(crate) tier: Tier,
    /// A retired service takes no new subscriptions and may be deleted even while some remain.
    pub(crate) retired: bool,
    /// What the vendor calls it who delivers it: such a service is sold by `sales`.
    pub(crate) vendor_id: Option<Line<64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tier {
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

    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let name = fields.text("name", Line::parse);
        let monthly_price = fields.object("monthlyPrice", Price::read);
        let tier = fields.text("tier", Tier::parse);
        let retired = fields.flag("retired");
        let vendor_id = fields.optional_text("vendorId", Line::parse);
        Ok(Self {
            name: name?,
            monthly_price: monthly_price?,
            tier: tier?,
            retired: retired?,
            vendor_id: vendor_id?,
        })
    }
}

impl Service {
    pub(crate) fn new(id: ServiceId, draft: ServiceDraft, now: Timestamp) -> Self {
        Self { id, draft, revision: Revision::FIRST, created_at: now, updated_at: now }
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
        body: &Body<'_>,
        now: Timestamp,
    ) -> Result<Self, Violations> {
        let mut fields = Fields::of(body.json)?;
        body.keep(&mut fields, &KEPT, "");
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
    fn a_change_counts_one_revision_and_an_empty_change_none() {
        let id: ServiceId = "home-care".parse().unwrap();
        let service = Service::parse(id, &body(), Timestamp::UNIX_EPOCH).unwrap();
        let later = Timestamp::from_second(9).unwrap();
        let replaced = |json: &Value| {
            let body = Body { json, shown: &Value::Null, form: super::super::Form::Whole };
            service.replaced_with(&body, later).unwrap()
        };
        assert_eq!(replaced(&body()), service);
        let mut edited = body();
        edited["retired"] = json!(true);
        let retired = replaced(&edited);
        assert_eq!((retired.revision.get(), retired.updated_at), (2, later));
    }

    #[test]
    fn an_unknown_tier_and_a_float_price_are_both_named() {
        let mut body = body();
        body["tier"] = json!("gold");
        body["monthlyPrice"]["amount"] = json!(9.9);
        let violations = ServiceDraft::parse_new(&body).unwrap_err();
        let pointers: Vec<&str> =
            violations.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/monthlyPrice/amount", "/tier"]);
    }
}
