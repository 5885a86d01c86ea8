//! Requests to the registry, as the REST reference has them.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::json;

use super::{
    group::Wanted,
    kind::SchemaType,
    refusal::Refusal,
    registry::{Made, SchemaRegistry},
    reply::{self, Reply},
};

/// The versions of the interface that are known. They differ in how lists are spelled.
const API_VERSIONS: [&str; 3] = ["2021-10", "2022-10", "2023-07-01"];
/// Behind the name of a schema: its id is asked for, by content.
const GET_ID: &str = ":get-id";

/// A request whose body has been read, and that is allowed.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    /// The path's segments behind the first, decoded.
    pub(crate) names: &'a [&'a str],
    pub(crate) api_version: Option<String>,
    pub(crate) content_type: &'a str,
    /// Where the registry is, for the addresses in its answers.
    pub(crate) host: &'a str,
    pub(crate) body: &'a Bytes,
}

impl SchemaRegistry {
    /// Answers a request.
    pub(crate) fn answer(&self, request: &Request<'_>) -> Reply {
        self.try_answer(request)
            .unwrap_or_else(|refusal| reply::refused(refusal.status(), &refusal.to_string()))
    }

    fn try_answer(&self, request: &Request<'_>) -> Result<Reply, Refusal> {
        let version = request.version()?;
        match (request.method, request.names) {
            (&Method::GET, []) => Ok(list(version, &self.names())),
            (&Method::PUT, [group]) => {
                let (made, about) = self.put_group(group, Wanted::read(request.body)?)?;
                let status = match made {
                    Made::New => StatusCode::CREATED,
                    Made::Known => StatusCode::OK,
                };
                Ok(reply::json(status, &about.to_json(group)))
            }
            (&Method::GET, [group]) => {
                Ok(reply::json(StatusCode::OK, &self.group(group)?.to_json(group)))
            }
            (&Method::GET, ["$schemas", id]) => {
                Ok(reply::schema(&self.by_id(id)?, request.host, version))
            }
            (&Method::GET, [group, "schemas", schema, "versions"]) => {
                Ok(list(version, &self.numbers(group, schema)?))
            }
            (&Method::GET, [group, "schemas", schema, "versions", number]) => {
                let found = self.by_number(group, schema, number)?;
                Ok(reply::schema(&found, request.host, version))
            }
            (&Method::PUT, [group, "schemas", schema]) => {
                let (kind, text) = request.schema()?;
                let found = self.register((*group, *schema), kind, text)?;
                Ok(reply::properties(&found, request.host, version))
            }
            (&Method::POST, [group, "schemas", named]) => {
                let schema = named.strip_suffix(GET_ID).ok_or(Refusal::Nothing)?;
                let (_, text) = request.schema()?;
                let found = self.by_content(group, schema, &text)?;
                Ok(reply::properties(&found, request.host, version))
            }
            _ => Err(Refusal::Nothing),
        }
    }
}

impl Request<'_> {
    fn version(&self) -> Result<&'static str, Refusal> {
        let asked = self.api_version.as_deref().unwrap_or_default();
        let known = API_VERSIONS.into_iter().find(|version| *version == asked);
        known.ok_or_else(|| {
            Refusal::Malformed(format!(
                "api-version: {asked:?} is none of {}",
                API_VERSIONS.join(", ")
            ))
        })
    }

    /// The schema in its body.
    fn schema(&self) -> Result<(SchemaType, String), Refusal> {
        let kind = SchemaType::of_content_type(self.content_type)
            .ok_or_else(|| Refusal::Media(self.content_type.to_owned()))?;
        let text = std::str::from_utf8(self.body)
            .map_err(|_| Refusal::Malformed("the schema is no text in UTF-8".to_owned()))?;
        Ok((kind, kind.text_of(text)))
    }
}

/// A list, whole: there are never so many of anything that pages would be needed.
fn list<T: serde::Serialize>(version: &str, items: &[T]) -> Reply {
    let is_old = version != "2023-07-01";
    let value = if is_old { json!({ "Value": items }) } else { json!({ "value": items }) };
    reply::json(StatusCode::OK, &value)
}
