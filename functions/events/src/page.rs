//! What is around the pages for our own people.

use askama::Template;
use custom_handler::{Problem, Request, Response};
use jiff::Timestamp;
use staff_pages::{Frame, Link, Principal, enter, guarded_problem};
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

/// Answers a GET: with the page, whose content is made for whoever may see it, or by sending them to sign in.
pub(crate) async fn show<C: Template>(
    request: &Request,
    title: &str,
    content: impl AsyncFnOnce(&Principal) -> Result<C, Problem>,
) -> Result<Response, Problem> {
    let person = match guarded(enter(request, ROLE))? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let frame = Frame {
        title,
        site: "Iommi operations",
        home: CATALOGUE,
        navigation: &[REPLAYS, CONSUMERS, GIVEN_UP, DEAD_LETTERS],
        person: Some(&person.name),
    };
    guarded(content(&person).await.and_then(|content| frame.page(&content)))
}

/// A time as pages show it.
pub(crate) fn time(at: &Timestamp) -> String {
    moment::text(*at)
}

/// What goes wrong on a page has the headers of a page.
pub(crate) fn guarded<T>(answer: Result<T, Problem>) -> Result<T, Problem> {
    answer.map_err(guarded_problem)
}
