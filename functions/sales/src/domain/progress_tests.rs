use super::*;
use crate::domain::OrderId;
use jiff::SignedDuration;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use uuid::Uuid;

const STEPS: [Step; 4] = [Step::Provision, Step::Invoice, Step::Document, Step::Email];

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn path(due: DueStep) -> PayloadPath {
    PayloadPath::of(OrderId::from(Uuid::nil()), due.step, due.attempt)
}

fn problem() -> StepProblem {
    StepProblem { code: ProblemCode::OutOfStock, detail: "none left".into() }
}

fn next(progress: Progress) -> Progress {
    let due = progress.due().expect("a step is due");
    progress.done(due, path(due), at(1)).expect("it is the one that is due")
}

#[test]
fn each_step_makes_the_next_one_due_until_all_are_done() {
    let mut progress = Progress::begin(STEPS, at(0));
    for step in STEPS {
        assert_eq!(progress.due().map(|due| (due.step, due.attempt)), Some((step, 1)));
        progress = next(progress);
    }
    assert_eq!(progress.due(), None);
    assert!(progress.is_complete());
}

#[test]
fn what_is_done_twice_or_too_late_changes_nothing() {
    let progress = Progress::begin(STEPS, at(0));
    let first = progress.due().unwrap();
    let progress = next(progress);
    assert_eq!(progress.clone().done(first, path(first), at(2)), None);
    assert_eq!(progress.clone().fail(first, problem(), at(2)), None);
    let again = progress.clone().tried(progress.due().unwrap(), problem(), at(9)).unwrap();
    assert_eq!(again.clone().tried(progress.due().unwrap(), problem(), at(9)), None);
    let due = again.due().unwrap();
    assert_eq!((due.tries, due.not_before), (1, Some(at(9))));
    assert!(
        again.done(progress.due().unwrap(), path(due), at(2)).is_some(),
        "a late success counts"
    );
}

#[test]
fn a_restart_redoes_the_step_and_what_follows_and_keeps_what_lies_before() {
    let progress = next(next(next(next(Progress::begin(STEPS, at(0))))));
    let before = progress.of(Step::Provision).cloned();
    let restarted = progress.restart(Step::Document, at(9)).unwrap();
    assert_eq!(restarted.of(Step::Provision).cloned(), before);
    assert!(restarted.is_done(Step::Invoice) && !restarted.is_done(Step::Email));
    let due = restarted.due().unwrap();
    assert_eq!((due.step, due.attempt, due.since), (Step::Document, 2, at(9)));
    let complete = next(next(restarted));
    assert_eq!(complete.of(Step::Email).map(|email| email.attempt), Some(2));
}

#[test]
fn only_what_was_made_can_be_restarted() {
    let progress = next(Progress::begin(STEPS, at(0)));
    let refused = |step| progress.clone().restart(step, at(9)).unwrap_err();
    assert_eq!(refused(Step::Invoice), NotRestartable::AtWork);
    assert_eq!(refused(Step::Document), NotRestartable::NotMade);
    assert_eq!(refused(Step::Subscribe), NotRestartable::NoSuchStep);
    let failed = progress.clone().fail(progress.due().unwrap(), problem(), at(3)).unwrap();
    assert_eq!(failed.due(), None);
    assert_eq!(failed.restart(Step::Invoice, at(4)).unwrap().due().unwrap().attempt, 2);
}

#[derive(Debug, Clone, Copy)]
enum Happens {
    Done,
    Fail,
    Try,
    Restart(Step),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => Just(Happens::Done),
        1 => Just(Happens::Fail),
        1 => Just(Happens::Try),
        2 => proptest::sample::select(Step::ALL.to_vec()).prop_map(Happens::Restart),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_at_most_one_is_due_and_all_before_it_are_done(
        story in proptest::collection::vec(happens(), 0..60),
    ) {
        let mut progress = Progress::begin(STEPS, at(0));
        let mut attempts = [0; 4];
        for (second, happening) in (1..).zip(story) {
            let due = progress.due();
            let changed = match (happening, due) {
                (Happens::Done, Some(due)) => progress.clone().done(due, path(due), at(second)),
                (Happens::Fail, Some(due)) => progress.clone().fail(due, problem(), at(second)),
                (Happens::Try, Some(due)) => progress.clone().tried(due, problem(), at(second)),
                (Happens::Restart(from), _) => progress.clone().restart(from, at(second)).ok(),
                (_, None) => None,
            };
            progress = changed.unwrap_or(progress);
            let open = progress.steps().iter().position(|one| one.state != StepState::Done);
            let rest = progress.steps().iter().skip(open.unwrap_or(STEPS.len()) + 1);
            prop_assert!(rest.clone().all(|one| one.state == StepState::Waiting));
            let stands = open.map(|at| progress.steps()[at].state);
            prop_assert!(stands != Some(StepState::Waiting), "nothing is due and nothing failed");
            for (before, one) in attempts.iter_mut().zip(progress.steps()) {
                prop_assert!(one.attempt == *before || one.attempt == *before + 1);
                *before = one.attempt;
            }
        }
    }
}
