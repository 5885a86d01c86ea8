//! Which web pages may use a service from a browser: the CORS rules among the service's properties.
//!
//! Source: "Cross-Origin Resource Sharing (CORS) support for Azure Storage", Microsoft's REST reference.

use http::{StatusCode, header};

use super::{call::Call, code, failure::Failure, reply::Reply, xml::Element};

/// One rule: lists are kept as they are written, separated by commas.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    origins: Vec<String>,
    methods: Vec<String>,
    /// A name may end in `*`.
    headers: Vec<String>,
    exposed: String,
    max_age_s: String,
}

impl Rule {
    /// The rules in `<Cors>`.
    pub(super) fn all(cors: &Element) -> Vec<Self> {
        cors.children.iter().map(Self::read).collect()
    }

    fn read(rule: &Element) -> Self {
        let text = |name: &str| rule.child_text(name).unwrap_or_default();
        let list = |name: &str| {
            text(name)
                .split(',')
                .map(|item| item.trim().to_owned())
                .filter(|item| !item.is_empty())
                .collect()
        };
        Self {
            origins: list("AllowedOrigins"),
            methods: list("AllowedMethods"),
            headers: list("AllowedHeaders"),
            exposed: text("ExposedHeaders").to_owned(),
            max_age_s: text("MaxAgeInSeconds").to_owned(),
        }
    }

    fn allows(&self, origin: &str, method: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == "*" || allowed == origin)
            && self.methods.iter().any(|allowed| allowed.eq_ignore_ascii_case(method))
    }

    fn allows_header(&self, name: &str) -> bool {
        let name = name.trim().to_ascii_lowercase();
        self.headers.iter().map(|allowed| allowed.to_ascii_lowercase()).any(|allowed| match allowed
            .strip_suffix('*')
        {
            Some(prefix) => name.starts_with(prefix),
            None => name == allowed,
        })
    }

    fn is_for_everybody(&self) -> bool {
        self.origins.iter().any(|allowed| allowed == "*")
    }

    fn to_reply(&self, origin: &str, reply: Reply) -> Reply {
        if self.is_for_everybody() {
            return reply.header("access-control-allow-origin", "*");
        }
        reply
            .header("access-control-allow-origin", origin)
            .header("access-control-allow-credentials", "true")
            .header("vary", "Origin")
    }
}

/// The answer to a browser that asks whether it may ask.
pub(super) fn preflight(rules: &[Rule], call: &Call) -> Result<Reply, Failure> {
    let required = |name: &'static str| {
        let missing = || {
            Failure::from(code::INVALID_HEADER_VALUE)
                .saying("A required CORS header is not present.")
        };
        call.header(name).ok_or_else(missing)
    };
    let origin = required(header::ORIGIN.as_str())?;
    let method = required("access-control-request-method")?;
    let asked = call.header("access-control-request-headers");
    let headers = || asked.unwrap_or_default().split(',').filter(|name| !name.trim().is_empty());
    let rule = rules
        .iter()
        .find(|rule| rule.allows(origin, method) && headers().all(|name| rule.allows_header(name)));
    let rule = rule.ok_or_else(|| Failure::from(code::CORS_PREFLIGHT_FAILURE))?;
    Ok(rule
        .to_reply(origin, Reply::new(StatusCode::OK))
        .header("access-control-allow-methods", method)
        .header_if("access-control-allow-headers", asked)
        .header("access-control-max-age", &rule.max_age_s))
}

/// Adds to an answer what lets a page of this origin read it.
pub(super) fn permit(rules: &[Rule], call: &Call, reply: Reply) -> Reply {
    let Some(origin) = call.header(header::ORIGIN.as_str()) else { return reply };
    match rules.iter().find(|rule| rule.allows(origin, call.method.as_str())) {
        Some(rule) => {
            rule.to_reply(origin, reply).header("access-control-expose-headers", &rule.exposed)
        }
        None => reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{call::tests::call, xml};

    fn rules() -> Vec<Rule> {
        let cors = "<Cors><CorsRule><AllowedOrigins>http://127.0.0.1:7071,http://app.example</AllowedOrigins>\
                    <AllowedMethods>GET,PUT</AllowedMethods><AllowedHeaders>x-ms-blob-*,content-type</AllowedHeaders>\
                    <ExposedHeaders>etag</ExposedHeaders><MaxAgeInSeconds>60</MaxAgeInSeconds></CorsRule></Cors>";
        Rule::all(&xml::parse(cors.as_bytes(), "Cors").unwrap())
    }

    fn asks(origin: &str, method: &str, headers: &str) -> Result<Reply, code::Code> {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", headers),
        ];
        preflight(&rules(), &call("OPTIONS", "/devstoreaccount1/c/b", &headers))
            .map_err(|failure| failure.code())
    }

    #[test]
    fn a_page_may_do_what_a_rule_says() {
        let reply = asks("http://127.0.0.1:7071", "PUT", "X-Ms-Blob-Type, content-type")
            .unwrap_or_else(|code| panic!("{code:?}"));
        assert_eq!(reply.headers["access-control-allow-origin"], "http://127.0.0.1:7071");
        assert_eq!(reply.headers["access-control-allow-methods"], "PUT");
        assert_eq!(reply.headers["access-control-max-age"], "60");
        let refused = Some(code::CORS_PREFLIGHT_FAILURE);
        assert_eq!(asks("http://127.0.0.1:7072", "PUT", "").err(), refused);
        assert_eq!(asks("http://127.0.0.1:7071", "DELETE", "").err(), refused);
        assert_eq!(asks("http://127.0.0.1:7071", "PUT", "x-ms-meta-k").err(), refused);
    }

    #[test]
    fn an_answer_is_for_pages_of_the_rule_s_origins_only() {
        let header = |origin: &str| {
            let call = call("GET", "/devstoreaccount1/c/b", &[("origin", origin)]);
            permit(&rules(), &call, Reply::new(StatusCode::OK))
                .headers
                .get("access-control-allow-origin")
                .cloned()
        };
        assert_eq!(header("http://app.example").unwrap(), "http://app.example");
        assert_eq!(header("http://other.example"), None);
    }
}
