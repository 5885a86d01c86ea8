//! Texts by format, pattern and length.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

/// How often what may be repeated for ever is repeated at most.
const REPEATS_MAX: u32 = 1000;
/// Characters that read well, the first that a class has is taken.
const PLAIN: &str = "aA0bB1 -_.";

pub(super) fn text(rules: &Map<String, Value>, index: usize) -> Option<String> {
    let bound = |key: &str| {
        rules.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok())
    };
    let text = match (
        rules.get("pattern").and_then(Value::as_str),
        rules.get("format").and_then(Value::as_str),
    ) {
        (Some(pattern), _) => return of_pattern(pattern, bound("minLength").unwrap_or_default()),
        (None, Some(format)) => of_format(format, index),
        (None, None)
            if rules.get("contentEncoding").is_some_and(|encoding| encoding == "base64") =>
        {
            Some(STANDARD.encode("text"))
        }
        (None, None) => None,
    };
    let text =
        text.unwrap_or_else(|| if index == 0 { "text".to_owned() } else { format!("text{index}") });
    let least = bound("minLength").unwrap_or_default();
    let most = bound("maxLength").unwrap_or(usize::MAX);
    let length = text.chars().count();
    if length > most {
        return Some(
            text.chars().skip(if index == 0 { 0 } else { length - most }).take(most).collect(),
        );
    }
    let padding =
        "text".chars().cycle().skip(length % 4).take(least.saturating_sub(length).min(1 << 20));
    Some(text.chars().chain(padding).collect())
}

fn of_format(format: &str, index: usize) -> Option<String> {
    let day = index % 28 + 1;
    Some(match format {
        "uuid" => format!("01980c6e-1111-7000-8000-{:012x}", index + 1),
        "date-time" => format!("2027-01-{day:02}T12:00:00Z"),
        "date" => format!("2027-01-{day:02}"),
        "time" => format!("12:{:02}:00Z", index % 60),
        "duration" => format!("P{}D", index + 1),
        "email" | "idn-email" => match index {
            0 => "kim.larsen@example.com".to_owned(),
            index => format!("kim.larsen{index}@example.com"),
        },
        "hostname" | "idn-hostname" => format!("host{index}.example.com"),
        "ipv4" => format!("192.0.2.{}", index % 254 + 1),
        "ipv6" => format!("2001:db8::{:x}", index % 0xffff + 1),
        "uri" | "iri" | "url" => format!("https://example.com/{index}"),
        "uri-reference" | "iri-reference" => format!("/example/{index}"),
        "uri-template" => "/example/{id}".to_owned(),
        "json-pointer" => format!("/{index}"),
        "relative-json-pointer" => index.to_string(),
        "regex" => "^a+$".to_owned(),
        "byte" => STANDARD.encode(format!("text{index}")),
        _ => return None,
    })
}

/// The shortest text that a pattern takes, or a longer one if that is too short.
fn of_pattern(pattern: &str, least: usize) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut shortest = String::new();
    write(&hir, 0, &mut shortest)?;
    if shortest.chars().count() >= least {
        return Some(shortest);
    }
    let mut longer = String::new();
    write(&hir, u32::try_from(least).ok()?, &mut longer)?;
    Some(longer)
}

fn write(hir: &Hir, wanted: u32, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(REPEATS_MAX);
            let missing = wanted.saturating_sub(u32::try_from(text.chars().count()).ok()?);
            for _ in 0..repetition.min.max(missing.min(most)).min(REPEATS_MAX) {
                write(&repetition.sub, wanted, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, wanted, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, wanted, text))?,
        HirKind::Alternation(branches) => write(branches.first()?, wanted, text)?,
    }
    Some(())
}

fn member(class: &Class) -> Option<char> {
    let has = |wanted: char| match class {
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&wanted))
        }
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|range| (char::from(range.start())..=char::from(range.end())).contains(&wanted)),
    };
    let first = || match class {
        Class::Unicode(class) => class.ranges().first().map(|range| range.start()),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    };
    PLAIN.chars().find(|plain| has(*plain)).or_else(first)
}
