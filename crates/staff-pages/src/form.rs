//! What a form sent.

use crate::form_key::FormKey;
use crate::guard::guarded_problem;
use crate::principal::Principal;
use custom_handler::{Problem, Request};
use jiff::Timestamp;

/// The fields of a form that one of our pages gave to this person.
#[derive(Debug)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Who sent the form, and its fields, after everything was checked that shows that the person meant it.
    ///
    /// # Errors
    /// 401 `not-signed-in`, 403 `role-missing`, `cross-site` or `form-refused`, with the headers of a page.
    pub fn sent(
        key: &FormKey,
        request: &Request,
        role: &str,
        now: Timestamp,
    ) -> Result<(Principal, Self), Problem> {
        let checked = || {
            let person = Principal::with_role(request, role)?;
            key.same_origin(request)?;
            let form = Self::parse(request.body());
            key.check(form.get("token"), &person.id, now)?;
            Ok((person, form))
        };
        checked().map_err(guarded_problem)
    }

    fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field without the blanks around it; empty if it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field as it was sent; empty if it is not there.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// A field that may be empty.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|value| !value.is_empty())
    }

    /// Every value of a field, such as those of boxes that were ticked.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_trimmed_raw_optional_or_several() {
        let form = Form::parse(b"why=+test+data+&id=a&id=b&empty=");
        assert_eq!((form.get("why"), form.raw("why")), ("test data", " test data "));
        assert_eq!(form.optional("why").as_deref(), Some("test data"));
        assert_eq!((form.optional("empty"), form.optional("none")), (None, None));
        assert_eq!(form.all("id"), ["a", "b"]);
    }
}
