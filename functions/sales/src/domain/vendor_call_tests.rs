use super::*;
use crate::domain::ProfileId;
use pretty_assertions::assert_eq;

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn line() -> (OrderId, u32) {
    (OrderId::of(ProfileId::from(Uuid::nil()), "key"), 1)
}

fn taken_up(before: Option<VendorCall>, attempt: u32) -> Result<VendorCall, AnotherAttempt> {
    VendorCall::taken_up(before, line(), attempt, 12, at(0))
}

#[test]
fn of_two_at_once_one_orders_and_a_third_asks_and_waits_until_nothing_can_arrive() {
    let fresh = taken_up(None, 1).unwrap();
    assert_eq!((fresh.turn(), fresh.look_at), (Turn::Order, None));
    let mine = fresh.intended(ME, at(0)).unwrap();
    assert_eq!(mine.turn(), Turn::Ask);
    assert_eq!(mine.clone().intended(OTHER, at(59)), None, "it may still arrive");
    assert_eq!(mine.may_arrive_until(at(59)), Some(at(60)));
    let again = mine.intended(OTHER, at(60)).unwrap();
    assert_eq!(
        again.clone().answered(ME, at(61)),
        None,
        "what another sent is not known from this"
    );
    assert_eq!(again.answered(OTHER, at(61)).unwrap().may_arrive_until(at(61)), None);
}

#[test]
fn the_first_order_that_is_found_stays_and_all_others_go() {
    let call = taken_up(None, 1).unwrap().intended(ME, at(0)).unwrap();
    assert_eq!(call.kept().count(), 0, "nobody knows yet which one stays");
    let call = call.chosen(1, "vo-1", at(1)).unwrap().chosen(1, "vo-2", at(2)).unwrap();
    assert_eq!(call.turn(), Turn::Ordered("vo-1".into()));
    assert_eq!(call.kept().map(|(_, stays)| stays).collect::<Vec<_>>(), [Some("vo-1")]);
}

#[test]
fn what_was_given_back_is_not_ordered_by_the_same_attempt_and_in_a_new_round_by_the_next() {
    let call = taken_up(None, 1).unwrap().intended(ME, at(0)).unwrap();
    let call = call.chosen(1, "vo-1", at(1)).unwrap();
    let given_back = VendorCall::released(Some(call), line(), 1, at(2));
    assert_eq!(given_back.clone().chosen(1, "vo-1", at(3)), None);
    assert_eq!(taken_up(Some(given_back.clone()), 1), Err(AnotherAttempt));
    let next = taken_up(Some(given_back), 2).unwrap();
    assert_eq!((next.turn(), next.reference.round), (Turn::Order, 2));
    let late = VendorCall::released(Some(next.clone()), line(), 1, at(4));
    assert_eq!(late, next, "who gives back what the first attempt took leaves the second alone");
    assert_eq!(next.kept().map(|(one, stays)| (one.round, stays)).collect::<Vec<_>>(), [(1, None)]);
    assert_eq!(taken_up(Some(next), 1), Err(AnotherAttempt));
}

#[test]
fn a_line_that_was_never_ordered_is_not_ordered_once_it_is_given_back() {
    let nothing = VendorCall::released(None, line(), 1, at(0));
    assert_eq!(taken_up(Some(nothing.clone()), 1), Err(AnotherAttempt));
    assert_eq!(
        nothing.kept().map(|(one, stays)| (one.round, stays)).collect::<Vec<_>>(),
        [(1, None)]
    );
}

#[test]
fn a_later_order_is_looked_for_again() {
    let call = taken_up(None, 1).unwrap().intended(ME, at(0)).unwrap();
    let due = call.look_at.unwrap();
    let again = call.clone().answered(ME, at(1)).unwrap().intended(ME, at(100)).unwrap();
    assert_eq!(again.clone().looked(due).look_at, again.look_at);
    assert_eq!(call.looked(due).look_at, None);
}

#[test]
fn months_are_those_of_the_calendar() {
    let from: Timestamp = "2028-01-31T10:00:00.0007Z".parse().unwrap();
    assert_eq!(months_after(from, 1), "2028-02-29T10:00:00Z".parse().unwrap());
    assert_eq!(months_after(from, 36), "2031-01-31T10:00:00Z".parse().unwrap());
}
