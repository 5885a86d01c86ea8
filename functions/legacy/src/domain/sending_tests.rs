use super::sync_tests::{PATIENCE, answer_named, at, dispatch, id, version};
use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;

fn after_sending(sync: Sync, revision: u64, second: i64) -> Sync {
    sync.after_sending(dispatch(revision), at(second), &PATIENCE)
}

fn after_change(sync: Sync, revision: u64, second: i64) -> (Sync, Forward) {
    sync.after_change(&version(revision), at(second), &PATIENCE)
}

fn answered(sync: Sync, revision: u64, outcome: &str, second: i64) -> (Sync, Next) {
    let answer = answer_named(&format!("{outcome}{second}"), revision, outcome, None);
    sync.after_answer(&answer, at(second), &PATIENCE)
}

/// Sent at 1 in second 0; 2 and 3 held back in seconds 10 and 20.
fn held() -> Sync {
    let (sync, first) = after_change(Sync::new(id()), 1, 0);
    let (sync, second) = after_change(after_sending(sync, 1, 0), 2, 10);
    let (sync, third) = after_change(sync, 3, 20);
    assert_eq!([first, second, third], [Forward::Send, Forward::Held, Forward::Held]);
    sync
}

#[test]
fn while_a_message_is_unanswered_what_is_newer_waits_and_only_the_newest_goes() {
    for outcome in ["applied", "superseded", "refused", "busy"] {
        let (sync, next) = answered(held(), 1, outcome, 30);
        assert_eq!((next, sync.standing), (Next::SendNewest, Standing::Waiting), "{outcome}");
        let sync = after_sending(sync, 3, 31);
        assert_eq!((&sync.held, sync.due_at), (&None, Some(at(631))), "{outcome}");
        let (sync, next) = answered(sync, 3, "applied", 40);
        assert_eq!(
            (next, sync.standing, sync.lag(at(50))),
            (Next::Nothing, Standing::Applied, None)
        );
    }
}

#[test]
fn lag_counts_from_the_first_change_that_is_not_known_to_be_applied() {
    let (applied, _) = answered(held(), 1, "applied", 30);
    assert_eq!(applied.lag(at(40)), Some(SignedDuration::from_secs(30)), "2 came in second 10");
    let (busy, _) = answered(held(), 1, "busy", 30);
    assert_eq!(busy.lag(at(40)), Some(SignedDuration::from_secs(40)), "1 is not applied");
    assert_eq!(after_sending(applied, 3, 31).lag(at(40)), Some(SignedDuration::from_secs(30)));
}

#[test]
fn one_of_two_who_read_an_answer_sends_and_if_it_dies_somebody_else_does() {
    let (sync, first) = answered(held(), 1, "applied", 30);
    let (sync, second) = answered(sync, 1, "superseded", 31);
    assert_eq!((first, second), (Next::SendNewest, Next::Nothing));
    let (sync, newer) = after_change(sync, 4, 35);
    assert_eq!(newer, Forward::Held, "who sends reads it, or an answer follows");
    assert!(!sync.clone().claimed(at(49)).1, "it is being sent");
    assert!(sync.clone().claimed(at(50)).1);
    assert_eq!(after_change(sync.clone(), 5, 50).1, Forward::Send);
    assert_eq!(answered(sync, 1, "applied", 60).1, Next::SendNewest, "the same answer tried again");
}

#[test]
fn what_is_held_back_waits_no_longer_than_the_first_wait() {
    let mut sync = Sync::new(id());
    for _ in 0..6 {
        sync = after_sending(sync, 1, 0);
    }
    let (sync, forward) = after_change(sync, 2, 1_000);
    assert_eq!((forward, sync.due_at), (Forward::Held, Some(at(1_600))));
    let (sync, _) = after_change(sync, 3, 1_500);
    assert_eq!(sync.due_at, Some(at(1_600)), "however much comes");
    assert_eq!(after_sending(sync, 1, 1_550).due_at, Some(at(2_150)));
}

#[test]
fn an_answer_that_is_delivered_again_says_nothing_about_what_was_sent_since() {
    let (sync, _) = answered(after_sending(Sync::new(id()), 1, 0), 1, "busy", 5);
    assert_eq!(after_change(sync.clone(), 2, 6).1, Forward::Send, "nothing is unanswered");
    let (sync, _) = sync.claimed(at(60));
    let sync = after_sending(sync, 1, 60);
    let (sync, _) = answered(sync, 1, "busy", 5);
    assert_eq!(after_change(sync, 2, 61).1, Forward::Held);
}

#[test]
fn an_answer_that_is_quicker_than_the_record_of_what_was_sent_counts() {
    let (released, _) = answered(held(), 1, "applied", 30);
    let (busy, _) = answered(released.clone(), 3, "busy", 31);
    let busy = after_sending(busy, 3, 32);
    assert_eq!((busy.due_at, after_change(busy, 4, 33).1), (Some(at(62)), Forward::Send));
    let (refused, next) = answered(released.clone(), 3, "refused", 31);
    let refused = after_sending(refused, 3, 32);
    assert_eq!((next, refused.standing), (Next::Refused, Standing::Refused));
    let (newer, _) = after_change(released, 4, 30);
    let (applied, next) = answered(newer, 3, "applied", 31);
    let applied = after_sending(applied, 3, 32);
    assert_eq!((next, applied.standing), (Next::Nothing, Standing::Waiting));
    assert!(applied.claimed(at(60)).1, "4 is still to be sent");
}

proptest! {
    /// A mainframe that takes one message after the other, and answers each.
    #[test]
    fn there_is_at_most_one_unanswered_message_and_the_newest_gets_there(
        steps in prop::collection::vec((any::<bool>(), prop::sample::select(vec!["applied", "refused", "busy"])), 1..60)
    ) {
        let (mut sync, mut newest, mut outbox) = (Sync::new(id()), 0, Vec::new());
        let mut second = 0;
        let is_last = |at: usize| at >= steps.len();
        for at_step in 0..steps.len() + 4 {
            second += 100;
            let (is_change, outcome) = *steps.get(at_step).unwrap_or(&(false, "applied"));
            let send = if is_change {
                newest += 1;
                let (after, forward) = after_change(sync, newest, second);
                sync = after;
                forward == Forward::Send
            } else if let Some(revision) = outbox.pop() {
                let (after, next) = answered(sync, revision, outcome, second);
                sync = after;
                next == Next::SendNewest
            } else {
                let (after, is_ours) = sync.claimed(at(second));
                sync = after;
                is_ours || (is_last(at_step) && sync.standing == Standing::Refused)
            };
            if send {
                outbox.push(newest);
                sync = after_sending(sync, newest, second);
            }
            prop_assert!(outbox.len() <= 1, "{:?}: {:?}", outbox, sync);
        }
        let applied = sync.applied.as_ref().map_or(0, |applied| applied.revision.get());
        let is_refused = sync.standing == Standing::Refused;
        prop_assert!(applied == newest || is_refused, "{} of {}: {:?}", applied, newest, sync);
    }
}

#[test]
fn a_busy_answer_before_its_message_is_recorded_is_sent_again_though_the_last_one_was_refused() {
    let sync = Sync::new(id()).after_sending(dispatch(1), at(0), &PATIENCE);
    let (sync, _) = answered(sync, 1, "refused", 1);
    let (sync, _) = answered(sync, 2, "busy", 2);
    let sync = sync.after_sending(dispatch(2), at(3), &PATIENCE);
    assert_eq!(sync.standing, Standing::Waiting);
    assert!(sync.due_at.is_some(), "{sync:?}");
}
