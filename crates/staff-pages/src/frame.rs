//! The page around the content.

use crate::guard::{guarded_by, policy_with_style};
use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{Problem, Response};
use ring::digest::{SHA256, digest};
use std::sync::LazyLock;

/// The one style sheet. It stands in the page, so that no app needs a function for it; the policy names its hash, so
/// that no other one is let in.
const STYLE: &str = include_str!("../static/frame.css");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    policy_with_style(&STANDARD.encode(digest(&SHA256, STYLE.as_bytes()).as_ref()))
});

/// Where one can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// What it is called.
    pub label: &'a str,
    /// The path.
    pub href: &'a str,
}

impl<'a> Link<'a> {
    /// A link.
    #[must_use]
    pub const fn new(label: &'a str, href: &'a str) -> Self {
        Self { label, href }
    }
}

/// The part of a page that is the same for all: its head, who is signed in, and where one can go. It has no script.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What this page is.
    pub title: &'a str,
    /// What all of them are.
    pub site: &'a str,
    /// The page that the others belong to.
    pub home: Link<'a>,
    /// The other pages that this person may want.
    pub navigation: &'a [Link<'a>],
    /// The name of the person who is signed in.
    pub person: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Page<'a> {
    frame: Frame<'a>,
    style: &'static str,
    content: String,
}

impl Frame<'_> {
    /// The whole page as an answer, guarded and to be kept nowhere.
    ///
    /// # Errors
    /// 500 if a template cannot be filled.
    pub fn page(&self, content: &impl Template) -> Result<Response, Problem> {
        let content = content.render().map_err(Problem::internal)?;
        let page = Page { frame: *self, style: STYLE, content };
        let html = page.render().map_err(Problem::internal)?;
        Ok(guarded_by(Response::html(html), &POLICY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::header;

    #[derive(Template)]
    #[template(source = "<p>{{ text }}</p>", ext = "html")]
    struct Content {
        text: &'static str,
    }

    #[test]
    fn the_style_in_the_page_is_the_one_that_the_policy_lets_in_and_text_is_never_markup() {
        let frame = Frame {
            title: "<Cakes>",
            site: "Iommi operations",
            home: Link::new("Cakes", "/ops/cakes"),
            navigation: &[Link::new("Dead letters", "/ops/dead-letters")],
            person: Some("Olga & Co"),
        };
        let page = frame.page(&Content { text: "<script>" }).unwrap();
        let html = String::from_utf8(page.body().to_vec()).unwrap();
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let hash = STANDARD.encode(digest(&SHA256, style.as_bytes()).as_ref());
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
        assert!(!html.contains("<script") && !html.contains(" style="), "{html}");
        assert!(html.contains("Olga &#38; Co") && html.contains("/ops/dead-letters"), "{html}");
    }
}
