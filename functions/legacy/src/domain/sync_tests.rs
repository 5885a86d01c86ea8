use super::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

pub(super) const PATIENCE: Patience = Patience {
    unanswered: SignedDuration::from_secs(600),
    busy: SignedDuration::from_secs(30),
    old_reads: SignedDuration::from_secs(300),
};

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn id() -> ProfileId {
    Uuid::from_u128(7).into()
}

pub(super) fn answer(revision: u64, outcome: &str) -> Answer {
    answer_with(revision, outcome, None)
}

pub(super) fn answer_with(revision: u64, outcome: &str, applied: Option<u64>) -> Answer {
    answer_named("a", revision, outcome, applied)
}

pub(super) fn answer_named(
    name: &str,
    revision: u64,
    outcome: &str,
    applied: Option<u64>,
) -> Answer {
    let event = json!({"id": name, "type": "com.iommi.mainframe.answered.v1", "data": {
        "profileId": id(), "revision": revision, "outcome": outcome, "code": null, "reason": null,
        "appliedRevision": applied, "at": "2026-03-01T08:00:00Z"}});
    serde_json::from_value(event).unwrap()
}

pub(super) fn version(revision: u64) -> Version {
    let written_at = at(i64::try_from(revision).unwrap() - 1_000);
    Version { revision: revision.try_into().unwrap(), written_at, is_erased: false }
}

pub(super) fn dispatch(revision: u64) -> Dispatch {
    let Version { revision, written_at, .. } = version(revision);
    let written_at = Some(written_at);
    Dispatch { revision, written_at, erased_at: None, payload: false, anew: false }
}

fn sent(revision: u64, second: i64) -> Sync {
    Sync::new(id()).after_sending(dispatch(revision), at(second), &PATIENCE)
}

#[test]
fn lag_counts_from_the_first_message_that_was_not_answered() {
    let sync = sent(1, 0).after_sending(dispatch(2), at(50), &PATIENCE);
    assert_eq!(sync.lag(at(60)), Some(SignedDuration::from_secs(60)));
    let (sync, _) = sync.after_answer(&answer(1, "applied"), at(70), &PATIENCE);
    assert_eq!(sync.standing, Standing::Waiting, "the second one is still owed");
    let (sync, _) = sync.after_answer(&answer(2, "applied"), at(80), &PATIENCE);
    assert_eq!((sync.standing, sync.lag(at(90)), sync.due_at), (Standing::Applied, None, None));
}

#[test]
fn how_long_a_change_took_is_known_once_it_is_answered_and_told_once() {
    let (sync, _) = sent(2, 0).after_answer(&answer(2, "applied"), at(70), &PATIENCE);
    assert_eq!(sync.took(None), Some(at(70).duration_since(version(2).written_at)));
    assert_eq!(sync.took(Some(2.try_into().unwrap())), None);
    let (refused, _) = sent(2, 0).after_answer(&answer(2, "refused"), at(70), &PATIENCE);
    assert_eq!(refused.took(None), None);
}

#[test]
fn waits_double_up_to_a_limit() {
    let mut sync = sent(1, 0);
    let mut waits = Vec::new();
    for _ in 0..8 {
        waits.push(sync.due_at.unwrap().as_second() / 600);
        sync = sync.after_sending(dispatch(1), at(0), &PATIENCE);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 32, 32]);
    let (busy, refused) = sent(1, 0).after_answer(&answer(1, "busy"), at(5), &PATIENCE);
    assert_eq!(
        (busy.due_at, busy.standing, refused),
        (Some(at(35)), Standing::Waiting, Next::Nothing)
    );
}

#[test]
fn only_a_refusal_of_what_was_sent_last_is_for_people() {
    let newer = sent(1, 0).after_sending(dispatch(2), at(1), &PATIENCE);
    let (sync, refused) = newer.after_answer(&answer(1, "refused"), at(2), &PATIENCE);
    assert_eq!((refused, sync.standing), (Next::Nothing, Standing::Waiting));
    let (sync, refused) = sync.after_answer(&answer(2, "refused"), at(3), &PATIENCE);
    assert_eq!((refused, sync.standing, sync.due_at), (Next::Refused, Standing::Refused, None));
    let again = sync.clone().after_sending(dispatch(2), at(4), &PATIENCE);
    assert_eq!(again.standing, Standing::Refused, "a duplicate of the feed asks nothing new");
    let driven = sync.after_sending(Dispatch { anew: true, ..dispatch(2) }, at(4), &PATIENCE);
    assert_eq!(driven.standing, Standing::Waiting);
}

