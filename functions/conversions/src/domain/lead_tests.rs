use super::*;
use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::json;
use uuid::Uuid;
use values::Revision;

fn at(days: i64) -> Timestamp {
    let start: Timestamp = "2026-11-01T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * days)
}

fn contact() -> ContactId {
    ContactId::from(Uuid::from_u128(1))
}

fn sale(number: u128) -> SaleId {
    SaleId::from(Uuid::from_u128(number))
}

fn open() -> Lead {
    Lead::generated(LeadId::of_account(contact()), contact(), Reason::NewAccount, at(0))
}

fn facts(lead: &Lead) -> Vec<String> {
    let fact = |fact: &LeadFact| format!("{} {}", fact.revision, json!(fact.kind));
    lead.facts.iter().map(fact).collect()
}

#[test]
fn a_lead_without_a_sale_has_failed_when_its_time_is_over_and_only_once() {
    assert_eq!(open().due_at(), Some(at(30)));
    assert_eq!(open().passed(at(29)), open());
    let failed = open().passed(at(31));
    assert_eq!(failed.clone().passed(at(90)), failed);
    assert_eq!(
        facts(&failed),
        [r#"1 {"what":"generated"}"#, r#"2 {"what":"failed","why":"no-sale"}"#]
    );
    assert_eq!((failed.state, failed.facts[1].at), (LeadState::Failed, at(30)));
}

#[test]
fn a_sale_wins_a_lead_late_or_not_and_the_first_one_counts() {
    let won = open().won(sale(1));
    assert_eq!((won.state, won.due_at()), (LeadState::Won, None));
    assert_eq!(won.clone().won(sale(2)), won);
    assert_eq!(won.clone().passed(at(90)), won);
    assert_eq!(won.clone().abandoned(at(1)), won);
    let late = open().passed(at(31)).won(sale(1));
    assert_eq!((late.state, late.sale_id, late.revision.get()), (LeadState::Won, Some(sale(1)), 3));
}

#[test]
fn a_lead_to_somebody_who_is_gone_fails_and_one_that_never_was_stays_so() {
    let gone = open().abandoned(at(1));
    assert_eq!(facts(&gone)[1], r#"2 {"what":"failed","why":"contact-gone"}"#);
    let id = LeadId::of_account(contact());
    let void = Lead::void(id, contact(), Reason::NewAccount, at(0));
    assert_eq!((void.facts.len(), void.due_at()), (0, None));
    assert_eq!(void.clone().won(sale(1)).abandoned(at(1)).passed(at(99)), void);
}

#[test]
fn what_was_told_goes_from_the_list_and_later_facts_stay() {
    let failed = open().passed(at(31)).told(Revision::FIRST);
    assert_eq!(facts(&failed), [r#"2 {"what":"failed","why":"no-sale"}"#]);
    assert_eq!(failed.told(Revision::FIRST.next()).facts, []);
}

#[test]
fn a_lead_of_a_quote_is_about_its_service() {
    let service: ServiceId = "home-care".parse().unwrap();
    let quote = QuoteId::from(Uuid::from_u128(3));
    let reason = Reason::AbandonedQuote { quote_id: quote, service_id: service.clone() };
    let lead = Lead::generated(LeadId::of_quote(contact(), quote), contact(), reason, at(0));
    assert!(lead.is_about(&service) && !open().is_about(&service));
    let kept: Lead = serde_json::from_value(json!(lead)).unwrap();
    assert_eq!(kept, lead);
    assert_eq!(json!(lead)["reason"], "abandoned-quote");
}
