//! One request for a page: the host it is about and the query.

use std::sync::Arc;

use http::Uri;

use super::{Form, Page};
use crate::query;

pub(super) struct Visit {
    pub(super) page: Arc<Page>,
    pub(super) form: Form,
    /// Path and query, for coming back.
    pub(super) address: String,
    query: Vec<(String, String)>,
}

impl Visit {
    pub(super) fn new(page: &Arc<Page>, form: Form, uri: &Uri) -> Self {
        Self {
            page: Arc::clone(page),
            form,
            address: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            query: query::pairs(uri.query().unwrap_or_default()),
        }
    }

    /// The value of a query parameter, unless it is missing or empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}
