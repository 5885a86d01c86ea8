//! The page on which one chooses who to be.

use askama::Template;
use http::{Request, Response};

use super::{AFTER_LOGIN, ReplyBody, cookie, redirect};
use crate::{
    identities::{Person, Persons},
    page as host_page, query,
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
    host_page::standalone(&SignInPage {
        persons: persons.all(),
        current: cookie::person(persons, request.headers()),
        place: redirect::place(&asked, AFTER_LOGIN),
    })
}

impl SignInPage<'_> {
    fn is_current(&self, person: &Person) -> bool {
        self.current.is_some_and(|current| current.name == person.name)
    }
}
