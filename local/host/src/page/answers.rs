//! How a view becomes an answer: as a page or as JSON, or why there is none.

use askama::Template;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;

use super::{Visit, frame::Frame};
use crate::http::{
    ReplyBody,
    body::BodyError,
    document::{self, kept_nowhere},
    reply,
};

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Page,
    Json,
}

/// Why there is no view, or why an action was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl ToString) -> Self {
        Self { status, message: message.to_string() }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is nothing at this address that could do that")
    }

    pub(super) fn bad(message: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What was sent could not be read.
    pub(super) fn body(error: BodyError) -> Self {
        Self::new(error.status(), error)
    }

    /// A data service did not do its part.
    pub(super) fn service(error: impl ToString) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, error)
    }
}

/// A view in the form that was asked for.
pub(super) fn shown<T: Template + Serialize>(
    form: Form,
    view: &T,
) -> Result<Response<ReplyBody>, Refusal> {
    match form {
        Form::Page => page(StatusCode::OK, view),
        Form::Json => Ok(kept_nowhere(reply::json(StatusCode::OK, view))),
    }
}

/// A view as a page.
pub(super) fn page(
    status: StatusCode,
    view: &impl Template,
) -> Result<Response<ReplyBody>, Refusal> {
    document::page(status, view).map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format_args!("rendering the page: {error}"))
    })
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    frame: Frame,
    message: String,
}

/// A refusal in the form that was asked for.
pub(super) fn refused(visit: &Visit, refusal: &Refusal) -> Response<ReplyBody> {
    let Refusal { status, message } = refusal;
    if visit.form == Form::Json {
        return kept_nowhere(reply::json(*status, &json!({ "error": message })));
    }
    let view = MessagePage { frame: Frame::new(visit, "Not done", ""), message: message.clone() };
    page(*status, &view).unwrap_or_else(|_| reply::text(*status, message.clone()))
}
