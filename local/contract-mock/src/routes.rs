//! Paths with parameters, and which of several takes a path.

use percent_encoding::percent_decode_str;

/// A path of the contract, such as `/cakes/{id}/slices.{format}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    segments: Vec<Vec<Piece>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(String),
}

/// How exact a path is, segment by segment: plain before mixed before a parameter alone. Less is more exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity(Vec<u8>);

/// The names of a template's parameters, each with what stands in the path, still encoded.
pub(crate) type Captured = Vec<(String, String)>;

impl Template {
    pub(crate) fn new(path: &str) -> Self {
        Self { segments: path.trim_start_matches('/').split('/').map(pieces).collect() }
    }

    /// What the parameters are in a path as it came, or nothing if it is another path.
    pub(crate) fn captures(&self, path: &str) -> Option<Captured> {
        let given: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut captured = Vec::new();
        let fit = self
            .segments
            .iter()
            .zip(given)
            .all(|(pieces, given)| fits(pieces, given, &mut captured));
        fit.then_some(captured)
    }

    pub(crate) fn specificity(&self) -> Specificity {
        let of = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [Piece::Literal(_)] | [] => 0,
            [Piece::Parameter(_)] => 2,
            _ => 1,
        };
        Specificity(self.segments.iter().map(of).collect())
    }

    /// The template without the names of its parameters, in lower case: two that are the same take the same paths.
    pub(crate) fn shape(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.to_lowercase(),
            Piece::Parameter(_) => "{}".to_owned(),
        };
        let segment = |pieces: &Vec<Piece>| pieces.iter().map(piece).collect::<String>();
        self.segments.iter().map(segment).collect::<Vec<_>>().join("/")
    }
}

impl Specificity {
    /// That of a route as functions have it, such as `cakes/{id:guid}`.
    #[must_use]
    pub fn of(route: &str) -> Self {
        Template::new(route).specificity()
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((literal, (name, after))) =
        rest.split_once('{').and_then(|(literal, after)| Some((literal, after.split_once('}')?)))
    {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal.to_owned()));
        }
        pieces.push(Piece::Parameter(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    pieces
}

/// A parameter takes as little as lets the rest fit, and at least one character.
fn fits(pieces: &[Piece], given: &str, captured: &mut Captured) -> bool {
    match pieces {
        [] => given.is_empty(),
        [Piece::Literal(text)] => decoded(given) == *text,
        [Piece::Literal(text), rest @ ..] => {
            given.strip_prefix(text.as_str()).is_some_and(|given| fits(rest, given, captured))
        }
        [Piece::Parameter(name)] => {
            captured.push((name.clone(), given.to_owned()));
            !given.is_empty()
        }
        [Piece::Parameter(name), rest @ ..] => {
            let before = captured.len();
            given.char_indices().skip(1).any(|(at, _)| {
                captured.truncate(before);
                captured.push((name.clone(), given[..at].to_owned()));
                fits(rest, &given[at..], captured)
            })
        }
    }
}

/// A part of a path or query as it was meant.
pub(crate) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn captured(template: &str, path: &str) -> Option<Vec<String>> {
        let captured = Template::new(template).captures(path)?;
        Some(captured.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn a_path_fits_segment_by_segment_and_slashes_in_values_stay_encoded() {
        assert_eq!(captured("/a/{id}", "/a/x%2Fy"), Some(vec!["id=x%2Fy".to_owned()]));
        assert_eq!(captured("/a b/c", "/a%20b/c"), Some(vec![]));
        for other in ["/a", "/a/", "/a/b/c", "/A/b", "/a/b/"] {
            assert_eq!(captured("/a/{id}", other), None, "{other}");
        }
        assert_eq!(captured("/", "/"), Some(vec![]));
    }

    #[test]
    fn a_segment_may_hold_several_parameters_and_text() {
        let both = Some(vec!["name=a.b".to_owned(), "format=json".to_owned()]);
        assert_eq!(captured("/{name}.x.{format}", "/a.b.x.json"), both);
        assert_eq!(captured("/{id}:archive", "/7:archive"), Some(vec!["id=7".to_owned()]));
        assert_eq!(captured("/{id}:archive", "/7:delete"), None);
    }

    #[test]
    fn what_is_plain_comes_before_what_is_not() {
        let of = |path| Template::new(path).specificity();
        assert!(
            of("/a/b") < of("/a/{x}")
                && of("/a/{x}.y") < of("/a/{x}")
                && of("/a/{x}") < of("/{x}/b")
        );
    }
}
