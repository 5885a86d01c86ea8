//! How a view becomes an answer: as a page or as JSON, or why there is none.

use askama::Template;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
};
use serde::Serialize;
use serde_json::json;

use super::{Visit, frame::Frame};
use crate::gateway::{ReplyBody, body::BodyError, reply};

/// Everything comes from this host, nothing is inline, nobody frames it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

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
    let html = view.render().map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format_args!("rendering the page: {error}"))
    })?;
    let mut response = reply::html(status, html);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(kept_nowhere(response))
}

/// A page without the frame of the others.
pub(crate) fn standalone(view: &impl Template) -> Response<ReplyBody> {
    page(StatusCode::OK, view)
        .unwrap_or_else(|Refusal { status, message }| reply::text(status, message))
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

/// Sends a browser on after an action.
pub(crate) fn see_other(place: &str) -> Response<ReplyBody> {
    let mut response = reply::empty(StatusCode::SEE_OTHER);
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// What is shown is of this moment, and may be personal.
pub(crate) fn kept_nowhere(mut response: Response<ReplyBody>) -> Response<ReplyBody> {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}
