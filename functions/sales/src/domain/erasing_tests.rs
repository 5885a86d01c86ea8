use super::*;
use crate::domain::order::tests::{made, order};
use crate::domain::{Duty, OrderState};
use jiff::SignedDuration;
use pretty_assertions::assert_eq;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

#[test]
fn what_is_not_delivered_is_cancelled_and_nobody_is_on_it() {
    let erased = order().person_erased(at(2));
    assert_eq!(erased.state(), OrderState::Cancelled);
    assert_eq!(erased.cancelled.as_ref().unwrap().because, CancelledBecause::ProfileErased);
    assert_eq!(erased.buyer, None);
    assert!(erased.duties.contains(&Duty::ReleaseVendor));
    assert!(erased.duties.contains(&Duty::DeletePayloads));
    assert_eq!(erased.clone().person_erased(at(3)), erased);
}

#[test]
fn what_is_delivered_is_finished_and_forgotten_step_by_step() {
    let provisioned = made(made(order())).person_erased(at(2));
    assert_eq!(provisioned.state(), OrderState::Open);
    assert!(provisioned.buyer.is_some(), "the invoice wants it");
    let invoiced = made(provisioned);
    assert!(invoiced.buyer.is_none() && invoiced.duties.is_empty());
    let done = made(made(invoiced));
    assert_eq!(done.state(), OrderState::Fulfilled);
    assert!(done.duties.contains(&Duty::DeletePayloads));
    let settled = done.clone().fulfilled(Duty::DeletePayloads, &done);
    assert_eq!(settled.clone().person_erased(at(9)), settled);
}
