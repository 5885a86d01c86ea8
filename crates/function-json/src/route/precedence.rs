use super::{RouteParameter, Segment};

/// Order among routes that match the same path; the smallest is the most specific and wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Precedence(Vec<u8>);

impl Precedence {
    pub(super) fn of(segments: &[Segment]) -> Self {
        Self(segments.iter().map(digit).collect())
    }
}

fn digit(segment: &Segment) -> u8 {
    let bare = |parameter: &RouteParameter| parameter.constraints.is_empty();
    match segment {
        Segment::Literal(_) => 1,
        Segment::Mixed(_) => 2,
        Segment::Parameter(parameter) => 2 + u8::from(bare(parameter)),
        Segment::CatchAll(parameter) => 4 + u8::from(bare(parameter)),
    }
}
