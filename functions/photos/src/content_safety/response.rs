//! The answer: bounded, then read, then doubted.

use super::failure::{CallFailure, Failure};
use crate::domain::{Category, Severities};
use reqwest::{Response, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;

/// The largest answer that is read; a right one has some 200 bytes.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// The values of four-level output.
const LEVELS: [u8; 4] = [0, 2, 4, 6];
/// Longest error code that is kept.
const MAX_CODE_BYTES: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
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

/// The body, unless it is too long to be one.
pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, CallFailure> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                body.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                let reason = format!("the answer is longer than {MAX_ANSWER_BYTES} bytes");
                return Err(CallFailure::pointless(reason));
            }
            Err(_) => return Err(CallFailure::again("the connection broke during the answer")),
        }
    }
}

pub(super) fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

/// The severities of an answer with status 200. Each category must be there once, with a value of four-level output:
/// whatever else it may mean, it is not this API's answer, and nothing follows from it.
pub(super) fn severities(body: &[u8]) -> Result<Severities, CallFailure> {
    let answer: Answer = serde_json::from_slice(body).map_err(|error| {
        CallFailure::pointless(format!("the answer is not an analysis: {error}"))
    })?;
    let found = answer.categories_analysis;
    for category in Category::ALL {
        let times = found.iter().filter(|analysis| analysis.category == category).count();
        if times != 1 {
            let reason = format!("the answer has the category {category:?} {times} times");
            return Err(CallFailure::pointless(reason));
        }
    }
    if let Some(odd) = found.iter().find(|analysis| !LEVELS.contains(&analysis.severity)) {
        let reason = format!("the answer has the severity {} for {:?}", odd.severity, odd.category);
        return Err(CallFailure::pointless(reason));
    }
    Ok(Severities::of(found.into_iter().map(|analysis| (analysis.category, analysis.severity))))
}

/// What an answer with another status means.
pub(super) fn refusal(status: StatusCode, body: &[u8]) -> CallFailure {
    let code = serde_json::from_slice::<ErrorAnswer>(body).ok().map(|answer| answer.error.code);
    let code = code.filter(|code| {
        code.len() <= MAX_CODE_BYTES && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let code = code.unwrap_or_else(|| status.as_u16().to_string());
    let reason = format!("it answered {} {code}", status.as_u16());
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => CallFailure::again(reason),
        _ if status.is_server_error() => CallFailure::again(reason),
        // Our settings are to blame, not the picture.
        StatusCode::BAD_REQUEST if code.contains("ApiVersion") => CallFailure::pointless(reason),
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => CallFailure::Final(Failure::Refused { code }),
        _ => CallFailure::pointless(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        match refusal(status, body.as_bytes()) {
            CallFailure::Again { reason, .. } => format!("again: {reason}"),
            CallFailure::Final(failure) => failure.to_string(),
        }
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
        assert!(failure(503, "").starts_with("again: "));
        assert!(failure(429, "").starts_with("again: "));
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
            let severities = severities(body(level).as_bytes()).unwrap();
            assert_eq!(severities.get(Category::Hate), Some(level));
        }
        for other in [1, 3, 5, 7, 8] {
            assert!(severities(body(other).as_bytes()).is_err(), "{other}");
        }
    }
}
