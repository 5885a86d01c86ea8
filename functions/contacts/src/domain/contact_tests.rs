use super::contact::MAX_PRODUCTS;
use super::*;
use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::json;
use uuid::Uuid;
use values::Revision;

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-11-01T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn revision(number: u64) -> Revision {
    Revision::try_from(number).unwrap()
}

fn id() -> ContactId {
    ContactId::from(Uuid::from_u128(1))
}

fn quote(number: u128) -> QuoteId {
    QuoteId::from(Uuid::from_u128(number))
}

fn care() -> ServiceId {
    "home-care".parse().unwrap()
}

fn sold(number: u128, ends_at: Option<Timestamp>) -> Sold {
    let sale_id = SaleId::from(Uuid::from_u128(number));
    Sold { sale_id, service_id: care(), sold_at: at(1), ends_at }
}

fn active() -> Contact {
    Contact::expected(id()).opened(revision(1), None, at(0))
}

fn kinds(contact: &Contact) -> Vec<String> {
    let name = |fact: &Fact| {
        let what = json!(fact.kind)["what"].as_str().unwrap().to_owned();
        format!("{} {what}", fact.revision)
    };
    contact.facts.iter().map(name).collect()
}

#[test]
fn an_account_that_is_told_twice_is_activated_once() {
    let contact = active();
    assert_eq!(contact.clone().opened(revision(1), None, at(0)), contact);
    assert_eq!(kinds(&contact), ["1 activated"]);
}

#[test]
fn a_sale_that_is_told_twice_is_one_and_ends_the_quote_for_it() {
    let asked = active().asked(quote(7), care(), at(0)).unwrap();
    let bought = asked.bought(sold(9, None)).unwrap();
    assert_eq!(bought.clone().bought(sold(9, None)), Ok(bought.clone()));
    assert_eq!(kinds(&bought), ["1 activated", "3 purchased"]);
    assert_eq!(bought.quotes[0].state, QuoteState::Purchased);
    assert_eq!(bought.clone().passed(at(1_000)), bought);
}

#[test]
fn a_sale_before_the_account_waits_for_it() {
    let expected = Contact::expected(id()).bought(sold(9, None)).unwrap();
    assert_eq!(expected.state, ContactState::Expected);
    let active = expected.opened(revision(1), None, at(0));
    assert_eq!((active.state, active.products.len()), (ContactState::Active, 1));
    assert_eq!(kinds(&active), ["1 purchased", "2 activated"]);
}

#[test]
fn whoever_is_gone_stays_so_and_nothing_is_known_of_them() {
    let bought = active().bought(sold(9, None)).unwrap().asked(quote(7), care(), at(0)).unwrap();
    let gone = bought.closed(revision(5), at(2));
    assert_eq!(kinds(&gone), ["1 activated", "2 purchased", "4 deactivated"]);
    assert_eq!((gone.products.len(), gone.quotes.len(), gone.due_at()), (0, 0, None));
    assert_eq!(gone.clone().opened(revision(1), None, at(0)), gone);
    assert_eq!(gone.clone().bought(sold(10, None)), Ok(gone.clone()));
    assert_eq!(gone.clone().closed(revision(5), at(2)), gone);
    assert_eq!(gone.asked(quote(8), care(), at(3)), Err(NotAsked::NoContact));
}

#[test]
fn of_somebody_who_is_gone_before_anybody_heard_of_them_nobody_hears() {
    let gone = Contact::expected(id()).closed(revision(2), at(0));
    assert_eq!((gone.facts.len(), gone.state), (0, ContactState::Gone));
    let late = gone.clone().opened(revision(1), None, at(0));
    assert_eq!(late, gone);
}

#[test]
fn a_quote_without_a_purchase_is_abandoned_when_its_time_is_over_and_only_once() {
    let asked = active().asked(quote(7), care(), at(0)).unwrap();
    assert_eq!(asked.due_at(), Some(at(72)));
    assert_eq!(asked.clone().passed(at(71)), asked);
    let abandoned = asked.passed(at(100));
    assert_eq!(abandoned.clone().passed(at(200)), abandoned);
    assert_eq!(kinds(&abandoned), ["1 activated", "3 abandoned-quote"]);
    assert_eq!(abandoned.facts[1].at, at(72));
    assert_eq!(abandoned.quotes[0].state, QuoteState::Abandoned);
}

#[test]
fn a_product_expires_at_its_end_and_what_happens_at_once_is_told_in_its_order() {
    let asked = active().asked(quote(7), "day-care".parse().unwrap(), at(0)).unwrap();
    let bought = asked.bought(sold(9, Some(at(10)))).unwrap();
    assert_eq!(bought.due_at(), Some(at(10)));
    let later = bought.passed(at(500));
    let expected = ["1 activated", "3 purchased", "4 product-expired", "5 abandoned-quote"];
    assert_eq!((kinds(&later), later.due_at()), (expected.map(str::to_owned).to_vec(), None));
}

#[test]
fn a_quote_is_what_was_asked_for_first_and_there_is_an_end_to_them() {
    let mut contact = active().asked(quote(7), care(), at(0)).unwrap();
    assert_eq!(contact.clone().asked(quote(7), care(), at(9)), Ok(contact.clone()));
    let other = contact.clone().asked(quote(7), "day-care".parse().unwrap(), at(9));
    assert_eq!(other, Err(NotAsked::Differs));
    for number in 100..100 + MAX_QUOTES as u128 - 1 {
        contact = contact.asked(quote(number), care(), at(0)).unwrap();
    }
    assert_eq!(contact.asked(quote(8), care(), at(0)), Err(NotAsked::TooMany));
}

#[test]
fn what_was_told_goes_from_the_list_and_later_facts_stay() {
    let contact = active().bought(sold(9, None)).unwrap();
    let told = contact.clone().told(revision(1));
    assert_eq!((kinds(&told), told.revision()), (vec!["2 purchased".to_owned()], revision(2)));
    assert_eq!(contact.told(revision(2)).facts, []);
}

#[test]
fn what_is_heard_together_is_as_if_heard_one_after_the_other_and_what_is_refused_is_left_out() {
    let full = (100..100 + MAX_PRODUCTS as u128 - 1)
        .fold(active(), |contact, number| contact.bought(sold(number, None)).unwrap());
    let bought = |number| Heard::Bought(sold(number, None));
    let heard = [
        bought(1),
        bought(2),
        bought(1),
        Heard::Closed { revision: revision(2), at: at(1) },
        bought(3),
    ];
    let (gone, ended) = full.clone().hears_all(&heard.iter().collect::<Vec<_>>());
    assert_eq!(ended, [Ok(()), Err(TooManyProducts), Ok(()), Ok(()), Ok(())]);
    let one_by_one = full.bought(sold(1, None)).unwrap().closed(revision(2), at(1));
    assert_eq!(gone, one_by_one);
}