#[test]
fn an_answer_may_come_before_the_record_of_what_was_sent() {
    let (early, _) = Sync::new(id()).after_answer(&answer(1, "applied"), at(0), &PATIENCE);
    let sync = early.after_sending(dispatch(1), at(1), &PATIENCE);
    assert_eq!((sync.standing, sync.waiting_since), (Standing::Applied, None));
    let (early, _) = Sync::new(id()).after_answer(&answer(1, "refused"), at(0), &PATIENCE);
    let sync = early.after_sending(dispatch(1), at(1), &PATIENCE);
    assert_eq!((sync.standing, sync.due_at), (Standing::Refused, None));
}

#[test]
fn a_refusal_that_was_overtaken_changes_nothing() {
    let (sync, _) = sent(2, 0).after_answer(&answer(2, "applied"), at(1), &PATIENCE);
    let (late, refused) = sync.after_answer(&answer(2, "refused"), at(2), &PATIENCE);
    assert_eq!((late.standing, refused), (Standing::Applied, Next::Nothing));
}

#[test]
fn a_refusal_that_comes_again_after_it_was_dealt_with_changes_nothing() {
    let (sync, _) = sent(2, 0).after_answer(&answer(2, "refused"), at(1), &PATIENCE);
    let (sync, refused) = sync.after_answer(&answer(2, "refused"), at(1), &PATIENCE);
    assert_eq!(refused, Next::Refused, "its letter may not have been kept the first time");
    let driven = sync.after_sending(Dispatch { anew: true, ..dispatch(2) }, at(2), &PATIENCE);
    let (sync, refused) = driven.after_answer(&answer(2, "refused"), at(3), &PATIENCE);
    assert_eq!(
        (sync.standing, refused),
        (Standing::Waiting, Next::Nothing),
        "it is still on its way"
    );
    assert!(sync.due_at.is_some(), "and is sent again if there is no answer");
}

#[test]
fn after_a_restore_the_mainframe_is_asked_anew() {
    let (sync, _) = sent(5, 0).after_answer(&answer(5, "applied"), at(1), &PATIENCE);
    let again = sync.after_sending(Dispatch { anew: true, ..dispatch(5) }, at(9), &PATIENCE);
    assert_eq!((again.standing, again.waiting_since), (Standing::Waiting, Some(at(9))));
    let (sync, _) = again.after_answer(&answer_with(5, "superseded", Some(5)), at(10), &PATIENCE);
    assert_eq!(sync.standing, Standing::Applied);
}

#[derive(Debug, Clone)]
enum Step {
    Send(u64),
    Feed(u64),
    Answer(u64, &'static str, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let outcome = prop::sample::select(vec!["applied", "superseded", "refused", "busy"]);
    let step = prop_oneof![
        (1_u64..9).prop_map(Step::Send),
        (1_u64..9).prop_map(Step::Feed),
        (1_u64..9, outcome, 0_u8..3)
            .prop_map(|(revision, outcome, name)| Step::Answer(revision, outcome, name)),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn in_any_order_and_number_revisions_never_go_backwards(steps in steps()) {
        let mut sync = Sync::new(id());
        let (mut most_sent, mut most_applied, mut newest) = (None, None, None);
        for (second, step) in steps.into_iter().enumerate() {
            let now = at(i64::try_from(second).unwrap());
            sync = match step {
                Step::Send(revision) => {
                    most_sent = most_sent.max(Some(revision));
                    newest = newest.max(Some(revision));
                    sync.after_sending(dispatch(revision), now, &PATIENCE)
                }
                Step::Feed(revision) => {
                    newest = newest.max(Some(revision));
                    let (sync, forward) = sync.after_change(&version(revision), now, &PATIENCE);
                    if forward == Forward::Send {
                        most_sent = most_sent.max(Some(revision));
                        sync.after_sending(dispatch(revision), now, &PATIENCE)
                    } else {
                        sync
                    }
                }
                Step::Answer(revision, outcome, name) => {
                    if outcome == "applied" || outcome == "superseded" {
                        most_applied = most_applied.max(Some(revision));
                    }
                    if sync.held.as_ref().is_some_and(|held| held.revision.get() == revision) {
                        most_sent = Some(revision);
                    }
                    let answer = answer_named(&name.to_string(), revision, outcome, None);
                    sync.after_answer(&answer, now, &PATIENCE).0
                }
            };
            prop_assert_eq!(sync.sent.as_ref().map(|s| s.revision.get()), most_sent);
            prop_assert_eq!(sync.applied.as_ref().map(|a| a.revision.get()), most_applied);
            prop_assert_eq!(sync.waiting_since.is_some(), sync.standing == Standing::Waiting);
            prop_assert_eq!(sync.due_at.is_some(), sync.standing == Standing::Waiting);
            if sync.standing == Standing::Waiting {
                prop_assert!(sync.newest().map(Revision::get) == newest || most_applied >= newest || sync.sent.is_none(), "{:?}", sync);
            }
            if sync.standing == Standing::Applied && newest.is_some() {
                prop_assert!(most_applied >= newest, "nothing counts as applied that the mainframe did not confirm");
            }
        }
    }
}
