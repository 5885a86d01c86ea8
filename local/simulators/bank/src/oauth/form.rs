//! The parameters of a request, each at most once (RFC 6749, 3.1 and 3.2).

use std::collections::HashMap;

use simulator_shell::Request;

use super::Refused;

/// Parameters by name. One without a value counts as none.
#[derive(Debug, Default)]
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    /// The body of a request.
    pub(crate) fn of_body(request: &Request) -> Result<Self, Refused> {
        let media_type = request.header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let expected = "the body is application/x-www-form-urlencoded";
            return Err(Refused::invalid_request(expected));
        }
        Self::read(&request.body)
    }

    pub(crate) fn read(text: &[u8]) -> Result<Self, Refused> {
        let mut form = HashMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if !value.is_empty() && form.insert(name.to_string(), value.into_owned()).is_some() {
                return Err(Refused::invalid_request(format!("{name} is there twice")));
            }
        }
        Ok(Self(form))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Refused> {
        self.get(name).ok_or_else(|| Refused::invalid_request(format!("{name} is missing")))
    }
}
