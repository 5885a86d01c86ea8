//! The answer: read, then doubted.

use super::failure::Failure;
use crate::domain::{Category, Severities};
use outgoing::{Answer, StatusCode, Verdict};
use serde::Deserialize;
use std::time::Duration;

/// The values of four-level output.
const LEVELS: [u8; 4] = [0, 2, 4, 6];
/// Longest error code that is kept.
const MAX_CODE_BYTES: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnalyzeResult {
    categories_analysis: Vec<CategoryAnalysis>,
}

#[derive(Debug, Deserialize)]
struct CategoryAnalysis {
    category: Category,
    severity: u8,
}

#[derive(Debug, Deserialize)]
struct ErrorAnswer {
    error: ErrorCode,
}

#[derive(Debug, Deserialize)]
struct ErrorCode {
    code: String,
}

/// The severities of an answer. Each category must be there once, with a value of four-level output:
/// whatever else it may mean, it is not this API's answer, and nothing follows from it.
pub(super) fn severities(answer: &Answer) -> Result<Severities, Failure> {
    let status = answer.status();
    if !status.is_success() {
        return Err(refusal(status, answer.body(), answer.retry_after()));
    }
    if !answer.is_json() {
        return Err(Failure::unavailable("the answer is not JSON"));
    }
    parse(answer.body())
}

fn parse(body: &[u8]) -> Result<Severities, Failure> {
    let answer: AnalyzeResult = serde_json::from_slice(body)
        .map_err(|error| Failure::unavailable(format!("the answer is not an analysis: {error}")))?;
    let found = answer.categories_analysis;
    for category in Category::ALL {
        let times = found.iter().filter(|analysis| analysis.category == category).count();
        if times != 1 {
            let reason = format!("the answer has the category {category:?} {times} times");
            return Err(Failure::unavailable(reason));
        }
    }
    if let Some(odd) = found.iter().find(|analysis| !LEVELS.contains(&analysis.severity)) {
        let reason = format!("the answer has the severity {} for {:?}", odd.severity, odd.category);
        return Err(Failure::unavailable(reason));
    }
    Ok(Severities::of(found.into_iter().map(|analysis| (analysis.category, analysis.severity))))
}

/// What an answer says about the service: a picture that it does not take says nothing against it.
pub(super) fn verdict(answer: &Answer) -> Verdict {
    match (Verdict::by_status(answer), severities(answer)) {
        (Verdict::TryAgain, _) => Verdict::TryAgain,
        (_, Ok(_) | Err(Failure::Refused { .. })) => Verdict::Well,
        (_, Err(Failure::Unavailable { .. })) => Verdict::GiveUp,
    }
}

/// What an answer with another status means.
fn refusal(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Failure {
    let code = serde_json::from_slice::<ErrorAnswer>(body).ok().map(|answer| answer.error.code);
    let code = code.filter(|code| {
        code.len() <= MAX_CODE_BYTES && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let code = code.unwrap_or_else(|| status.as_u16().to_string());
    let is_about_picture = matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    );
    // Of a version that the service does not know our settings are to blame, not the picture.
    if is_about_picture && !code.contains("ApiVersion") {
        return Failure::Refused { code };
    }
    Failure::Unavailable { reason: format!("it answered {} {code}", status.as_u16()), retry_after }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> String {
        refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes(), None).to_string()
    }

    #[test]
    fn only_what_is_wrong_with_the_picture_is_a_refusal() {
        let invalid = r#"{"error":{"code":"InvalidRequestBody","message":"too small"}}"#;
        assert!(failure(400, invalid).ends_with("it refused the picture: InvalidRequestBody"));
        assert!(failure(413, "").ends_with("it refused the picture: 413"));
        let version = r#"{"error":{"code":"UnsupportedApiVersionValue","message":""}}"#;
        assert!(failure(400, version).ends_with("it answered 400 UnsupportedApiVersionValue"));
        assert!(failure(401, "<html>").ends_with("it answered 401 401"));
        assert!(failure(302, "").ends_with("it answered 302 302"));
        assert!(failure(503, "").ends_with("it answered 503 503"));
        assert!(failure(429, "").ends_with("it answered 429 429"));
    }

    #[test]
    fn a_code_from_the_service_does_not_write_into_our_log() {
        let body = r#"{"error":{"code":"a\nb","message":""}}"#;
        assert!(failure(400, body).ends_with(": 400"));
    }

    #[test]
    fn all_four_levels_are_read_and_nothing_in_between() {
        let body = |severity: u8| {
            format!(
                r#"{{"categoriesAnalysis":[{{"category":"Violence","severity":0}},
                {{"category":"Hate","severity":{severity}}},{{"category":"Sexual","severity":0}},
                {{"category":"SelfHarm","severity":0}}]}}"#
            )
        };
        for level in LEVELS {
            let severities = parse(body(level).as_bytes()).unwrap();
            assert_eq!(severities.get(Category::Hate), Some(level));
        }
        for other in [1, 3, 5, 7, 8] {
            assert!(parse(body(other).as_bytes()).is_err(), "{other}");
        }
    }
}
