//! The facts that this app publishes on event hubs, each with a schema in `messages/`. They lie in the documents that they are
//! about until they are published, so that none is lost.

use crate::domain::{FileFact, Lead, LeadFact, LeadFactKind, Reason, Sale, SalesFile};
use messages::{CloudEvent, EventType, without_nulls};
use serde_json::{Value, json};
use values::Revision;

/// The event hubs.
pub(crate) const LEAD: &str = "lead";
pub(crate) const SALES_FILE: &str = "salesfile";
pub(crate) const SALE: &str = "sale";
/// Who publishes on them.
const SOURCE: &str = "/conversions";
const LEAD_GENERATED: EventType = EventType::new("com.iommi.conversions.lead-generated.v1");
const LEAD_FAILED: EventType = EventType::new("com.iommi.conversions.lead-failed.v1");
const FILE_RECEIVED: EventType = EventType::new("com.iommi.conversions.sales-file-received.v1");
const SALE_CONFIRMED: EventType = EventType::new("com.iommi.conversions.sale-confirmed.v1");
pub(crate) const LEAD_TYPES: &[EventType] = &[LEAD_GENERATED, LEAD_FAILED];
pub(crate) const FILE_TYPES: &[EventType] = &[FILE_RECEIVED];
pub(crate) const SALE_TYPES: &[EventType] = &[SALE_CONFIRMED];

/// What others may not know yet of a lead, in its order.
pub(crate) fn of_lead(lead: &Lead) -> Vec<CloudEvent<Value>> {
    let Lead { id, contact_id, reason, .. } = lead;
    let event = |fact: &LeadFact| {
        let (at, revision) = (fact.at, fact.revision);
        let (what, r#type, data) = match fact.kind {
            LeadFactKind::Generated => {
                let (quote, service) = match reason {
                    Reason::NewAccount => (None, None),
                    Reason::AbandonedQuote { quote_id, service_id } => {
                        (Some(quote_id), Some(service_id))
                    }
                };
                let reason = &json!(reason)["reason"];
                let data = json!({"leadId": id, "contactId": contact_id, "reason": reason,
                    "quoteId": quote, "serviceId": service, "at": at});
                ("lead-generated", LEAD_GENERATED, data)
            }
            LeadFactKind::Failed { why } => {
                let data = json!({"leadId": id, "contactId": contact_id, "why": why, "at": at});
                ("lead-failed", LEAD_FAILED, data)
            }
        };
        let name = format!("{id}-{revision}-{what}");
        CloudEvent::new(SOURCE, r#type, name, id.to_string(), at, without_nulls(data))
            .of_revision(revision)
    };
    lead.facts.iter().map(event).collect()
}

/// That a file was taken, unless others know.
pub(crate) fn of_file(file: &SalesFile) -> Option<CloudEvent<Value>> {
    let FileFact { revision, at } = file.fact?;
    let SalesFile { id, rows, refused_rows, .. } = file;
    let data = json!({"fileId": id, "rows": rows, "refusedRows": refused_rows, "at": at});
    let name = format!("{id}-{revision}-sales-file-received");
    let event = CloudEvent::new(SOURCE, FILE_RECEIVED, name, id.to_string(), at, data);
    Some(event.of_revision(revision))
}

/// That something was sold, unless others know.
pub(crate) fn of_sale(sale: &Sale) -> Option<CloudEvent<Value>> {
    if sale.told {
        return None;
    }
    let Sale { id, lead_id, contact_id, service_id, sold_at, ends_at, .. } = sale;
    let data = json!({"saleId": id, "leadId": lead_id, "contactId": contact_id, "serviceId": service_id,
        "soldAt": sold_at, "endsAt": ends_at});
    let (name, data) = (format!("{id}-{}-sale-confirmed", Revision::FIRST), without_nulls(data));
    let event = CloudEvent::new(SOURCE, SALE_CONFIRMED, name, id.to_string(), *sold_at, data);
    Some(event.of_revision(Revision::FIRST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LeadId, Row, ServiceId, Whom};
    use jiff::Timestamp;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    const SCHEMAS: [&str; 4] = [
        include_str!("../messages/lead-generated.schema.json"),
        include_str!("../messages/lead-failed.schema.json"),
        include_str!("../messages/sales-file-received.schema.json"),
        include_str!("../messages/sale-confirmed.schema.json"),
    ];

    fn start() -> Timestamp {
        "2026-11-01T08:00:00Z".parse().unwrap()
    }

    fn keeps_its_schema(event: &CloudEvent<Value>) {
        let schemas = SCHEMAS.iter().map(|text| serde_json::from_str::<Value>(text).unwrap());
        let schema = schemas.into_iter().find(|schema| schema["title"] == event.r#type.as_str());
        let validator = jsonschema::validator_for(&schema.unwrap()).unwrap();
        assert!(validator.is_valid(event.data.as_ref().unwrap()), "{event:?}");
    }

    #[test]
    fn each_fact_keeps_its_schema_and_is_named_by_what_it_is_about_revision_and_kind() {
        let (contact, service) = (Uuid::from_u128(1).into(), "home-care".parse::<ServiceId>());
        let service_id = service.unwrap();
        let id = LeadId::of_account(contact);
        let lead = Lead::generated(id, contact, Reason::NewAccount, start()).abandoned(start());
        let quote_id = Uuid::from_u128(7).into();
        let reason = Reason::AbandonedQuote { quote_id, service_id: service_id.clone() };
        let of_quote =
            Lead::generated(LeadId::of_quote(contact, quote_id), contact, reason, start());
        let file = SalesFile::begun(&"a.csv".parse().unwrap(), "hash").taken(1, &[], start());
        let row = Row {
            number: 1,
            whom: Whom::Contact(contact),
            service_id,
            sold_at: start(),
            ends_at: None,
        };
        let sale = Sale::of(file.id, &row, Some(&lead)).unwrap();
        let mut events = of_lead(&lead);
        events.extend(of_lead(&of_quote));
        events.extend(of_file(&file));
        events.extend(of_sale(&sale));
        events.iter().for_each(keeps_its_schema);
        let names: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
        let expected = [
            format!("{id}-1-lead-generated"),
            format!("{id}-2-lead-failed"),
            format!("{}-1-lead-generated", of_quote.id),
            format!("{}-1-sales-file-received", file.id),
            format!("{}-1-sale-confirmed", sale.id),
        ];
        assert_eq!(names, expected);
        assert_eq!((of_file(&file.told()), of_sale(&sale.told())), (None, None));
    }
}
