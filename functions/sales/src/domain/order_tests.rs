use super::*;
use crate::domain::{PayloadPath, ProblemCode, StepProblem};
use jiff::SignedDuration;
use pretty_assertions::assert_eq;
use serde_json::json;
use uuid::Uuid;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

pub(in crate::domain) fn order() -> Order {
    let body = json!({
        "lines": [{"serviceId": "night-watch", "quantity": 3, "months": 12}],
        "buyer": {"name": "Kim", "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}},
    });
    let price = |text: &str| Money::new(text.parse().unwrap(), "EUR".parse().unwrap());
    let line = OrderLine {
        line: 1,
        service: "night-watch".parse().unwrap(),
        name: "Night watch".into(),
        vendor_service: "vend-night-watch".into(),
        quantity: 3,
        months: 12,
        purchase_price: price("8.00"),
        unit_price: price("9.905"),
    };
    let profile = ProfileId::from(Uuid::from_u128(7));
    let placed = Placed {
        id: OrderId::of(profile, "key"),
        profile,
        fingerprint: "f".into(),
        at: at(0),
        accepted: PayloadPath::accepted(OrderId::of(profile, "key"), Uuid::nil()),
        lines: vec![line],
        currency: "EUR".parse().unwrap(),
        origin: None,
    };
    Order::place(NewOrder::parse(&body).unwrap(), placed)
}

pub(in crate::domain) fn made(order: Order) -> Order {
    let due = order.due().expect("a step is due");
    let path = PayloadPath::of(order.id, due.step, due.attempt);
    order.done(due, path, at(1)).expect("it is the one that is due")
}

fn out_of_stock() -> StepProblem {
    StepProblem { code: ProblemCode::OutOfStock, detail: "none left".into() }
}

#[test]
fn an_order_ends_fulfilled_and_counts_each_change() {
    let mut order = order();
    assert_eq!(order.input_of(Step::Provision), order.accepted);
    for step in Step::ON_INVOICE {
        assert_eq!((order.state(), order.due().unwrap().step), (OrderState::Open, step));
        order = made(order);
    }
    assert_eq!((order.state(), order.revision.get()), (OrderState::Fulfilled, 6));
    assert_eq!(order.input_of(Step::Email), PayloadPath::of(order.id, Step::Document, 1));
}

#[test]
fn each_line_is_rounded_half_up_before_it_is_summed() {
    assert_eq!(order().net().unwrap().to_string(), "356.58 EUR");
}

#[test]
fn what_the_vendor_took_is_given_back_when_it_refuses_and_not_once_it_is_ordered_again() {
    let order = order();
    let failed = order.clone().fail(order.due().unwrap(), out_of_stock(), at(1)).unwrap();
    assert_eq!((failed.state(), failed.due()), (OrderState::Failed, None));
    assert!(failed.duties.contains(&Duty::ReleaseVendor));
    let restarted = failed.restart(Step::Provision, false, "ops-1", at(2)).unwrap();
    assert!(!restarted.duties.contains(&Duty::ReleaseVendor));
    assert_eq!(restarted.history.last().unwrap().by.as_deref(), Some("ops-1"));
}

#[test]
fn an_order_can_be_cancelled_until_it_is_provisioned() {
    let cancelled = order().cancel(CancelledBecause::Asked, at(1)).unwrap();
    assert_eq!((cancelled.state(), cancelled.due()), (OrderState::Cancelled, None));
    assert_eq!(cancelled.clone().cancel(CancelledBecause::ProfileErased, at(2)), Ok(cancelled));
    assert_eq!(made(order()).cancel(CancelledBecause::Asked, at(2)), Err(AlreadyProvisioned));
}

#[test]
fn a_step_that_ends_after_the_order_was_cancelled_changes_nothing() {
    let order = order();
    let due = order.due().unwrap();
    let cancelled = order.cancel(CancelledBecause::Asked, at(1)).unwrap();
    let path = PayloadPath::of(cancelled.id, due.step, due.attempt);
    assert_eq!(cancelled.clone().done(due, path, at(2)), None);
    assert_eq!(cancelled.fail(due, out_of_stock(), at(2)), None);
}

#[test]
fn the_history_keeps_the_newest_entries() {
    let mut order = made(made(made(made(made(order())))));
    for round in 0..MAX_HISTORY {
        order =
            made(order.restart(Step::Email, true, "ops-1", at(round.try_into().unwrap())).unwrap());
    }
    assert_eq!(order.history.len(), MAX_HISTORY);
}
