use super::*;
use crate::dead_letters::{DeadLetterApp, DeadLetters};
use custom_handler::{Invocation, Payload};
use futures::executor::block_on;
use pretty_assertions::assert_eq;
use std::sync::Mutex;

/// A list of what was done; everything in one write, or nothing.
#[derive(Default)]
struct Diary(Mutex<Vec<Vec<u32>>>);

/// What a fact does to the diary.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Noted,
    Refused,
    Impossible,
    Panics,
}

impl DeadLetterApp for Diary {
    const NAME: &'static str = "diary";

    fn dead_letters(&self) -> &DeadLetters {
        unreachable!("what is put aside is put into a list here")
    }
}

impl EventConsumer for Diary {
    const REPLAYS: &'static str = "diary-replays";
    type Fact = (u32, Deed);
    type Known = ();

    fn read(&self, _: &Payload, _: &mut Invocation) -> Result<Option<Self::Fact>, Failure> {
        unreachable!("facts are not read here")
    }

    fn key(fact: &Self::Fact) -> String {
        (fact.0 / 10).to_string()
    }

    async fn look(&self, _: &[&Self::Fact]) -> Result<(), Failure> {
        unreachable!("nothing is looked at here")
    }

    async fn take(&self, facts: &[&Self::Fact], (): &()) -> Vec<Result<(), Failure>> {
        let has = |deed: Deed| facts.iter().any(|fact| fact.1 == deed);
        assert!(!has(Deed::Panics), "a mistake in the code");
        if has(Deed::Impossible) {
            return vec![Err(Failure::again("the store does not answer"))];
        }
        let noted = facts.iter().filter(|fact| fact.1 == Deed::Noted).map(|fact| fact.0);
        self.0.lock().unwrap().push(noted.collect());
        let ended = |fact: &&(u32, Deed)| match fact.1 {
            Deed::Refused => Err(Failure::give_up("the diary is full")),
            _ => Ok(()),
        };
        facts.iter().map(ended).collect()
    }
}

/// What was put aside, in its order.
#[derive(Default)]
struct Shelf(Mutex<Vec<String>>);

impl Aside<u32> for Shelf {
    fn span(&self, _: &u32) -> Span {
        Span::none()
    }

    async fn keep(&self, event: &u32, reason: &str) -> Result<(), Failure> {
        self.0.lock().unwrap().push(format!("{event} kept: {reason}"));
        Ok(())
    }

    async fn put_off(&self, event: &u32, reason: &str) -> Result<(), Failure> {
        self.0.lock().unwrap().push(format!("{event} put off: {reason}"));
        Ok(())
    }
}

/// What was written at a time, what was put aside, and how it ended.
fn taken(
    deeds: &[(u32, Deed)],
    patience: Patience,
) -> (Vec<Vec<u32>>, Vec<String>, Result<(), Failure>) {
    let (diary, shelf) = (Diary::default(), Shelf::default());
    let facts = deeds.iter().map(|deed| (deed.0, *deed)).collect();
    let ended = block_on(in_order(&diary, facts, &(), patience, &shelf));
    (diary.0.into_inner().unwrap(), shelf.0.into_inner().unwrap(), ended)
}

#[test]
fn facts_of_one_key_stay_together_and_in_their_order() {
    let facts = [11, 21, 12, 31, 22, 13].map(|number| (number, (number, Deed::Noted)));
    let groups = by_key::<Diary, u32>(facts.to_vec());
    let numbers: Vec<Vec<u32>> =
        groups.iter().map(|group| group.iter().map(|(number, _)| *number).collect()).collect();
    assert_eq!(numbers, [vec![11, 12, 13], vec![21, 22], vec![31]]);
}

#[test]
fn facts_are_written_together_and_one_that_is_refused_in_the_middle_leaves_the_others() {
    let deeds = [(11, Deed::Noted), (12, Deed::Refused), (13, Deed::Noted)];
    let (written, aside, ended) = taken(&deeds, Patience::Waits);
    assert_eq!((written, ended), (vec![vec![11, 13]], Ok(())));
    assert_eq!(aside, ["12 kept: the diary is full"]);
}

#[test]
fn what_fails_is_waited_for_with_all_that_comes_after_it() {
    for wrong in [Deed::Impossible, Deed::Panics] {
        let deeds = [(11, Deed::Noted), (12, wrong), (13, Deed::Noted)];
        let (written, aside, ended) = taken(&deeds, Patience::Waits);
        assert_eq!((written, aside), (vec![], vec![]));
        assert!(matches!(ended, Err(Failure::Again(_))), "{ended:?}");
    }
}

#[test]
fn once_patience_is_over_only_what_fails_is_put_off() {
    for (wrong, reason) in
        [(Deed::Impossible, "the store does not answer"), (Deed::Panics, "the function panicked")]
    {
        let deeds = [(11, Deed::Noted), (12, wrong), (13, Deed::Refused), (14, Deed::Noted)];
        let (written, aside, ended) = taken(&deeds, Patience::IsOver);
        assert_eq!((written, ended), (vec![vec![11], vec![], vec![14]], Ok(())));
        assert_eq!(
            aside,
            [format!("12 put off: {reason}"), "13 kept: the diary is full".to_owned()]
        );
    }
}
