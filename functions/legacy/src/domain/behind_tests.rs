use super::sync_tests::{PATIENCE, answer, answer_with, at, dispatch, id, version};
use super::*;
use serde_json::json;

/// Sent and applied at 5, in seconds 0 and 1.
fn applied() -> Sync {
    let sent = Sync::new(id()).after_sending(dispatch(5), at(0), &PATIENCE);
    sent.after_answer(&answer(5, "applied"), at(1), &PATIENCE).0
}

fn written(revision: u64, second: i64) -> Version {
    Version { written_at: at(second), ..version(revision) }
}

fn five() -> Revision {
    5.try_into().unwrap()
}

fn send(sync: Sync, version: &Version, second: i64) -> Sync {
    let Version { revision, written_at, is_erased } = *version;
    let erased_at = is_erased.then_some(written_at);
    let written_at = Some(written_at);
    let dispatch = Dispatch { revision, written_at, erased_at, payload: false, anew: false };
    sync.after_sending(dispatch, at(second), &PATIENCE)
}

#[test]
fn what_is_read_and_older_is_an_old_copy_until_no_copy_can_be_so_old() {
    let judge = |revision, second| applied().judge(&version(revision), at(second), &PATIENCE);
    assert_eq!(judge(4, 299), Judgement::Old);
    assert_eq!(judge(4, 300), Judgement::Behind(five()));
    assert_eq!((judge(5, 9_000), judge(6, 2)), (Judgement::Sound, Judgement::Sound));
}

#[test]
fn what_was_written_after_a_higher_revision_was_known_was_counted_anew() {
    let judge = |written: Version| applied().judge(&written, at(60), &PATIENCE);
    assert_eq!(judge(written(2, 50)), Judgement::Behind(five()));
    assert_eq!(judge(written(2, 1)), Judgement::Old, "clocks differ");
    assert_eq!(judge(written(5, 50)), Judgement::Behind(five()), "another state of 5");
    let (sync, forward) = applied().after_change(&written(2, 50), at(60), &PATIENCE);
    assert_eq!(forward, Forward::Behind(five()));
    let told = sync.told(at(60), &PATIENCE);
    assert_eq!((told.standing, told.due_at), (Standing::Waiting, Some(at(660))));
    let (told, forward) = told.after_change(&written(3, 70), at(70), &PATIENCE);
    assert_eq!(forward, Forward::Covered, "it is known");
    let (told, forward) = told.after_change(&written(6, 80), at(80), &PATIENCE);
    assert_eq!(forward, Forward::Send);
    let sync = send(told, &written(6, 80), 81);
    let (sync, _) = sync.after_answer(&answer(6, "applied"), at(90), &PATIENCE);
    assert_eq!((sync.standing, sync.behind), (Standing::Applied, None));
}

#[test]
fn an_older_document_of_the_feed_is_looked_at_before_anything_counts_as_applied() {
    let (sync, forward) = applied().after_change(&version(3), at(60), &PATIENCE);
    assert_eq!((forward, sync.standing), (Forward::Held, Standing::Waiting));
    let (sync, _) = sync.after_answer(&answer_with(3, "superseded", Some(5)), at(61), &PATIENCE);
    assert_eq!(sync.standing, Standing::Waiting, "an answer does not settle it");
    assert!(sync.clone().claimed(at(80)).1);
    let sync = send(sync, &version(5), 81);
    let (sync, _) = sync.after_answer(&answer(5, "superseded"), at(82), &PATIENCE);
    assert_eq!((sync.standing, sync.behind), (Standing::Applied, None), "it was an old copy");
}

