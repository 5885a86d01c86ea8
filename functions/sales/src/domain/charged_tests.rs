use super::*;
use crate::domain::order::tests::{made, order};
use crate::domain::{CancelledBecause, Duty, OrderState, ProblemCode, StepProblem};
use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use uuid::Uuid;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn charged() -> Order {
    let account: AccountId = "01980c6e-6666-7000-8000-00000000ab12".parse().unwrap();
    order().charged_to(account, "445.73 EUR".parse().unwrap())
}

fn failed(order: Order, code: ProblemCode) -> Order {
    let why = StepProblem { code, detail: "no".into() };
    let due = order.due().unwrap();
    order.fail(due, why, at(2)).unwrap()
}

fn to_reverse(order: &Order) -> Vec<Uuid> {
    order.on_account.as_ref().unwrap().to_reverse().collect()
}

fn charge(order: &Order) -> Uuid {
    order.on_account.as_ref().unwrap().charge()
}

fn is_to_reverse(order: &Order) -> bool {
    order.duties.contains(&Duty::ReverseCharge)
}

#[test]
fn an_order_on_account_is_held_first_and_charged_once_it_is_invoiced() {
    let mut order = charged();
    assert_eq!(order.on_account.as_ref().unwrap().ending(), "ab12");
    let first = charge(&order);
    for step in Step::ON_ACCOUNT {
        assert_eq!(order.due().unwrap().step, step);
        order = made(order);
    }
    assert_eq!((order.state(), charge(&order)), (OrderState::Fulfilled, first));
    assert!(order.duties.is_empty());
}

#[test]
fn what_costs_nothing_is_charged_to_nobody() {
    let account: AccountId = "01980c6e-6666-7000-8000-00000000ab12".parse().unwrap();
    let free = order().charged_to(account, "0.00 EUR".parse().unwrap());
    assert_eq!((free.on_account.as_ref(), free.due().unwrap().step), (None, Step::Provision));
}

#[test]
fn what_is_declined_holds_nothing_and_another_try_is_another_charge() {
    let order = charged();
    let first = charge(&order);
    let declined = failed(order, ProblemCode::PaymentDeclined);
    assert!(!is_to_reverse(&declined), "there is nothing to give up");
    let again = declined.restart(Step::Authorise, false, "ops-1", at(3)).unwrap();
    assert_eq!(again.due().unwrap().step, Step::Authorise);
    assert_ne!(charge(&again), first);
    assert!(made(made(again)).duties.is_empty());
}

#[test]
fn whether_it_is_held_is_not_known_where_nobody_answered_so_it_is_given_up() {
    let order = charged();
    let first = charge(&order);
    let failed = failed(order, ProblemCode::NotAnswering);
    assert!(is_to_reverse(&failed));
    assert_eq!(to_reverse(&failed), [first]);
    let seen = failed.clone();
    let settled = failed.fulfilled(Duty::ReverseCharge, &seen);
    assert!(!is_to_reverse(&settled) && to_reverse(&settled).is_empty());
    assert_eq!(settled.clone().fulfilled(Duty::ReverseCharge, &seen), settled);
}

#[test]
fn what_the_vendor_refused_is_given_up_and_a_restart_begins_with_another_charge() {
    let order = made(charged());
    let first = charge(&order);
    let refused = failed(order, ProblemCode::OutOfStock);
    assert!(is_to_reverse(&refused) && refused.duties.contains(&Duty::ReleaseVendor));
    let again = refused.clone().restart(Step::Provision, false, "ops-1", at(3)).unwrap();
    assert_eq!(again.due().unwrap().step, Step::Authorise, "nothing is bought that is not held");
    assert_eq!((to_reverse(&again), is_to_reverse(&again)), (vec![first], true));
    let second = charge(&again);
    // It fails again before what was seen of the first time is known to be done.
    let twice = failed(made(again), ProblemCode::OutOfStock);
    assert_eq!(to_reverse(&twice), [first, second]);
    let half = twice.clone().fulfilled(Duty::ReverseCharge, &refused);
    assert_eq!((to_reverse(&half), is_to_reverse(&half)), (vec![second], true));
    assert!(!is_to_reverse(&half.fulfilled(Duty::ReverseCharge, &twice)));
}

#[test]
fn what_is_cancelled_before_it_was_delivered_is_given_up_and_after_that_nothing_is() {
    let cancelled = charged().cancel(CancelledBecause::Asked, at(1)).unwrap();
    assert!(is_to_reverse(&cancelled));
    let delivered = made(made(charged()));
    assert!(delivered.clone().cancel(CancelledBecause::Asked, at(2)).is_err());
    let invoiced = made(made(delivered));
    let failed = failed(invoiced, ProblemCode::NotAnswering);
    assert!(!is_to_reverse(&failed), "a person decides");
    let again = failed.restart(Step::Provision, false, "ops-1", at(3)).unwrap();
    assert_eq!(again.due().unwrap().step, Step::Provision);
    assert_eq!(charge(&again), charge(&charged()));
}
