//! Right answers made wrong.

use crate::Wrong;
use http::StatusCode;
use simulator_shell::{Reply, reply};

/// White space behind an oversized answer.
const OVERSIZED_BYTES: usize = 1 << 20;

/// An answer that breaks the contract in the way asked for.
pub(crate) fn spoiled(how: Wrong) -> Reply {
    const JSON: &str = "application/json; charset=utf-8";
    let body = |text: &'static str| reply::with(StatusCode::OK, JSON, text);
    match how {
        Wrong::MalformedJson => body(r#"{"categoriesAnalysis":[{"category":"Hate","severity":0"#),
        Wrong::MissingCategory => body(concat!(
            r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
            r#"{"category":"SelfHarm","severity":0},{"category":"Violence","severity":0}]}"#
        )),
        Wrong::RepeatedCategory => body(concat!(
            r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
            r#"{"category":"SelfHarm","severity":0},{"category":"Sexual","severity":6},"#,
            r#"{"category":"Sexual","severity":0},{"category":"Violence","severity":0}]}"#
        )),
        Wrong::UnknownCategory => body(concat!(
            r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
            r#"{"category":"SelfHarm","severity":0},{"category":"Sexual","severity":0},"#,
            r#"{"category":"Violence","severity":0},{"category":"Boredom","severity":6}]}"#
        )),
        Wrong::SeverityOutOfRange => body(concat!(
            r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
            r#"{"category":"SelfHarm","severity":0},{"category":"Sexual","severity":9},"#,
            r#"{"category":"Violence","severity":0}]}"#
        )),
        Wrong::MissingSeverity => body(concat!(
            r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
            r#"{"category":"SelfHarm","severity":0},{"category":"Sexual"},"#,
            r#"{"category":"Violence","severity":0}]}"#
        )),
        Wrong::WrongContentType => reply::with(
            StatusCode::OK,
            "text/html; charset=utf-8",
            "<!doctype html><title>Sign in</title><p>Sign in to the network.",
        ),
        Wrong::Oversized => {
            let mut text = concat!(
                r#"{"categoriesAnalysis":[{"category":"Hate","severity":0},"#,
                r#"{"category":"SelfHarm","severity":0},{"category":"Sexual","severity":0},"#,
                r#"{"category":"Violence","severity":0}]}"#
            )
            .to_owned();
            text.extend(std::iter::repeat_n(' ', OVERSIZED_BYTES));
            reply::with(StatusCode::OK, JSON, text)
        }
    }
}
