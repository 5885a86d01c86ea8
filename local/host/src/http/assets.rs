//! Style and script, the same for every page.

use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

use super::{ReplyBody, document::kept_nowhere, reply};

pub(crate) fn style() -> Response<ReplyBody> {
    asset("text/css; charset=utf-8", include_str!("../page/templates/page.css"))
}

pub(crate) fn script() -> Response<ReplyBody> {
    asset("text/javascript; charset=utf-8", include_str!("../page/templates/page.js"))
}

pub(crate) fn icon() -> Response<ReplyBody> {
    asset("image/svg+xml", include_str!("../page/templates/icon.svg"))
}

fn asset(content_type: &'static str, text: &'static str) -> Response<ReplyBody> {
    let mut response = reply::bytes(StatusCode::OK, text);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    kept_nowhere(response)
}
