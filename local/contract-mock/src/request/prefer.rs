//! The `Prefer` header (RFC 7240): `example=NAME` and `code=409` choose among the answers of a contract.

use http::HeaderMap;

/// What a client prefers: names in lower case, values without their quotes. Of one that is given again the first counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer(Vec<(String, String)>);

impl Prefer {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut preferences: Vec<(String, String)> = Vec::new();
        for value in headers.get_all("prefer") {
            let text = String::from_utf8_lossy(value.as_bytes());
            for element in split(&text, ',') {
                // What follows a semicolon are parameters of the preference, of which we know none.
                let word = split(element, ';').into_iter().next().unwrap_or_default();
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                let name = name.trim().to_ascii_lowercase();
                if !name.is_empty() && !preferences.iter().any(|(known, _)| *known == name) {
                    preferences.push((name, unquoted(value.trim())));
                }
            }
        }
        Self(preferences)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Splits at a separator that stands outside quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        c == separator && !quoted
    })
    .collect()
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else { return text.to_owned() };
    let mut value = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        value.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Prefer {
        let lines = lines
            .iter()
            .map(|line| (http::HeaderName::from_static("prefer"), line.parse().unwrap()));
        Prefer::of(&lines.collect())
    }

    #[test]
    fn preferences_stand_on_one_line_or_several_quoted_or_not() {
        let prefer =
            of(&["respond-async, EXAMPLE=\"a, \\\"b\\\"\" ; x=1", " code = 409 , example=second"]);
        assert_eq!(prefer.get("example"), Some("a, \"b\""));
        assert_eq!(prefer.get("code"), Some("409"));
        assert_eq!(prefer.get("respond-async"), Some(""));
        assert_eq!(prefer.get("wait"), None);
    }
}
