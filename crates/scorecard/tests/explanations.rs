//! What people are told.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use pretty_assertions::assert_eq;
use scorecard::{Characteristic, Explanation, Language, Scorecard, Values};
use serde_json::json;

fn explained(values: [i64; 11], language: Language) -> Explanation {
    let card = Scorecard::current();
    let values: Values = Characteristic::ALL.into_iter().zip(values).collect();
    card.explain(&card.bins(&values).unwrap(), language).unwrap()
}

const PERFECT: [i64; 11] = [36, 5_000, 1_000, 0, 2_000, 0, 200, 200, 0, 100, 5];

#[test]
fn who_lost_no_points_has_no_reasons() {
    let explanation = explained(PERFECT, Language::En);
    assert_eq!((explanation.score, explanation.band.name.as_str()), (explanation.highest, "A"));
    assert_eq!(explanation.reasons, []);
}

#[test]
fn the_four_largest_losses_are_told_and_equal_ones_in_the_cards_order() {
    // Lost: months 15, income level 14, regularity 21, lowest balance 10, fixed costs 4, savings 13.
    let values = [6, 1_700, 400, 0, 100, 0, 300, 0, 0, 100, 5];
    let explanation = explained(values, Language::En);
    let reasons = explanation.reasons.iter().map(|one| (one.code.as_str(), one.points_lost));
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [("CR-003", 21), ("CR-001", 15), ("CR-002", 14), ("CR-008", 13)]
    );
    // Fixed costs and volatility lose as much.
    let values = [36, 5_000, 1_000, 0, 2_000, 0, 300, 200, 0, 150, 5];
    let reasons = explained(values, Language::En).reasons;
    let told: Vec<_> = reasons.iter().map(|one| (one.code.as_str(), one.points_lost)).collect();
    assert_eq!(told, [("CR-007", 4), ("CR-010", 4)]);
}

#[test]
fn a_reason_says_what_would_change_it() {
    let mut values = PERFECT;
    values[5] = 2;
    let mut reasons = explained(values, Language::De).reasons;
    assert_eq!(
        serde_json::to_value(reasons.remove(0)).unwrap(),
        json!({
            "code": "CR-006",
            "characteristic": "returned-debits",
            "sentence": "Lastschriften wurden zurückgegeben, weil sie nicht bezahlt werden konnten.",
            "pointsLost": 46,
            "change": { "bin": "1", "words": "1 Rücklastschrift in einem halben Jahr", "pointsGained": 16 }
        })
    );
}

#[test]
fn three_people_have_their_scores_for_ever() {
    let score = |values| {
        let explanation = explained(values, Language::En);
        (explanation.score, explanation.band.name)
    };
    assert_eq!(score(PERFECT), (708, "A".to_owned()));
    assert_eq!(score([68, 2_600, 1_000, 0, 350, 0, 480, 60, 40, 120, 12]), (685, "A".to_owned()));
    assert_eq!(score([8, 1_400, 500, 12, -200, 1, 720, -20, 200, 500, 400]), (468, "E".to_owned()));
}

#[test]
fn sentences_differ_by_language_and_points_do_not() {
    let values = [8, 1_400, 500, 12, -200, 1, 720, -20, 200, 500, 400];
    let [en, de, sv] = Language::ALL.map(|language| explained(values, language));
    for (other, language) in [(&de, Language::De), (&sv, Language::Sv)] {
        assert_eq!((other.language, other.score), (language, en.score));
        for (one, two) in en.reasons.iter().zip(&other.reasons) {
            assert_eq!((&one.code, one.points_lost), (&two.code, two.points_lost));
            assert_ne!(one.sentence, two.sentence);
            assert_ne!(one.change.words, two.change.words);
        }
    }
}
