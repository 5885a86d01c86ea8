//! What is around every page: head and header.

use super::assets::{ICON, SCRIPT, STYLE};
use super::visitor::Visitor;
use askama::Template;
use custom_handler::{Problem, Response, StatusCode};
use staff_pages::guarded;

/// The part of a page that is the same for all.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) style: String,
    pub(crate) script: String,
    pub(crate) icon: String,
    /// `None` for those who may not see more.
    pub(crate) visitor: Option<Bearer>,
    /// Where the forms in the header go.
    pub(crate) place: String,
    pub(crate) greyscale: bool,
}

/// Who is signed in, as the header shows it.
#[derive(Debug)]
pub(crate) struct Bearer {
    pub(crate) name: String,
    pub(crate) token: String,
}

impl Frame {
    pub(crate) fn of(visitor: &Visitor, title: String, place: String) -> Self {
        let bearer = Bearer { name: visitor.principal.name.clone(), token: visitor.token.clone() };
        let greyscale = visitor.greyscale;
        Self { visitor: Some(bearer), greyscale, place, ..Self::bare(title) }
    }

    fn bare(title: String) -> Self {
        let (style, script, icon) = (STYLE.path(), SCRIPT.path(), ICON.path());
        let place = "/moderation".to_owned();
        Self { title, style, script, icon, visitor: None, place, greyscale: false }
    }
}

/// A page that only says something.
pub(crate) struct Notice {
    pub(crate) title: String,
    pub(crate) text: String,
    /// Where to go from here.
    pub(crate) link: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    frame: Frame,
    notice: &'a Notice,
}

impl Notice {
    pub(crate) fn page(&self) -> Result<Response, Problem> {
        page(&NoticePage { frame: Frame::bare(self.title.clone()), notice: self })
    }
}

/// The template as an answer.
pub(crate) fn page(template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(Problem::internal)?;
    Ok(guarded(Response::html(html)))
}

/// What went wrong, as a page. The log gets the cause.
pub(crate) fn refusal(problem: &Problem) -> Result<Response, Problem> {
    let status = problem.status().code();
    if status.is_server_error() {
        tracing::error!(error = %problem, "a page of the console");
    }
    let title = match status {
        StatusCode::NOT_FOUND => "There is no such case",
        StatusCode::FORBIDDEN => "This form cannot be taken",
        _ if status.is_server_error() => "This does not work at the moment",
        _ => "This was not possible",
    };
    let notice = Notice {
        title: title.to_owned(),
        text: words_of(problem),
        link: ("/moderation", "Back to the queue"),
    };
    Ok(notice.page()?.with_status(status))
}

/// What the problem tells the person, without what only the log should know.
pub(crate) fn words_of(problem: &Problem) -> String {
    let whole = problem.to_string();
    let cause = problem.cause().map(|cause| format!(" ({cause})")).unwrap_or_default();
    let said = whole.strip_suffix(&cause).unwrap_or(&whole);
    let said = said.split_once(": ").map_or(said, |(_, words)| words);
    let mut letters = said.chars();
    letters
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::ErrorStatus;

    #[test]
    fn a_person_reads_what_happened_and_not_why() {
        let problem = Problem::new(ErrorStatus::Conflict, "busy", "Busy").detail("try: again");
        assert_eq!(words_of(&problem), "Try: again.");
        assert_eq!(words_of(&problem.because("a secret (of ours)")), "Try: again.");
    }
}
