//! The languages of the sentences.

use serde::{Deserialize, Serialize};

/// A language that every card has all its sentences in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English: also for who asks for none of these.
    #[default]
    En,
    /// German.
    De,
    /// Swedish.
    Sv,
}

/// How many languages of a header are looked at.
const MAX_RANGES: usize = 32;

impl Language {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Sv];

    /// As `Content-Language` and the cards say it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Sv => "sv",
        }
    }

    /// What `Accept-Language` (RFC 9110, 12.5.4) asks for most of what there is: the highest weight, then the first. A
    /// region is no reason to say no: `de-AT` is German. English for what says nothing that we know.
    #[must_use]
    pub fn preferred(accept_language: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for range in accept_language.split(',').take(MAX_RANGES) {
            let mut parts = range.split(';').map(str::trim);
            let (Some(language), Some(weight)) =
                (parts.next().and_then(Self::of_range), weight(parts))
            else {
                continue;
            };
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self::default(), |(_, language)| language)
    }

    fn of_range(range: &str) -> Option<Self> {
        if range == "*" {
            return Some(Self::default());
        }
        let primary = range.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// In thousandths; 1 if the range has none. `None` for what is no weight.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> Option<u32> {
    let Some(parameter) = parameters.next() else { return Some(1000) };
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u32>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_and_then_the_first() {
        let cases = [
            ("", Language::En),
            ("fr", Language::En),
            ("sv", Language::Sv),
            ("de-AT", Language::De),
            ("DE", Language::De),
            ("fr, de;q=0.8, sv;q=0.9", Language::Sv),
            ("de;q=0.5, sv;q=0.5", Language::De),
            ("sv;q=0, de;q=0.1", Language::De),
            ("sv;q=0", Language::En),
            ("sv;q=2, de;q=0.1", Language::De),
            ("sv;q=x, de ; q=0.1", Language::De),
            ("*;q=0.9, sv;q=0.5", Language::En),
            ("svenska", Language::En),
        ];
        for (header, language) in cases {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }
}
