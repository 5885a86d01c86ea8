use super::*;
use crate::domain::OrderState;
use crate::domain::order::tests::{made, order};
use jiff::SignedDuration;
use pretty_assertions::assert_eq;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn before_its_mail() -> Order {
    made(made(made(made(order()))))
}

fn mailed() -> Order {
    let order = made(before_its_mail());
    let operation = order.mail_operation();
    order.mail_accepted(operation, at(5))
}

fn reported(order: Order, status: &str, second: i64) -> Order {
    let operation = order.mail_operation();
    order.mail_reported(operation, &status.parse().unwrap(), at(second), at(second))
}

fn status(order: &Order) -> &str {
    &order.mail.as_ref().unwrap().status
}

#[test]
fn a_report_says_what_became_of_a_mail_and_the_same_again_changes_nothing() {
    let delivered = reported(mailed(), "Delivered", 6);
    assert_eq!((status(&delivered), delivered.state()), ("Delivered", OrderState::Fulfilled));
    assert_eq!(reported(delivered.clone(), "Delivered", 6), delivered);
    assert_eq!(reported(delivered.clone(), "Expanded", 3), delivered, "an older one");
    assert_eq!(status(&reported(delivered, "SomethingNew", 9)), "SomethingNew");
}

#[test]
fn a_mail_that_comes_back_is_a_step_that_failed() {
    let bounced = reported(mailed(), "Bounced", 60);
    assert_eq!(bounced.state(), OrderState::Failed);
    let failed = bounced.progress.failed().unwrap();
    assert_eq!(failed.problem.as_ref().unwrap().code, ProblemCode::Undeliverable);
    let again = bounced.restart(Step::Email, true, "ops-1", at(70)).unwrap();
    assert_eq!(again.current_mail(), None);
    assert_eq!(reported(again.clone(), "Delivered", 80).resends, 1);
    let old = again.id.operation("email-0");
    let late = again.clone().mail_reported(old, &"Bounced".parse().unwrap(), at(90), at(90));
    assert_eq!(late, again, "a report of the mail before");
}

#[test]
fn a_report_that_comes_before_the_answer_stays_and_counts() {
    let early = reported(before_its_mail(), "Bounced", 4);
    assert!(early.due().is_some());
    let operation = early.mail_operation();
    let done = made(early).mail_accepted(operation, at(5));
    assert_eq!((status(&done), done.state()), ("Bounced", OrderState::Failed));
}

#[test]
fn nobody_is_readdressed_who_is_gone() {
    let address = || EmailAddress::parse("new@example.com").unwrap();
    let readdressed = mailed().readdressed(address(), at(9)).unwrap();
    assert_eq!(readdressed.buyer.clone().unwrap().email_address.as_str(), "new@example.com");
    assert_eq!(readdressed.clone().readdressed(address(), at(10)).unwrap(), readdressed);
    let erased = mailed().person_erased(at(11));
    assert_eq!(erased.readdressed(address(), at(12)), Err(NobodyLeft));
}
