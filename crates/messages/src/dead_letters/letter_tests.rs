use super::super::report::{Origin, POISON};
use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn report(name: &str) -> Report {
    let content = Content::of_text("{}");
    let report = Report::new(POISON, Origin::function("read"), "too long", content);
    Report { name: name.to_owned(), ..report }
}

#[test]
fn the_same_report_twice_is_one_and_another_one_is_counted() {
    let letter = Letter::new(report("a"), at(1));
    assert_eq!(letter.reported_again(report("a"), at(2)), None);
    let again = letter.reported_again(report("b"), at(3)).unwrap();
    assert_eq!((again.attempts, again.first_at, again.last_at), (2, at(1), at(3)));
}

#[test]
fn what_fails_again_after_a_re_drive_is_open_again_but_what_was_discarded_stays_so() {
    let letter = Letter::new(report("a"), at(1));
    let redriven = letter.redriven("olga".into(), None, at(2));
    let again = redriven.reported_again(report("b"), at(3)).unwrap();
    assert_eq!((again.state, again.actions.len()), (LetterState::Open, 3));
    let discarded = letter.discarded("olga".into(), "test data".into(), at(2));
    let again = discarded.reported_again(report("b"), at(3)).unwrap();
    assert_eq!(again.state, LetterState::Discarded);
}

#[test]
fn what_lasts_opens_its_letter_again_whoever_reported_it() {
    let redriven = Letter::new(report("a"), at(1)).redriven("olga".into(), None, at(2));
    assert_eq!(redriven.reported_again(report("a"), at(3)), None);
    let lasting = Report { lasts: true, ..report("a") };
    let again = redriven.reported_again(lasting, at(3)).unwrap();
    assert_eq!((again.state, again.attempts), (LetterState::Open, 1));
}

#[test]
fn actions_are_bounded_and_the_first_one_stays() {
    let mut letter = Letter::new(report("a"), at(0));
    for second in 1..300 {
        letter = letter.edited("{}".into(), "olga".into(), at(second));
    }
    assert_eq!((letter.actions.len(), letter.actions[0].what), (MAX_ACTIONS, Decision::Kept));
    assert_eq!((letter.actions.last().unwrap().at, letter.version), (at(299), 300));
}

#[test]
fn an_edit_says_what_the_message_is_now_written_in() {
    let letter = Letter::new(Report { content: Content::of_text("rubbish"), ..report("a") }, at(0));
    assert_eq!(letter.form, Form::Text);
    assert_eq!(letter.edited("{}".into(), "olga".into(), at(1)).form, Form::Json);
}

#[test]
fn an_emptied_letter_says_nothing_about_the_person() {
    let letter = Letter::new(Report { content: Content::of_text("Kim"), ..report("a") }, at(0))
        .emptied("erasure".into(), "the profile was erased".into(), at(1));
    assert!(letter.is_empty() && !serde_json::to_string(&letter).unwrap().contains("Kim"));
    assert_eq!(letter.state, LetterState::Discarded);
}
