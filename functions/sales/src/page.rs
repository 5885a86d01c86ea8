//! What is around the pages for our own people.

use custom_handler::{Problem, Response};
use staff_pages::{Frame, Link, guarded_problem};

/// The app role of those who run the platform.
pub(crate) const ROLE: &str = "Operator";

/// The pages of this app.
const ORDERS: Link<'static> = Link::new("Orders", "/sales/orders");
const DEAD_LETTERS: Link<'static> = Link::new("Dead letters", "/sales/dead-letters");
/// Where one can go from the dead letters.
pub(crate) const NAVIGATION: &[Link<'static>] = &[ORDERS];

pub(crate) fn frame<'a>(title: &'a str, person: &'a str) -> Frame<'a> {
    Frame {
        title,
        site: "Iommi operations",
        home: ORDERS,
        navigation: &[DEAD_LETTERS],
        person: Some(person),
    }
}

/// What goes wrong on a page has the headers of a page.
pub(crate) fn guarded(answer: Result<Response, Problem>) -> Result<Response, Problem> {
    answer.map_err(guarded_problem)
}
