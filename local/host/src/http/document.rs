//! Pages of the host's own, and what guards them.

use askama::Template;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
};

use super::{ReplyBody, reply};

/// Everything comes from this host, nothing is inline, nobody frames it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// A view as a page.
pub(crate) fn page(
    status: StatusCode,
    view: &impl Template,
) -> Result<Response<ReplyBody>, askama::Error> {
    let mut response = reply::html(status, view.render()?);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(kept_nowhere(response))
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
