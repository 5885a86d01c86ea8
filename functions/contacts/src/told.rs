//! The facts that this app publishes on the event hub `contact`, each with a schema in `messages/`. They lie in the contact's
//! document until they are published, so that none is lost.

use crate::domain::{Contact, Fact, FactKind};
use messages::{CloudEvent, EventType, without_nulls};
use serde_json::{Value, json};

/// The event hub.
pub(crate) const CONTACT: &str = "contact";
/// Who publishes them.
const SOURCE: &str = "/contacts";
const ACTIVATED: EventType = EventType::new("com.iommi.contacts.activated.v1");
const DEACTIVATED: EventType = EventType::new("com.iommi.contacts.deactivated.v1");
const ABANDONED_QUOTE: EventType = EventType::new("com.iommi.contacts.abandoned-quote.v1");
const PURCHASED: EventType = EventType::new("com.iommi.contacts.purchased.v1");
const PRODUCT_EXPIRED: EventType = EventType::new("com.iommi.contacts.product-expired.v1");
/// All of them.
pub(crate) const TYPES: &[EventType] =
    &[ACTIVATED, DEACTIVATED, ABANDONED_QUOTE, PURCHASED, PRODUCT_EXPIRED];

/// What others may not know yet of a contact, in its order.
pub(crate) fn events(contact: &Contact) -> impl Iterator<Item = CloudEvent<Value>> {
    contact.facts.iter().map(|fact| event(contact, fact))
}

fn event(contact: &Contact, fact: &Fact) -> CloudEvent<Value> {
    let Fact { revision, at, kind } = fact;
    let id = contact.id;
    let (what, r#type, data) = match kind {
        FactKind::Activated { account_id } => {
            ("activated", ACTIVATED, json!({"contactId": id, "accountId": account_id, "at": at}))
        }
        FactKind::Deactivated => ("deactivated", DEACTIVATED, json!({"contactId": id, "at": at})),
        FactKind::AbandonedQuote { quote_id, service_id } => (
            "abandoned-quote",
            ABANDONED_QUOTE,
            json!({"contactId": id, "quoteId": quote_id, "serviceId": service_id, "at": at}),
        ),
        FactKind::Purchased { sale_id, service_id, ends_at } => (
            "purchased",
            PURCHASED,
            json!({"contactId": id, "saleId": sale_id, "serviceId": service_id, "soldAt": at, "endsAt": ends_at}),
        ),
        FactKind::ProductExpired { sale_id, service_id } => (
            "product-expired",
            PRODUCT_EXPIRED,
            json!({"contactId": id, "saleId": sale_id, "serviceId": service_id, "endsAt": at}),
        ),
    };
    let name = format!("{id}-{revision}-{what}");
    CloudEvent::new(SOURCE, r#type, name, id.to_string(), *at, without_nulls(data))
        .of_revision(*revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ContactId, SaleId, Sold};
    use jiff::{SignedDuration, Timestamp};
    use pretty_assertions::assert_eq;
    use uuid::Uuid;
    use values::Revision;

    const SCHEMAS: [(&str, &str); 5] = [
        ("activated", include_str!("../messages/activated.schema.json")),
        ("deactivated", include_str!("../messages/deactivated.schema.json")),
        ("abandoned-quote", include_str!("../messages/abandoned-quote.schema.json")),
        ("purchased", include_str!("../messages/purchased.schema.json")),
        ("product-expired", include_str!("../messages/product-expired.schema.json")),
    ];

    /// A contact to whom everything happened.
    fn contact() -> Contact {
        let start: Timestamp = "2026-11-01T08:00:00Z".parse().unwrap();
        let at = |hours| start + SignedDuration::from_hours(hours);
        let service = |name: &str| name.parse().unwrap();
        let (sale_id, ends_at) = (SaleId::from(Uuid::from_u128(9)), Some(at(10)));
        let sold = Sold { sale_id, service_id: service("home-care"), sold_at: at(1), ends_at };
        let quote = Uuid::from_u128(7).into();
        Contact::expected(ContactId::from(Uuid::from_u128(1)))
            .opened(Revision::FIRST, Some(Uuid::from_u128(2).into()), start)
            .bought(sold)
            .unwrap()
            .asked(quote, service("day-care"), start)
            .unwrap()
            .passed(at(100))
            .closed(Revision::FIRST.next(), at(101))
    }

    #[test]
    fn each_fact_keeps_its_schema_and_is_named_by_contact_revision_and_kind() {
        let contact = contact();
        let events: Vec<CloudEvent<Value>> = events(&contact).collect();
        let names: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        let expected = [
            "1-activated",
            "2-purchased",
            "4-product-expired",
            "5-abandoned-quote",
            "6-deactivated",
        ];
        assert_eq!(names, expected.map(|name| format!("{}-{name}", contact.id)));
        for event in &events {
            let (name, schema) =
                SCHEMAS.iter().find(|(name, _)| event.id.ends_with(&format!("-{name}"))).unwrap();
            let schema: Value = serde_json::from_str(schema).unwrap();
            assert_eq!(schema["title"], event.r#type.as_str(), "{name}");
            let validator = jsonschema::validator_for(&schema).unwrap();
            assert!(validator.is_valid(event.data.as_ref().unwrap()), "{name}: {event:?}");
        }
    }
}
