//! Which of an operation's responses.

use http::StatusCode;

use crate::{
    Operation,
    problem::{INVALID_HEADER, Mistake, Place, Problem},
    reading::escaped,
    schemas::Schemas,
};

/// A response and the status with which it is given.
pub(super) struct Chosen {
    pub(super) status: StatusCode,
    pub(super) pointer: String,
}

/// The one that is preferred, or that of the lowest success.
pub(super) fn response(
    schemas: &Schemas,
    operation: &Operation,
    code: Option<&str>,
) -> Result<Chosen, Problem> {
    let at = format!("{}/responses", operation.pointer);
    let responses = schemas.value(&at).as_object();
    let known: Vec<&str> = responses.into_iter().flatten().map(|(code, _)| code.as_str()).collect();
    let chosen = |status: StatusCode, key: &str| {
        let place = format!("{at}/{}", escaped(key));
        Chosen { status, pointer: schemas.at(&place).map_or(place, |(pointer, _)| pointer) }
    };
    if let Some(code) = code {
        let (status, key) = preferred(code, &known)?;
        return Ok(chosen(status, key));
    }
    let usual = success(&known).or_else(|| lowest(&known));
    Ok(usual
        .map_or_else(|| chosen(StatusCode::NO_CONTENT, ""), |(status, key)| chosen(status, key)))
}

fn preferred<'a>(code: &str, known: &[&'a str]) -> Result<(StatusCode, &'a str), Problem> {
    let refused = |detail: String| {
        Problem::of(INVALID_HEADER, vec![Mistake::new(Place::Header, "Prefer", detail)])
    };
    let list = if known.is_empty() { "no answers".to_owned() } else { known.join(", ") };
    let status: StatusCode = match code.parse() {
        // Others end no exchange.
        Ok(status) if code.len() == 3 && ("200".."600").contains(&code) => status,
        _ => {
            return Err(refused(format!(
                "code={code} is no status of an answer; the contract has {list}"
            )));
        }
    };
    let range = format!("{}XX", &code[..1]);
    let find = |wanted: &str| known.iter().find(|key| key.eq_ignore_ascii_case(wanted));
    let key = find(code).or_else(|| find(&range)).or_else(|| find("default"));
    key.map(|key| (status, *key))
        .ok_or_else(|| refused(format!("there is no answer {code}; the contract has {list}")))
}

/// The lowest 2xx; `2XX` and `default` stand for 200.
fn success<'a>(known: &[&'a str]) -> Option<(StatusCode, &'a str)> {
    let exact = known.iter().filter_map(|key| Some((key.parse::<StatusCode>().ok()?, *key)));
    let lowest = exact.filter(|(status, _)| status.is_success()).min_by_key(|(status, _)| *status);
    let stands_for = |name: &str| {
        known.iter().find(|key| key.eq_ignore_ascii_case(name)).map(|key| (StatusCode::OK, *key))
    };
    lowest.or_else(|| stands_for("2XX")).or_else(|| {
        // With other answers beside it, `default` is what goes wrong, unless there is no other success.
        stands_for("default")
    })
}

/// Of an operation that only redirects or refuses.
fn lowest<'a>(known: &[&'a str]) -> Option<(StatusCode, &'a str)> {
    let status = |key: &str| match key.to_ascii_uppercase().strip_suffix("XX") {
        Some(first) => format!("{first}00").parse().ok(),
        None => key.parse::<StatusCode>().ok(),
    };
    let all = known.iter().filter_map(|key| Some((status(key)?, *key)));
    all.min_by_key(|(status, _)| *status)
}
