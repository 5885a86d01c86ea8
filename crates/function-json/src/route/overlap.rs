use super::{RouteParameter, Segment, matching};

/// Whether some path may match both.
pub(super) fn meet(one: &[Segment], other: &[Segment]) -> bool {
    match (one.split_first(), other.split_first()) {
        (None, None) => true,
        (None, Some(_)) => other.iter().all(may_be_left_out),
        (Some(_), None) => one.iter().all(may_be_left_out),
        (Some((Segment::CatchAll(_), _)), _) | (_, Some((Segment::CatchAll(_), _))) => true,
        (Some((first, rest)), Some((second, others))) => {
            let both = segments_meet(first, second) && meet(rest, others);
            both || (one.iter().all(may_be_left_out) && other.iter().all(may_be_left_out))
        }
    }
}

fn segments_meet(one: &Segment, other: &Segment) -> bool {
    match (one, other) {
        (Segment::Literal(text), segment) | (segment, Segment::Literal(text)) => {
            matching::matches_decoded(segment, text)
        }
        _ => true,
    }
}

fn may_be_left_out(segment: &Segment) -> bool {
    let optional = |parameter: &RouteParameter| parameter.optional || parameter.default.is_some();
    match segment {
        Segment::CatchAll(_) => true,
        Segment::Parameter(parameter) => optional(parameter),
        Segment::Literal(_) | Segment::Mixed(_) => false,
    }
}