#[test]
fn an_erasure_is_covered_by_nothing_but_an_erasure() {
    for second in [-998, 50] {
        let erased = Version { is_erased: true, ..written(2, second) };
        let (sync, forward) = applied().after_change(&erased, at(60), &PATIENCE);
        let behind = Forward::Behind(five());
        assert_eq!(forward, if second < 0 { Forward::Send } else { behind }, "it is sent in both");
        let sync = send(sync, &erased, 61);
        assert_eq!((sync.standing, sync.erased_at), (Standing::Waiting, Some(at(second))));
        let answer = answer_with(2, "superseded", Some(5));
        let (sync, _) = sync.after_answer(&answer, at(62), &PATIENCE);
        assert_eq!(sync.standing, Standing::Waiting, "5 is what it was before it was erased");
        let (sync, forward) = sync.told(at(63), &PATIENCE).after_change(&erased, at(64), &PATIENCE);
        assert_eq!(forward, Forward::Covered);
        let surpassed = Version { is_erased: true, ..written(6, second) };
        let (sync, forward) = sync.after_change(&surpassed, at(70), &PATIENCE);
        assert_eq!(forward, Forward::Send);
        let sync = send(sync, &surpassed, 71);
        let (sync, _) =
            sync.after_answer(&super::sync_tests::answer(6, "applied"), at(72), &PATIENCE);
        assert_eq!(sync.standing, Standing::Applied);
    }
}

#[test]
fn what_only_the_mainframe_knows_does_not_count_as_applied() {
    let sync = Sync::new(id()).after_sending(dispatch(2), at(0), &PATIENCE);
    let answer = answer_with(2, "superseded", Some(5));
    let (sync, next) = sync.after_answer(&answer, at(10), &PATIENCE);
    assert_eq!((next, sync.standing), (Next::Nothing, Standing::Waiting));
    let judge = |second| sync.judge(&version(2), at(second), &PATIENCE);
    assert_eq!((judge(40), judge(310)), (Judgement::Old, Judgement::Behind(five())));
    let (_, forward) = sync.after_change(&written(3, 50), at(60), &PATIENCE);
    assert_eq!(forward, Forward::Behind(five()));
}

#[test]
fn the_mainframe_may_have_another_state_of_the_same_revision() {
    let with_time = |second: i64| {
        let event = json!({"id": "a", "type": "com.iommi.mainframe.answered.v1", "data": {
            "profileId": id(), "revision": 5, "outcome": "superseded", "appliedRevision": 5,
            "appliedTime": at(second), "at": "2026-03-01T08:00:00Z"}});
        serde_json::from_value::<Answer>(event).unwrap()
    };
    let sent = || send(Sync::new(id()), &written(5, 50), 51);
    let (same, next) = sent().after_answer(&with_time(50), at(60), &PATIENCE);
    assert_eq!((next, same.standing), (Next::Nothing, Standing::Applied));
    let (other, next) = sent().after_answer(&with_time(20), at(60), &PATIENCE);
    assert_eq!((next, other.standing), (Next::Behind(five()), Standing::Waiting));
}

#[test]
fn who_was_erased_and_lives_again_is_not_sent() {
    let erased = Version { is_erased: true, ..version(6) };
    let sync = send(applied(), &erased, 10);
    let (sync, _) = sync.after_answer(&answer(6, "applied"), at(11), &PATIENCE);
    for revision in [3, 6, 7] {
        let living = written(revision, 50);
        let (sync, forward) = sync.clone().after_change(&living, at(60), &PATIENCE);
        assert_eq!((forward, sync.standing), (Forward::Held, Standing::Waiting), "{revision}");
        assert_eq!(sync.judge(&living, at(80), &PATIENCE), Judgement::Undone, "{revision}");
    }
    let (sync, _) = sync.after_change(&version(3), at(60), &PATIENCE);
    assert_eq!(sync.judge(&version(3), at(80), &PATIENCE), Judgement::Old);
}

#[test]
fn a_copy_from_before_the_erasure_is_no_undone_erasure_as_long_as_copies_may_be_old() {
    // A restore lost revision 5, the profile counts anew, and is erased.
    let erased = Version { is_erased: true, ..written(4, 1_000) };
    let sync = send(applied(), &erased, 1_001);
    let old = version(3);
    assert_eq!(sync.judge(&old, at(1_010), &PATIENCE), Judgement::Behind(five()));
    assert_eq!(sync.judge(&old, at(1_400), &PATIENCE), Judgement::Undone);
}
