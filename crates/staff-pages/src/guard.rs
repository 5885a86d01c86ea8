//! The headers that keep others out: on pages, on redirects and on what went wrong.

use custom_handler::{HeaderName, Problem, Response, StatusCode, header};

/// Pages load from here only, hold no script or style that is not ours, send forms here only, and are framed by nobody.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers besides the policy.
const OTHERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // `no-referrer` would take the Origin off our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// The answer with the headers of every page, to be kept nowhere.
#[must_use]
pub fn guarded(response: Response) -> Response {
    guarded_by(response, POLICY)
}

/// The problem with the headers of every page.
#[must_use]
pub fn guarded_problem(problem: Problem) -> Problem {
    let guarded = OTHERS
        .into_iter()
        .fold(problem, |problem, (name, value)| problem.response_header(name, value));
    guarded
        .response_header(header::CONTENT_SECURITY_POLICY, POLICY)
        .response_header(header::CACHE_CONTROL, "no-store")
}

/// After a form: the browser reads another page, and "reload" sends nothing twice.
#[must_use]
pub fn see_other(place: &str) -> Response {
    guarded(Response::new(StatusCode::SEE_OTHER).header(header::LOCATION, place))
}

/// The policy for a page that holds one style sheet, which has this SHA-256 in base64.
pub(crate) fn policy_with_style(hash: &str) -> String {
    POLICY.replace("style-src 'self'", &format!("style-src 'self' 'sha256-{hash}'"))
}

pub(crate) fn guarded_by(response: Response, policy: &str) -> Response {
    let guarded =
        OTHERS.into_iter().fold(response, |response, (name, value)| response.header(name, value));
    guarded.header(header::CONTENT_SECURITY_POLICY, policy).cache_control("no-store")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_guarded_as_a_page_is() {
        let redirect = see_other("/ops/cakes");
        let page = guarded(Response::html("<p>"));
        for name in OTHERS.iter().map(|(name, _)| name).chain([&header::CONTENT_SECURITY_POLICY]) {
            assert_eq!(redirect.headers()[name], page.headers()[name], "{name}");
        }
        assert_eq!(redirect.headers()[header::CACHE_CONTROL], "no-store");
    }

    #[test]
    fn no_policy_lets_a_style_or_a_script_in_that_is_not_ours() {
        for policy in [POLICY.to_owned(), policy_with_style("c3R5bGU=")] {
            assert!(
                !policy.contains("unsafe") && policy.contains("default-src 'none'"),
                "{policy}"
            );
        }
        assert!(policy_with_style("c3R5bGU=").contains("style-src 'self' 'sha256-c3R5bGU='; "));
    }
}
