//! Reading a form.

use http::Request;
use hyper::body::Incoming;

use crate::{http::body, page::answers::Refusal};

/// The largest form without files, in bytes.
const FORM_MAX_BYTES: u64 = 4 << 20;

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field, unless it is missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field that must be filled in.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        let filled = self.get(name).map(str::trim).filter(|value| !value.is_empty());
        filled.ok_or_else(|| Refusal::bad(format_args!("the form lacks `{name}`")))
    }

    pub(super) fn add(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }
}

pub(super) async fn read(request: Request<Incoming>) -> Result<Fields, Refusal> {
    let body = body::read(request.into_body(), FORM_MAX_BYTES).await.map_err(Refusal::body)?;
    Ok(Fields(form_urlencoded::parse(&body).into_owned().collect()))
}
