//! What is around the pages for our own people.

use custom_handler::{Problem, Response};
use jiff::Timestamp;
use staff_pages::{Frame, Link, guarded_problem};
use values::moment;

/// The app role of those who run the platform.
pub(crate) const ROLE: &str = "Operator";

/// The pages of this app.
const CATALOGUE: Link<'static> = Link::new("Events", "/events/catalogue");
const REPLAYS: Link<'static> = Link::new("Replays", "/events/replays");
const CONSUMERS: Link<'static> = Link::new("Consumers", "/events/consumers");
const GIVEN_UP: Link<'static> = Link::new("Given up", "/events/given-up");
const DEAD_LETTERS: Link<'static> = Link::new("Dead letters", "/events/dead-letters");
/// Where one can go from the dead letters.
pub(crate) const NAVIGATION: &[Link<'static>] = &[CATALOGUE, REPLAYS, CONSUMERS, GIVEN_UP];

pub(crate) fn frame<'a>(title: &'a str, person: &'a str) -> Frame<'a> {
    Frame {
        title,
        site: "Iommi operations",
        home: CATALOGUE,
        navigation: &[REPLAYS, CONSUMERS, GIVEN_UP, DEAD_LETTERS],
        person: Some(person),
    }
}

/// A time as pages show it.
pub(crate) fn time(at: &Timestamp) -> String {
    moment::text(*at)
}

/// What goes wrong on a page has the headers of a page.
pub(crate) fn guarded(answer: Result<Response, Problem>) -> Result<Response, Problem> {
    answer.map_err(guarded_problem)
}
