//! The page on which one chooses who to be.

use askama::Template;
use http::{Request, Response};

use super::{AFTER_LOGIN, ReplyBody, cookie, persons, persons::Person, redirect};
use crate::{page as host_page, query};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    persons: &'static [Person],
    /// Who is signed in already.
    current: Option<&'static Person>,
    /// Where the browser goes afterwards.
    place: String,
}

pub(super) fn shown<B>(request: &Request<B>) -> Response<ReplyBody> {
    let asked = query::pairs(request.uri().query().unwrap_or_default());
    host_page::standalone(&SignInPage {
        persons: persons::all(),
        current: cookie::person(request.headers()),
        place: redirect::place(&asked, AFTER_LOGIN),
    })
}

impl SignInPage {
    fn is_current(&self, person: &Person) -> bool {
        self.current.is_some_and(|current| current.name == person.name)
    }
}
