//! Pages for our own people: moderators, operators, whoever runs the platform.
//!
//! App Service signs people in and says who they are; this crate reads it ([`Principal`]), sends those who are not
//! signed in to do so ([`enter`]), makes sure that a form was sent by a person who had our page open ([`Form`],
//! [`FormKey`]), and gives every answer the headers that keep others out ([`guarded`]). [`Frame`] is the page around
//! the content, without a script.
//!
//! ```
//! use askama::Template;
//! use custom_handler::{Problem, Request, Response};
//! use jiff::Timestamp;
//! use staff_pages::{Form, FormKey, Frame, Link, enter, see_other};
//!
//! #[derive(Template)]
//! #[template(source = "<form method=post><input type=hidden name=token value={{ token }}></form>", ext = "html")]
//! struct Content { token: String }
//!
//! /// GET: the page.
//! fn get(key: &FormKey, request: &Request, now: Timestamp) -> Result<Response, Problem> {
//!     let person = match enter(request, "Operator")? {
//!         Ok(person) => person,
//!         Err(sign_in) => return Ok(sign_in),
//!     };
//!     let content = Content { token: key.token(&person.id, now) };
//!     let home = Link::new("Cakes", "/ops/cakes");
//!     Frame { title: "Cakes", site: "Iommi operations", home, navigation: &[], person: Some(&person.name) }.page(&content)
//! }
//!
//! /// POST: its form.
//! fn post(key: &FormKey, request: &Request, now: Timestamp) -> Result<Response, Problem> {
//!     let (_person, form) = Form::sent(key, request, "Operator", now)?;
//!     tracing_or_work(form.get("action"));
//!     Ok(see_other("/ops/cakes"))
//! }
//! # fn tracing_or_work(_: &str) {}
//! ```

mod form;
mod form_key;
mod frame;
mod guard;
mod origin;
mod principal;
pub mod problems;
mod sign_in;

pub use form::Form;
pub use form_key::{FORM_KEY, FormKey, FormKeyError, FormRefusal};
pub use frame::{Frame, Link};
pub use guard::{guarded, guarded_problem, see_other};
pub use principal::Principal;
pub use sign_in::{enter, sign_in};
