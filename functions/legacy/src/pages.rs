//! What the pages have in common: who may see them, forms that only they can send, and headers that let nothing else in.

use crate::app::App;
use askama::Template;
use custom_handler::{HeaderName, Problem, Request, Response, StatusCode, header};
use form_urlencoded::parse;
use iommi_app::{FormKey, Principal};

/// The app role of those who run the platform.
const ROLE: &str = "Operator";
/// No script, no frame, nothing from anywhere else.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
const CONTENT_SECURITY_POLICY: HeaderName = header::CONTENT_SECURITY_POLICY;

/// The fields of a form.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The form, if this person was given it by us.
    pub(crate) fn of(app: &App, request: &Request, principal: &Principal) -> Result<Self, Problem> {
        FormKey::same_origin(request)?;
        let form = Self(parse(request.body()).into_owned().collect());
        app.form_key.check(form.get("token"), &principal.id, app.clock.now())?;
        Ok(form)
    }

    /// A field; empty if it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value.trim())
    }

    /// A field as it was sent.
    pub(crate) fn raw(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map_or_else(String::new, |(_, value)| value.clone())
    }

    /// A field that may be empty.
    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|value| !value.is_empty())
    }

    /// Every value of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.clone()).collect()
    }
}

/// Whoever runs the platform; who is not signed in is sent to do so.
pub(crate) fn operator(request: &Request) -> Result<Result<Principal, Response>, Problem> {
    if Principal::of(request).is_none() && *request.method() == http::Method::GET {
        let back = percent(request.path());
        let url = format!("/.auth/login/aad?post_login_redirect_uri={back}");
        return Ok(Err(see(&url).with_status(StatusCode::FOUND)));
    }
    Principal::with_role(request, ROLE).map(Ok)
}

fn percent(path: &str) -> String {
    form_urlencoded::byte_serialize(path.as_bytes()).collect()
}

/// The page, which is nobody else's and stays nowhere.
pub(crate) fn shown(page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(Problem::internal)?;
    Ok(Response::html(html)
        .cache_control("no-store")
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "same-origin"))
}

/// 303 to another page.
pub(crate) fn see(url: &str) -> Response {
    Response::new(StatusCode::SEE_OTHER).header(header::LOCATION, url).cache_control("no-store")
}
