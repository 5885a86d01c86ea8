use super::super::case_transitions::{LEASE, UNDO_WITHIN};
use super::super::*;
use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;
use uuid::Uuid;

const MONA: &str = "mona";
const MATEO: &str = "mateo";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn in_review() -> Photo {
    let ticket = Ticket::new(ContentType::Jpeg, 1_000, at(0));
    let (id, profile_id) = (PhotoId::from(Uuid::from_u128(1)), ProfileId::from(Uuid::from_u128(2)));
    let stored = Stored {
        content_type: "image/jpeg".into(),
        bytes: 9,
        width: 3,
        height: 3,
        digest: "d".into(),
    };
    let picture = Picture {
        format: ContentType::Jpeg,
        original: stored.clone(),
        large: stored.clone(),
        thumb: stored,
        blurhash: "b".into(),
        hashes: Vec::new(),
    };
    let to = Decision::Review(Reason::content(Category::Sexual));
    let severities = Some(Severities::of([(Category::Sexual, 2)]));
    let check = Check { to, picture: Some(picture), model: None, severities };
    let photo = Photo::requested(id, profile_id, ticket, "00-trace".into(), at(0));
    photo.run_begun(at(1)).unwrap().unwrap().checked(check, at(2)).unwrap()
}

fn open() -> Case {
    Case::opened(&in_review(), at(10))
}

/// Approved by one moderator, undone by another.
fn came_back(photo: &Photo) -> Photo {
    let by = |id: &str| Actor::Moderator { id: id.into() };
    let approved = photo.decided(&Decision::Approve, by(MONA), None, at(35)).unwrap();
    let reason = Reason::content(Category::Sexual);
    approved.decided(&Decision::Review(reason), by(MATEO), None, at(36)).unwrap()
}

fn held_by(moderator: &str) -> Case {
    open().leased(moderator, at(20)).unwrap()
}

#[test]
fn a_case_says_how_bad_it_is() {
    assert_eq!(open().severity, 2);
    let unchecked = Photo { severities: None, ..in_review() };
    assert_eq!(Case::opened(&unchecked, at(10)).severity, 7);
}

#[test]
fn one_moderator_at_a_time_looks_at_a_case() {
    let case = held_by(MONA);
    let until = at(20) + LEASE;
    assert_eq!(case.leased(MATEO, at(21)), Err(CaseRefused::HeldByAnother { until }));
    assert!(case.leased(MONA, at(21)).is_ok());
    assert!(case.leased(MATEO, until).is_ok(), "a lease that ran out keeps nobody away");
    assert_eq!(case.released(MATEO, at(22)), case);
    assert!(case.released(MONA, at(22)).leased(MATEO, at(23)).is_ok());
}

#[test]
fn only_who_holds_a_case_decides_it() {
    let approve = |case: &Case, who| case.decided(Judgement::Approve, None, who, at(30));
    assert_eq!(approve(&open(), MONA), Err(CaseRefused::NotHeld));
    let until = at(20) + LEASE;
    assert_eq!(approve(&held_by(MONA), MATEO), Err(CaseRefused::HeldByAnother { until }));
    let decided = approve(&held_by(MONA), MONA).unwrap();
    assert_eq!(decided.state, CaseState::Decided);
    assert_eq!(approve(&decided, MONA), Err(CaseRefused::NotOpen(CaseState::Decided)));
}

#[test]
fn what_cannot_be_seen_can_only_be_rejected() {
    let case = Case { has_picture: false, ..held_by(MONA) };
    assert_eq!(case.decided(Judgement::Approve, None, MONA, at(30)), Err(CaseRefused::NoPicture));
    let reject = Judgement::Reject(ReviewReason::Other);
    assert!(case.decided(reject, None, MONA, at(30)).is_ok());
}

#[test]
fn a_decision_is_undone_within_a_day() {
    let decided = held_by(MONA).decided(Judgement::Approve, None, MONA, at(30)).unwrap();
    assert!(decided.undoable(at(30) + UNDO_WITHIN).is_ok());
    let late = at(31) + UNDO_WITHIN;
    assert_eq!(decided.undoable(late), Err(CaseRefused::TooLate { at: at(30) }));
    assert_eq!(open().undoable(at(30)), Err(CaseRefused::NothingToUndo));
    assert_eq!(decided.reopened(&in_review(), at(40)), decided, "the photo has not come back");
    let back = came_back(&in_review());
    let again = decided.reopened(&back, at(40));
    assert_eq!((again.state, again.undone, &again.ruling), (CaseState::Open, 1, &None));
    assert_eq!(again.history.last().unwrap().by.as_deref(), Some(MATEO));
    assert_eq!(again.reopened(&back, at(41)), again, "once for each time");
}

#[test]
fn an_appeal_goes_to_somebody_else() {
    let by = Actor::Moderator { id: MONA.into() };
    let reason = Reason::moderator("nudity");
    let rejected = in_review().decided(&Decision::Reject(reason), by, None, at(50)).unwrap();
    let appeal = Case::opened(&rejected.appealed(at(60)).unwrap(), at(60));
    assert_eq!(appeal.kind, CaseKind::Appeal);
    assert_eq!(appeal.leased(MONA, at(61)), Err(CaseRefused::OwnDecision));
    assert!(appeal.leased(MATEO, at(61)).is_ok());
}

#[test]
fn nothing_that_was_written_stays_when_the_photo_goes() {
    let note = Some("a face is seen".to_owned());
    let decided = held_by(MONA).decided(Judgement::Approve, note, MONA, at(30)).unwrap();
    let closed = decided.closed(Revision::FIRST, at(40)).unwrap();
    assert!(!format!("{closed:?}").contains("face"));
    assert_eq!(closed.closed(Revision::FIRST, at(41)), None);
    assert_eq!(open().closed(Revision::FIRST, at(40)).unwrap().state, CaseState::Closed);
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Lease(bool),
    Release(bool),
    Decide(bool),
    Reopen,
    Lapse,
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let who = any::<bool>();
    let act = prop_oneof![
        who.prop_map(Act::Lease),
        who.prop_map(Act::Release),
        who.prop_map(Act::Decide),
        Just(Act::Reopen),
        Just(Act::Lapse),
    ];
    proptest::collection::vec((act, 0..500_i64), 0..200)
}

proptest! {
    #[test]
    fn whatever_two_moderators_do_one_decision_stands_and_versions_grow(acts in acts()) {
        let (mut case, mut now, mut photo) = (open(), at(10), in_review());
        for (act, pause) in acts {
            now += SignedDuration::from_secs(pause);
            let name = |first: bool| if first { MONA } else { MATEO };
            let next = match act {
                Act::Lease(who) => case.leased(name(who), now).ok(),
                Act::Release(who) => Some(case.released(name(who), now)),
                Act::Decide(who) => {
                    let holder = case.held(now).map(|lease| lease.by.clone());
                    let next = case.decided(Judgement::Approve, None, name(who), now).ok();
                    prop_assert!(next.is_none() || holder.as_deref() == Some(name(who)));
                    next
                }
                Act::Reopen if case.state == CaseState::Decided => {
                    photo = came_back(&photo);
                    Some(case.reopened(&photo, now))
                }
                Act::Reopen => Some(case.reopened(&photo, now)),
                Act::Lapse => case.lapsed(now),
            };
            let Some(next) = next else { continue };
            prop_assert!(next == case || next.revision > case.revision);
            prop_assert_eq!(next.ruling.is_some(), next.state == CaseState::Decided);
            prop_assert!(next.history.len() <= 100);
            case = next;
        }
    }
}
