//! The page on which one chooses who to be.

use askama::Template;
use http::{Request, Response, StatusCode};

use super::{AFTER_LOGIN, cookie, redirect};
use crate::{
    http::{ReplyBody, document, reply},
    identities::{Person, Persons},
    query,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'p> {
    persons: &'p [Person],
    /// Who is signed in already.
    current: Option<&'p Person>,
    /// Where the browser goes afterwards.
    place: String,
}

pub(super) fn shown<B>(persons: &Persons, request: &Request<B>) -> Response<ReplyBody> {
    let asked = query::pairs(request.uri().query().unwrap_or_default());
    let view = SignInPage {
        persons: persons.all(),
        current: cookie::person(persons, request.headers()),
        place: redirect::place(&asked, AFTER_LOGIN),
    };
    document::page(StatusCode::OK, &view).unwrap_or_else(|error| {
        let text = format!("rendering the page: {error}\n");
        reply::text(StatusCode::INTERNAL_SERVER_ERROR, text)
    })
}

impl SignInPage<'_> {
    fn is_current(&self, person: &Person) -> bool {
        self.current.is_some_and(|current| current.name == person.name)
    }
}
