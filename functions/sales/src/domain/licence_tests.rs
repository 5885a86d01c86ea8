use super::*;
use crate::domain::{LicenceWish, NewOrder, PayloadPath, Placed};
use jiff::SignedDuration;
use pretty_assertions::assert_eq;
use serde_json::json;
use uuid::Uuid;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn vendor(state: VendorState, revision: u64) -> VendorOrder {
    VendorOrder {
        id: "vo-1".into(),
        reference: "r".into(),
        service: "vend-night-watch".into(),
        quantity: 3,
        unit_price: "8 EUR".parse().unwrap(),
        state,
        valid_to: at(1_000_000),
        revision,
    }
}

fn sealed() -> Sealed {
    Sealed { id: "k".into(), wrapped: "w".into() }
}

fn pending() -> Licence {
    let body = json!({
        "lines": [{"serviceId": "night-watch", "quantity": 3}],
        "buyer": {"name": "Kim", "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}},
    });
    let line = OrderLine {
        line: 1,
        service: "night-watch".parse().unwrap(),
        name: "Night watch".into(),
        vendor_service: "vend-night-watch".into(),
        quantity: 3,
        months: 1,
        purchase_price: "8 EUR".parse().unwrap(),
        unit_price: "9 EUR".parse().unwrap(),
    };
    let profile = ProfileId::from(Uuid::from_u128(7));
    let id = OrderId::of(profile, "key");
    let placed = Placed {
        id,
        profile,
        fingerprint: "f".into(),
        at: at(0),
        accepted: PayloadPath::accepted(id, Uuid::nil()),
        lines: vec![line.clone()],
        currency: "EUR".parse().unwrap(),
        origin: None,
    };
    let order = Order::place(NewOrder::parse(&body).unwrap(), placed);
    Licence::ordered(&order, &line, &vendor(VendorState::Activating, 1), at(0))
}

fn active() -> Licence {
    pending().seen(&vendor(VendorState::Active, 2), Some(&sealed()), None, at(1))
}

#[test]
fn it_is_active_once_its_key_is_there_and_not_before() {
    let without = pending().seen(&vendor(VendorState::Active, 2), None, None, at(1));
    assert_eq!((without.state, without.revision.get()), (LicenceState::Pending, 1));
    let active = without.seen(&vendor(VendorState::Active, 2), Some(&sealed()), None, at(2));
    assert_eq!((active.state, active.revision.get()), (LicenceState::Active, 2));
    assert_eq!((active.key.clone(), active.activated_at), (Some(sealed()), Some(at(2))));
    let again = active.clone().seen(&vendor(VendorState::Active, 2), Some(&sealed()), None, at(3));
    assert_eq!(again, active);
}

#[test]
fn an_older_look_and_another_order_change_nothing() {
    let active = active();
    assert_eq!(active.clone().seen(&vendor(VendorState::Cancelled, 1), None, None, at(2)), active);
    let other = VendorOrder { id: "vo-2".into(), ..vendor(VendorState::Cancelled, 9) };
    assert_eq!(active.clone().seen(&other, None, None, at(2)), active);
}

#[test]
fn each_change_is_in_the_history_with_whose_it_was_and_the_oldest_go_first() {
    let more =
        VendorOrder { quantity: 5, valid_to: at(2_000_000), ..vendor(VendorState::Active, 3) };
    let changed = active().seen(&more, None, Some("person/kim"), at(2));
    let last: Vec<_> = changed.history.iter().rev().take(2).collect();
    assert_eq!((last[1].what, last[0].what), (LicenceChange::Quantity, LicenceChange::ValidTo));
    assert_eq!((last[1].from.as_deref(), last[1].to.as_deref()), (Some("3"), Some("5")));
    assert_eq!((last[0].by.as_str(), changed.revision.get()), ("person/kim", 3));
    let mut licence = changed;
    for second in 0..100 {
        let whom = Line::parse(&format!("desk {second}")).unwrap();
        licence = licence.assigned(Some(whom), "partner/acme", at(second));
    }
    assert_eq!(licence.history.len(), MAX_HISTORY);
    assert_eq!(licence.history[0].to.as_deref(), Some("desk 50"));
}

#[test]
fn an_erased_customers_licence_names_nobody_and_is_good_until_it_ends() {
    let whom = Line::parse("Kim").unwrap();
    let assigned = active().assigned(Some(whom), "person/kim", at(2));
    let nameless = assigned.clone().anonymous();
    assert_eq!((nameless.state, nameless.assigned_to.as_ref()), (LicenceState::Active, None));
    assert!(!format!("{:?}", nameless.history).contains("Kim"));
    assert_eq!(nameless.revision.get(), assigned.revision.get() + 1);
    assert_eq!(nameless.clone().anonymous(), nameless);
}

#[test]
fn a_cancelled_licence_has_no_key_and_its_subscription_is_looked_at() {
    let cancelled = active().seen(&vendor(VendorState::Cancelled, 3), None, None, at(2));
    assert_eq!((cancelled.state, cancelled.key.as_ref()), (LicenceState::Cancelled, None));
    assert_eq!((cancelled.subscription_due, cancelled.look_at), (true, Some(at(2))));
    assert_eq!(cancelled.clone().looked(Some(at(2))), cancelled, "that is still to be done");
    let settled = cancelled.subscription_settled().looked(Some(at(2)));
    assert_eq!(settled.look_at, None);
    assert!(
        !pending().given_back("vendor", at(1)).subscription_due,
        "nobody was subscribed for it"
    );
}

#[test]
fn the_next_round_has_the_licence_that_the_first_one_had() {
    let first = active().given_back("vendor", at(2));
    let second =
        Licence { vendor_order: "vo-2".into(), ..pending() }.replacing(Some(first.clone()));
    assert_eq!((second.state, second.revision), (LicenceState::Pending, first.revision.next()));
    assert_eq!(second.history.len(), first.history.len() + 1);
    assert_eq!(pending().replacing(Some(active())), active(), "the same order is the same licence");
}

#[test]
fn it_expires_by_the_time_and_a_wish_only_makes_it_longer() {
    let active = active();
    assert_eq!(active.state_at(at(999_999)), LicenceState::Active);
    assert_eq!(active.state_at(at(1_000_000)), LicenceState::Expired);
    let wish = |quantity: i64, valid_to: &str| {
        let body = json!({"quantity": quantity, "validTo": valid_to, "assignedTo": null});
        let parsed = LicenceWish::parse(&body, &active, at(0));
        parsed.map_err(|wrong| wrong.iter().map(|one| one.pointer.clone()).collect::<Vec<_>>())
    };
    let same = moment::text(active.valid_to);
    assert!(!wish(3, &same).unwrap().is_for_vendor(&active));
    assert!(wish(4, &same).unwrap().is_for_vendor(&active));
    assert!(wish(3, "1979-12-31T00:00:00Z").unwrap().is_for_vendor(&active));
    assert_eq!(wish(0, "1970-01-02T00:00:00Z").unwrap_err(), ["/quantity", "/validTo"]);
    assert_eq!(wish(3, "1980-01-02T00:00:00Z").unwrap_err(), ["/validTo"]);
}
