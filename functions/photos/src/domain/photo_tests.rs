use super::super::state::TransitionRefused;
use super::super::*;
use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn requested() -> Photo {
    let ticket = Ticket::new(ContentType::Jpeg, 1_000, at(0));
    let (id, profile_id) = (PhotoId::from(Uuid::from_u128(1)), ProfileId::from(Uuid::from_u128(2)));
    Photo::requested(id, profile_id, ticket, "00-trace".into(), at(0))
}

fn checking() -> Photo {
    requested().run_begun(at(1)).unwrap().unwrap()
}

fn picture() -> Picture {
    let stored = Stored {
        content_type: "image/jpeg".into(),
        bytes: 9,
        width: 3,
        height: 3,
        digest: "d".into(),
    };
    Picture {
        format: ContentType::Jpeg,
        original: stored.clone(),
        large: stored.clone(),
        thumb: stored,
        blurhash: "b".into(),
        hashes: vec![FrameHash { hash: "0".repeat(64), quality: 90, alone: None }],
    }
}

fn checked(to: Decision) -> Photo {
    let check = Check { to, picture: Some(picture()), model: Some("m".into()), severities: None };
    checking().checked(check, at(2)).unwrap()
}

fn rejected() -> Photo {
    checked(Decision::Reject(Reason::content(Category::Violence)))
}

fn moderator() -> Actor {
    Actor::Moderator { id: "mona".into() }
}

#[test]
fn an_upload_is_checked_and_decided() {
    let photo = checked(Decision::Approve);
    assert_eq!(
        (photo.state, photo.reason.clone(), photo.revision.get()),
        (PhotoState::Approved, None, 3)
    );
    assert_eq!(photo.duties, [Duty::Announce]);
    let way: Vec<_> = photo.history.iter().map(|entry| entry.to).collect();
    assert_eq!(way, [PhotoState::AwaitingUpload, PhotoState::Checking, PhotoState::Approved]);
    assert_eq!(photo.history.last().unwrap().model.as_deref(), Some("m"));
}

#[test]
fn one_run_keeps_others_away_until_its_lease_ends() {
    let photo = checking();
    assert_eq!(photo.run_begun(at(2)).unwrap(), None);
    let later = photo.run_begun(at(1_000)).unwrap().unwrap();
    assert_eq!(later.checking.unwrap().attempts, 2);
    assert_eq!(later.checking.unwrap().since, at(1), "waiting began with the first run");
    assert_eq!(later.revision, photo.revision, "nobody else notices");
    let postponed =
        photo.run_postponed(photo.checking.unwrap(), SignedDuration::from_secs(5), at(2));
    assert!(postponed.run_begun(at(3)).unwrap().is_some());
}

#[test]
fn what_was_never_decoded_cannot_be_approved() {
    let nothing = Check {
        to: Decision::Review(Reason::NOT_PROCESSED),
        picture: None,
        model: None,
        severities: None,
    };
    let photo = checking().checked(nothing, at(2)).unwrap();
    assert!(photo.needs_upload());
    let approved = photo.decided(&Decision::Approve, moderator(), None, at(3));
    assert_eq!(approved, Err(TransitionRefused::PictureMissing));
}

#[test]
fn a_rejection_can_be_appealed_once() {
    let appealed = rejected().appealed(at(3)).unwrap();
    assert_eq!(
        (appealed.state, appealed.case_id()),
        (PhotoState::Review, CaseId::of_appeal(appealed.id))
    );
    assert!(appealed.duties.contains(&Duty::OpenCase));
    let again = Decision::Reject(Reason::moderator("nudity"));
    let again = appealed.decided(&again, moderator(), None, at(4)).unwrap();
    assert_eq!(again.appealed(at(5)), Err(TransitionRefused::Unappealable));
    assert_eq!(checked(Decision::Approve).appealed(at(3)), Err(TransitionRefused::Unappealable));
}

#[test]
fn a_refused_file_cannot_be_appealed() {
    let refused = Check {
        to: Decision::Reject(Reason::LENGTH_MISMATCH),
        picture: None,
        model: None,
        severities: None,
    };
    let photo = checking().checked(refused, at(2)).unwrap();
    assert_eq!(photo.appealed(at(3)), Err(TransitionRefused::Unappealable));
}

#[test]
fn what_is_rejected_for_what_it_shows_is_remembered_until_somebody_overturns_it() {
    assert_eq!(rejected().duties, [Duty::Remember, Duty::Announce]);
    let back = rejected().settled(Vec::new(), at(3)).appealed(at(4)).unwrap();
    assert_eq!(back.duties, [Duty::OpenCase, Duty::Forget, Duty::Announce]);
    let known = checked(Decision::Reject(Reason::KNOWN_IMAGE));
    assert_eq!(known.duties, [Duty::Announce], "it is in the known images already");
}

