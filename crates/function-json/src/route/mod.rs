//! ASP.NET Core route templates: parsing, matching and precedence.

mod constraint;
mod matching;
mod overlap;
mod parse;
mod precedence;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use constraint::Constraint;
pub use matching::RouteParams;
pub use precedence::Precedence;

/// A route as `function.json` writes it, without the route prefix of `host.json`:
/// `v1/profiles/{profileId:guid}`, `v1/{*path}`.
///
/// Literals match in any case. Equality is that of the text.
#[derive(Debug, Clone)]
pub struct RouteTemplate {
    text: String,
    segments: Vec<Segment>,
}

/// What stands between two slashes of a template.
#[derive(Debug, Clone)]
pub enum Segment {
    /// Fixed text.
    Literal(String),
    /// One parameter that takes the whole segment.
    Parameter(RouteParameter),
    /// Parameters mixed with fixed text, such as `{name}.{extension}`.
    Mixed(Vec<Part>),
    /// `{*rest}`: the last segment, which takes what is left of the path, slashes included.
    CatchAll(RouteParameter),
}

/// A piece of a [`Segment::Mixed`].
#[derive(Debug, Clone)]
pub enum Part {
    /// Fixed text.
    Literal(String),
    /// A parameter; never empty.
    Parameter(RouteParameter),
}

/// A parameter of a template.
#[derive(Debug, Clone)]
pub struct RouteParameter {
    /// Its name; looked up in any case.
    pub name: String,
    /// What a value must look like; all of them.
    pub constraints: Vec<Constraint>,
    /// `{name=value}`: the value when the path ends before this segment.
    pub default: Option<String>,
    /// `{name?}`: the path may end before this segment.
    pub optional: bool,
}

/// Why a text is not a route template, and what to write.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("route {template:?}: {problem}")]
pub struct RouteTemplateError {
    /// The template.
    pub template: String,
    /// What is wrong and the remedy.
    pub problem: String,
}

impl RouteTemplate {
    /// Reads a template. A slash at its end is ignored; one at its start is an error, as the host
    /// puts its own there.
    pub fn parse(template: &str) -> Result<Self, RouteTemplateError> {
        let segments = parse::segments(template)
            .map_err(|problem| RouteTemplateError { template: template.to_owned(), problem })?;
        Ok(Self { text: template.to_owned(), segments })
    }

    /// A template of one literal, which needs no parsing.
    pub(crate) fn literal(text: &str) -> Self {
        Self { text: text.to_owned(), segments: vec![Segment::Literal(text.to_owned())] }
    }

    /// The same route behind a prefix, as `extensions.http.routePrefix` of `host.json` puts one
    /// before every route. An empty prefix changes nothing.
    pub fn with_prefix(&self, prefix: &str) -> Result<Self, RouteTemplateError> {
        match prefix.trim_matches('/') {
            "" => Ok(self.clone()),
            prefix => Self::parse(&format!("{prefix}/{}", self.text)),
        }
    }

    /// The template as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &RouteParameter> {
        self.segments.iter().flat_map(Segment::parameters)
    }

    /// Matches a path as it is on the wire: percent-encoded, without its query. `None` when it
    /// does not match. Values are percent-decoded segment by segment, so that `%2F` inside a
    /// segment becomes part of the value and never a separator.
    pub fn matches(&self, path: &str) -> Option<RouteParams> {
        matching::matches(&self.segments, path)
    }

    /// How specific this route is: literals come before mixed and constrained segments, those before
    /// parameters, and catch-alls are last (`RoutePrecedence` of ASP.NET Core). **The Functions host
    /// does not ask it**: it tries the routes of an app by the names of their functions, and the
    /// first that matches wins.
    pub fn precedence(&self) -> Precedence {
        Precedence::of(&self.segments)
    }

    /// Whether both are the same text, in any case.
    pub fn is_same(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }

    /// Whether this route, if it is tried first, takes a path that the other one is more specific
    /// about, so that the other gets less than it says or nothing. In doubt, as between two
    /// constraints, they are taken to meet.
    pub fn shadows(&self, other: &Self) -> bool {
        self.precedence() > other.precedence() && overlap::meet(&self.segments, &other.segments)
    }
}

impl Segment {
    fn parameters(&self) -> Vec<&RouteParameter> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Parameter(parameter) | Self::CatchAll(parameter) => vec![parameter],
            Self::Mixed(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Literal(_) => None,
                    Part::Parameter(parameter) => Some(parameter),
                })
                .collect(),
        }
    }
}

impl PartialEq for RouteTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for RouteTemplate {}

impl fmt::Display for RouteTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for RouteTemplate {
    type Err = RouteTemplateError;

    fn from_str(template: &str) -> Result<Self, Self::Err> {
        Self::parse(template)
    }
}
