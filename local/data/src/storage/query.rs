//! The parameters after the question mark.

use std::{ops::RangeInclusive, str::FromStr};

use percent_encoding::percent_decode_str;

use super::{
    code,
    failure::{Failure, invalid_parameter},
};

/// Parameters in a request: the longest signature has fewer than thirty.
const MAX_PARAMETERS: usize = 64;

/// The decoded parameters of a request, in order, their names in lower case.
#[derive(Debug, Default)]
pub(super) struct Query {
    parameters: Vec<Parameter>,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    /// As written, for the canonical resource of a shared key.
    raw: String,
    value: String,
}

impl Query {
    /// Reads `a=1&b=two%20words`. A parameter without `=` has the value "".
    pub(super) fn parse(query: &str) -> Result<Self, Failure> {
        let mut parameters = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if parameters.len() == MAX_PARAMETERS {
                let message =
                    format!("The request has more than {MAX_PARAMETERS} query parameters.");
                return Err(Failure::from(code::INVALID_URI).saying(message));
            }
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            // As HTML forms have it, and .NET reads it: a plus is a space.
            let value = decode(&raw.replace('+', " "))?;
            parameters.push(Parameter {
                name: decode(name)?.to_ascii_lowercase(),
                raw: raw.to_owned(),
                value,
            });
        }
        Ok(Self { parameters })
    }

    /// The first value of that name; `None` also when it is empty, which SDKs send for "not given".
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|p| p.name == name)
            .map(|p| p.value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The value of that name, or "".
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The value of a parameter that must be there.
    pub(super) fn required(&self, name: &'static str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| {
            Failure::from(code::MISSING_REQUIRED_QUERY_PARAMETER).detail("QueryParameterName", name)
        })
    }

    /// A whole number within bounds, if it is given.
    pub(super) fn number<N>(
        &self,
        name: &'static str,
        bounds: RangeInclusive<N>,
    ) -> Result<Option<N>, Failure>
    where
        N: FromStr + PartialOrd + ToString,
    {
        let Some(text) = self.get(name) else { return Ok(None) };
        let value = text
            .parse()
            .map_err(|_| invalid_parameter(name, text, "A whole number is expected."))?;
        if bounds.contains(&value) {
            return Ok(Some(value));
        }
        Err(Failure::from(code::OUT_OF_RANGE_QUERY_PARAMETER_VALUE)
            .detail("QueryParameterName", name)
            .detail("QueryParameterValue", text)
            .detail("MinimumAllowed", bounds.start().to_string())
            .detail("MaximumAllowed", bounds.end().to_string()))
    }

    /// Whether a comma-separated parameter holds this word, as `include=metadata,tags` does.
    pub(super) fn lists(&self, name: &str, word: &str) -> bool {
        self.text(name).split(',').any(|item| item.trim().eq_ignore_ascii_case(word))
    }

    /// The parameters as a shared key signs them: `name:value` lines, sorted, values of one name joined by commas.
    /// Unlike elsewhere a plus stays a plus: the SDKs sign what they percent-decode.
    pub(super) fn canonical(&self) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), percent_decode_str(&p.raw).decode_utf8_lossy().into_owned()))
            .collect();
        pairs.sort();
        let mut lines = String::new();
        let mut previous = None;
        for (name, value) in &pairs {
            match previous {
                Some(same) if same == name => lines.push(','),
                _ => {
                    lines.push('\n');
                    lines.push_str(name);
                    lines.push(':');
                }
            }
            lines.push_str(value);
            previous = Some(name);
        }
        lines
    }
}

/// Percent-decodes; what is then not UTF-8 is refused.
pub(super) fn decode(text: &str) -> Result<String, Failure> {
    percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| {
        Failure::from(code::INVALID_URI)
            .saying("The URI holds percent-encoded bytes that are not UTF-8.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_an_empty_one_is_not_there() {
        let query =
            Query::parse("Prefix=a%2Fb+c&marker=&comp=list&include=metadata,Tags&x").unwrap();
        assert_eq!(query.get("prefix"), Some("a/b c"));
        assert_eq!(query.get("marker"), None);
        assert_eq!(query.get("x"), None);
        assert!(query.lists("include", "tags") && !query.lists("include", "copy"));
    }

    #[test]
    fn numbers_outside_their_bounds_name_the_bounds() {
        let query = Query::parse("numofmessages=33&ttl=soon").unwrap();
        let failure = query.number("numofmessages", 1..=32).unwrap_err();
        assert_eq!(failure.code(), code::OUT_OF_RANGE_QUERY_PARAMETER_VALUE);
        assert_eq!(
            query.number("ttl", 1..=32).unwrap_err().code(),
            code::INVALID_QUERY_PARAMETER_VALUE
        );
        assert_eq!(query.number("absent", 1..=32).unwrap(), None);
    }

    #[test]
    fn a_shared_key_signs_sorted_lines() {
        let query =
            Query::parse("restype=container&comp=list&include=b&include=a&marker=x%2By+z").unwrap();
        assert_eq!(query.canonical(), "\ncomp:list\ninclude:a,b\nmarker:x+y+z\nrestype:container");
    }
}
