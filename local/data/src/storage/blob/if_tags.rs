//! `x-ms-if-tags`: a condition on a blob's tags, such as `"state" = 'done' AND "size" > '10'`.
//!
//! Source: "Find Blobs by Tags" and "Specifying conditional headers", REST reference. Values compare as text; `AND`
//! binds closer than `OR`; there are no parentheses.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::storage::failure::{Failure, invalid_header};

/// Comparisons in a condition, at most.
const MAX_COMPARISONS: usize = 20;

/// A condition: one of these groups must hold, which is when all of it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagCondition(Vec<Vec<Comparison>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    tag: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl TagCondition {
    /// Reads a condition; `header` is where it stands.
    pub(super) fn parse(header: &'static str, text: &str) -> Result<Self, Failure> {
        read(text).ok_or_else(|| invalid_header(header, text))
    }

    /// Whether a blob with these tags meets it.
    pub(super) fn holds(&self, tags: &BTreeMap<String, String>) -> bool {
        self.0.iter().any(|group| group.iter().all(|comparison| comparison.holds(tags)))
    }
}

impl Comparison {
    fn holds(&self, tags: &BTreeMap<String, String>) -> bool {
        let Some(value) = tags.get(&self.tag) else { return self.operator == Operator::NotEqual };
        let order = value.as_str().cmp(&self.value);
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

fn read(text: &str) -> Option<TagCondition> {
    let mut rest = text.trim();
    let mut groups = vec![Vec::new()];
    for _ in 0..MAX_COMPARISONS {
        let (comparison, after) = comparison(rest)?;
        groups.last_mut()?.push(comparison);
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(TagCondition(groups));
        }
        let (word, after) = rest.split_once(char::is_whitespace)?;
        match word.to_ascii_uppercase().as_str() {
            "AND" => {}
            "OR" => groups.push(Vec::new()),
            _ => return None,
        }
        rest = after.trim_start();
    }
    None
}

fn comparison(text: &str) -> Option<(Comparison, &str)> {
    let (tag, rest) = name(text)?;
    let (operator, rest) = operator(rest.trim_start())?;
    let (value, rest) = quoted(rest.trim_start(), '\'')?;
    Some((Comparison { tag: tag.to_owned(), operator, value: value.to_owned() }, rest))
}

/// A tag's name, in quotes or, if it is simple enough, without.
fn name(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    (end > 0).then(|| text.split_at(end))
}

fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    text.strip_prefix(quote)?.split_once(quote)
}

fn operator(text: &str) -> Option<(Operator, &str)> {
    let operators = [
        ("<>", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("=", Operator::Equal),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    operators
        .into_iter()
        .find_map(|(sign, operator)| text.strip_prefix(sign).map(|rest| (operator, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str) -> bool {
        let tags = [("state", "done"), ("size", "20")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        TagCondition::parse("x-ms-if-tags", condition).unwrap().holds(&tags.into())
    }

    #[test]
    fn conditions_hold_or_not() {
        assert!(holds("\"state\" = 'done'"));
        assert!(holds("state='done' AND \"size\">='20'"));
        assert!(holds("\"state\" = 'new' OR \"size\" < '3' AND \"state\" <> 'new'"));
        assert!(!holds("\"state\" = 'new'"));
        assert!(!holds("\"absent\" = 'x'"));
        assert!(holds("\"absent\" <> 'x'"));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for bad in [
            "",
            "state",
            "state = done",
            "state = 'done' AND",
            "state ! 'x'",
            "state = 'a' NOT b = 'c'",
        ] {
            assert!(TagCondition::parse("x-ms-if-tags", bad).is_err(), "{bad}");
        }
    }
}
