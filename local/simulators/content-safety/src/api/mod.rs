//! `POST /contentsafety/image:analyze`, as published for the api-versions named here.

mod refused;
mod request;
mod spoil;

pub(crate) use refused::Refused;
pub(crate) use request::ImageRequest;
pub(crate) use spoil::spoiled;

use crate::{Severities, severities::Category};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde::Serialize;
use simulator_shell::{Reply, reply};

/// The path of the operation.
pub(crate) const PATH: &str = "/contentsafety/image:analyze";
/// The versions in which the operation is published as it is served here.
const API_VERSIONS: [&str; 2] = ["2023-10-01", "2024-09-01"];
/// The header with the key of a resource.
pub(crate) const KEY_HEADER: &str = "ocp-apim-subscription-key";
/// What the header `x-ms-model-version` says, so that no verdict of ours can be taken for Azure's.
const MODEL_VERSION: HeaderValue = HeaderValue::from_static("skin-tone-stand-in-1");

/// Whether the caller may ask at all: key, api-version and content type, in this order.
pub(crate) fn admitted(headers: &HeaderMap, uri: &Uri, key: Option<&str>) -> Result<(), Refused> {
    allowed(headers, key)?;
    let query = uri.query().unwrap_or_default();
    let version = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "api-version");
    match version {
        None => {
            return Err(Refused::new(
                StatusCode::BAD_REQUEST,
                "MissingApiVersionParameter",
                "the query parameter api-version is required",
            ));
        }
        Some((_, version)) if !API_VERSIONS.contains(&&*version) => {
            let known = API_VERSIONS.join(" and ");
            let message = format!("api-version {version} is not served here: {known} are");
            return Err(Refused::new(
                StatusCode::BAD_REQUEST,
                "UnsupportedApiVersionValue",
                message,
            ));
        }
        Some(_) => {}
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Refused::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "the content type must be application/json",
        ));
    }
    Ok(())
}

fn allowed(headers: &HeaderMap, key: Option<&str>) -> Result<(), Refused> {
    let Some(key) = key else { return Ok(()) };
    let given = headers.get(KEY_HEADER).and_then(|value| value.to_str().ok());
    if given == Some(key) || given.is_none() && has_token(headers) {
        return Ok(());
    }
    Err(Refused::new(
        StatusCode::UNAUTHORIZED,
        "401",
        "access denied: the subscription key is missing or not the one of this resource",
    ))
}

pub(crate) fn has_token(headers: &HeaderMap) -> bool {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    authorization.is_some_and(|value| value.starts_with("Bearer "))
}

/// The body of an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    categories_analysis: Vec<CategoryAnalysis>,
}

#[derive(Debug, Serialize)]
struct CategoryAnalysis {
    category: Category,
    severity: u8,
}

/// 200 with the severities of the categories that were asked for.
pub(crate) fn answered(severities: Severities, categories: &[Category]) -> Reply {
    let asked = Category::ALL.into_iter().filter(|category| categories.contains(category));
    let categories_analysis =
        asked.map(|category| CategoryAnalysis { category, severity: severities.of(category) });
    let analysis = Analysis { categories_analysis: categories_analysis.collect() };
    let mut reply = reply::json(StatusCode::OK, &analysis);
    reply.headers_mut().insert("x-ms-model-version", MODEL_VERSION);
    reply
}