#[test]
fn an_erased_photo_keeps_nothing_of_its_picture_and_of_who_saw_it() {
    let review = checked(Decision::Review(Reason::NOT_CHECKED));
    let reason = Decision::Reject(Reason::moderator("nudity"));
    let seen = review.decided(&reason, moderator(), Some("see my note".into()), at(3)).unwrap();
    let erased = seen.erased(Actor::Owner, at(4)).unwrap();
    let text = format!("{erased:?}");
    for trace in ["blurhash", "mona", "see my", "nudity", &"0".repeat(64)] {
        assert!(!text.contains(trace), "{trace} in {text}");
    }
    assert!(erased.duties.contains(&Duty::Announce));
    assert!(matches!(erased.expired(at(5)), Err(TransitionRefused::Unreachable { .. })));
}

#[test]
fn a_rejected_picture_goes_after_thirty_days() {
    let photo = rejected().settled(Vec::new(), at(3)).tidied(at(600));
    let day_29 = at(29 * 24 * 3_600);
    assert!(photo.picture.is_some() && !photo.is_past_keeping(day_29));
    let day_31 = at(31 * 24 * 3_600);
    assert!(photo.is_past_keeping(day_31));
    let gone = photo.tidied(day_31);
    assert_eq!((gone.picture, gone.due_at), (None, None));
}

/// Something that happens to a photo, in any order.
#[derive(Debug, Clone, Copy)]
enum Step {
    Run,
    Postpone,
    Pass,
    Flag,
    Fail,
    Approve,
    Reject,
    Undo,
    Appeal,
    Expire,
    Erase,
    Settle,
}

fn taken(photo: &Photo, step: Step, now: Timestamp) -> Option<Photo> {
    let check = |to| Check { to, picture: Some(picture()), model: None, severities: None };
    let by = moderator();
    let decided = |decision| photo.decided(&decision, by.clone(), None, now).ok();
    let in_review = photo.state == PhotoState::Review;
    match step {
        Step::Run if matches!(photo.state, PhotoState::AwaitingUpload | PhotoState::Checking) => {
            photo.run_begun(now).ok().flatten()
        }
        Step::Postpone => {
            let pause = SignedDuration::from_secs(1);
            photo.checking.map(|checking| photo.run_postponed(checking, pause, now))
        }
        Step::Pass if photo.checking.is_some() => photo.checked(check(Decision::Approve), now).ok(),
        Step::Flag if photo.checking.is_some() => {
            photo.checked(check(Decision::Review(Reason::content(Category::Hate))), now).ok()
        }
        Step::Fail if photo.checking.is_some() => {
            photo.checked(check(Decision::Reject(Reason::KNOWN_IMAGE)), now).ok()
        }
        Step::Approve if in_review => decided(Decision::Approve),
        Step::Reject if in_review => decided(Decision::Reject(Reason::moderator("other"))),
        Step::Undo if !in_review => decided(Decision::Review(Reason::NOT_CHECKED)),
        Step::Appeal => photo.appealed(now).ok(),
        Step::Expire => photo.expired(now).ok(),
        Step::Erase => photo.erased(Actor::Owner, now).ok(),
        Step::Settle => Some(photo.settled(Vec::new(), now)),
        _ => None,
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = proptest::sample::select(vec![
        Step::Run,
        Step::Postpone,
        Step::Pass,
        Step::Flag,
        Step::Fail,
        Step::Approve,
        Step::Reject,
        Step::Undo,
        Step::Appeal,
        Step::Expire,
        Step::Erase,
        Step::Settle,
    ]);
    proptest::collection::vec(step, 0..80)
}

proptest! {
    #[test]
    fn whatever_happens_every_change_is_allowed_recorded_and_told(steps in steps()) {
        let mut photo = requested();
        for (second, step) in (1..).zip(steps) {
            let Some(next) = taken(&photo, step, at(second)) else { continue };
            if next.state != photo.state {
                prop_assert!(photo.state.may_become(next.state));
                prop_assert_eq!(next.revision, photo.revision.next());
                prop_assert_eq!(next.history.last().map(|entry| entry.to), Some(next.state));
                prop_assert_eq!(next.state.is_announced(), next.duties.contains(&Duty::Announce));
                prop_assert!(next.due_at.is_some(), "the sweep knows of it");
            } else {
                prop_assert_eq!(next.revision, photo.revision);
            }
            prop_assert!(!next.is_public() || next.picture.is_some());
            prop_assert_eq!(next.state == PhotoState::Checking, next.checking.is_some());
            prop_assert!(next.history.len() <= super::super::history::MAX_HISTORY);
            photo = next;
        }
    }
}
