//! Versions of dead letters.

use crate::domain::Letter;
use crate::problems;
use custom_handler::{EntityTag, IfMatch, Problem, Response};
use iommi_app::Kept;

pub(crate) fn entity_tag(letter: &Letter) -> EntityTag {
    EntityTag::strong(letter.version.to_string()).expect("digits are fit for an entity tag")
}

/// 200 with the letter as it is now.
pub(crate) fn current(letter: &Letter) -> Response {
    Response::ok(letter).etag(entity_tag(letter))
}

/// The letter, if it is the version that the client means; else 412, naming the current one.
pub(crate) fn expect(kept: Kept<Letter>, expected: &IfMatch) -> Result<Kept<Letter>, Problem> {
    if expected.matches(&entity_tag(&kept.value)) {
        return Ok(kept);
    }
    Err(problems::precondition_failed(&entity_tag(&kept.value)))
}
