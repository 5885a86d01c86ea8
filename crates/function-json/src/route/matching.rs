use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Part, RouteParameter, Segment};

/// The values that a path gave to a template's parameters, decoded, in the template's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteParams(Vec<(String, String)>);

impl RouteParams {
    /// A parameter's value; names are found in any case. `None` also for an optional parameter
    /// that the path left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the path gave no value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, String)> for RouteParams {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

pub(super) fn matches(segments: &[Segment], path: &str) -> Option<RouteParams> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut pieces = (!path.is_empty()).then(|| path.split('/')).into_iter().flatten();
    let mut found = Vec::new();
    for segment in segments {
        match segment {
            Segment::CatchAll(parameter) => {
                let rest: Vec<Cow<'_, str>> = pieces.by_ref().map(decode).collect();
                take_rest(parameter, rest.join("/"), &mut found)?;
            }
            Segment::Parameter(parameter) => match pieces.next() {
                Some(piece) => take(parameter, decode(piece).into_owned(), &mut found)?,
                None => take_nothing(parameter, &mut found)?,
            },
            Segment::Literal(literal) => same(literal, &decode(pieces.next()?)).then_some(())?,
            Segment::Mixed(parts) => mixed(parts, &decode(pieces.next()?), &mut found)?,
        }
    }
    pieces.next().is_none().then_some(RouteParams(found))
}

/// Whether one segment matches a text that is not encoded.
pub(super) fn matches_decoded(segment: &Segment, text: &str) -> bool {
    let mut found = Vec::new();
    match segment {
        Segment::Literal(literal) => same(literal, text),
        Segment::Parameter(parameter) | Segment::CatchAll(parameter) => {
            take(parameter, text.to_owned(), &mut found).is_some()
        }
        Segment::Mixed(parts) => mixed(parts, text, &mut found).is_some(),
    }
}

/// Bytes that are not UTF-8 leave the segment as it came.
fn decode(piece: &str) -> Cow<'_, str> {
    percent_decode_str(piece).decode_utf8().unwrap_or(Cow::Borrowed(piece))
}

fn same(literal: &str, piece: &str) -> bool {
    literal.eq_ignore_ascii_case(piece)
        || (!literal.is_ascii() && literal.to_lowercase() == piece.to_lowercase())
}

type Found = Vec<(String, String)>;

fn take(parameter: &RouteParameter, value: String, found: &mut Found) -> Option<()> {
    if value.is_empty()
        || !parameter.constraints.iter().all(|constraint| constraint.accepts(&value))
    {
        return None;
    }
    found.push((parameter.name.clone(), value));
    Some(())
}

fn take_nothing(parameter: &RouteParameter, found: &mut Found) -> Option<()> {
    match &parameter.default {
        Some(value) => found.push((parameter.name.clone(), value.clone())),
        None if parameter.optional => {}
        None => return None,
    }
    Some(())
}

fn take_rest(parameter: &RouteParameter, rest: String, found: &mut Found) -> Option<()> {
    if rest.is_empty() {
        if let Some(value) = &parameter.default {
            found.push((parameter.name.clone(), value.clone()));
        }
        return Some(());
    }
    take(parameter, rest, found)
}

/// Reads from the right, as ASP.NET Core does: a parameter takes as little as the text before it allows,
/// so `{name}.{extension}` splits `a.b.c` into `a.b` and `c`.
fn mixed(parts: &[Part], piece: &str, found: &mut Found) -> Option<()> {
    let mut rest = piece;
    let mut values = Vec::new();
    let mut waiting: Option<&RouteParameter> = None;
    for part in parts.iter().rev() {
        match part {
            Part::Parameter(parameter) => waiting = Some(parameter),
            Part::Literal(literal) => {
                let start = match waiting {
                    Some(_) => last_place(rest, literal)?,
                    None => rest.len().checked_sub(literal.len())?,
                };
                if !same(literal, rest.get(start..start + literal.len())?) {
                    return None;
                }
                if let Some(parameter) = waiting.take() {
                    take(parameter, rest[start + literal.len()..].to_owned(), &mut values)?;
                }
                rest = &rest[..start];
            }
        }
    }
    match waiting {
        Some(parameter) => take(parameter, rest.to_owned(), &mut values)?,
        None if rest.is_empty() => {}
        None => return None,
    }
    found.extend(values.into_iter().rev());
    Some(())
}

/// The last place of the literal that leaves at least one character after it.
fn last_place(text: &str, literal: &str) -> Option<usize> {
    let last = text.len().checked_sub(literal.len() + 1)?;
    (0..=last).rev().find(|start| {
        text.get(*start..start + literal.len()).is_some_and(|there| same(literal, there))
    })
}
