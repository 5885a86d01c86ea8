//! `host.json`: the settings of a host, as the real one reads them.

mod hsts;
mod http_routes;
mod reader;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use function_json::RetryPolicy;
use http::HeaderValue;
use serde_json::{Map, Value};

pub(crate) use http_routes::HttpRoute;
use reader::Reader;

/// `functionTimeout` when `host.json` does not say: that of every plan but classic Consumption
/// (host `ScriptJobHostOptionsSetup.cs`).
pub const FUNCTION_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// The least `functionTimeout` that the host accepts.
const FUNCTION_TIMEOUT_MIN: Duration = Duration::from_secs(1);

/// `customHandler.initializationTimeout` when it is not given (host source; the documentation says 60 s).
pub const INITIALIZATION_TIMEOUT: Duration = Duration::from_secs(30);

/// The prefix of settings that override `host.json`: `AzureFunctionsJobHost__extensions__http__routePrefix`.
pub(crate) const OVERRIDE_PREFIX: &str = "AzureFunctionsJobHost__";

/// The settings of an app's host.
#[derive(Clone, Debug)]
pub struct HostJson {
    /// The file.
    pub path: PathBuf,
    /// How long an invocation may take; `None` is unbounded (`"-1"`).
    pub function_timeout: Option<Duration>,
    /// The retry policy of every function without one of its own.
    pub retry: Option<RetryPolicy>,
    /// What stands before every route, without slashes; may be empty.
    pub route_prefix: String,
    /// What the host tells browsers about TLS, the value of `Strict-Transport-Security`.
    pub(crate) strict_transport_security: Option<HeaderValue>,
    /// How the handler is started and spoken to.
    pub(crate) custom_handler: CustomHandler,
    /// Functions declared here instead of in folders.
    pub(crate) http_routes: Vec<HttpRoute>,
    json: Value,
}

/// The `customHandler` section (or the older `httpWorker`).
#[derive(Clone, Debug)]
pub(crate) struct CustomHandler {
    pub(crate) description: Description,
    pub(crate) http: HttpMode,
    pub(crate) initialization_timeout: Duration,
    pub(crate) port: Option<u16>,
}

/// The `description` section: what to start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Description {
    pub(crate) default_executable_path: String,
    pub(crate) default_worker_path: Option<String>,
    pub(crate) worker_directory: Option<String>,
    pub(crate) working_directory: Option<String>,
    pub(crate) arguments: Vec<String>,
    pub(crate) worker_arguments: Vec<String>,
    pub(crate) stderr_is_for_errors: bool,
}

/// How functions with one http trigger and one http output are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpMode {
    /// In the envelope, as every other function.
    Enveloped,
    /// A rebuilt copy of the request.
    Forwarded,
    /// The older `httpWorker`: a rebuilt copy, sent to `/<FunctionName>`.
    ForwardedToName,
    /// Streamed both ways.
    Proxied,
}

/// Why a `host.json` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HostJsonError {
    /// It is not there.
    #[error(
        "{path} is missing: a function app folder needs a host.json that says how the handler is started, for example \
         {{\"version\": \"2.0\", \"customHandler\": {{\"description\": {{\"defaultExecutablePath\": \"app\"}}, \
         \"enableProxyingHttpRequest\": true}}}}"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not JSON.
    #[error("reading {path}: {source}; correct the JSON there")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A key has a value that the host refuses.
    #[error("reading {path}: {key} {problem}")]
    Key {
        /// The file.
        path: PathBuf,
        /// The key, with dots.
        key: String,
        /// What is wrong and what to write.
        problem: String,
    },
}

impl HostJson {
    /// Reads the file and applies the settings that override it.
    pub fn read(path: &Path, settings: &crate::Settings) -> Result<Self, HostJsonError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => HostJsonError::Missing { path: path.to_owned() },
            _ => HostJsonError::Unreadable { path: path.to_owned(), source },
        })?;
        Self::parse(path, &text, settings)
    }

    fn parse(path: &Path, text: &str, settings: &crate::Settings) -> Result<Self, HostJsonError> {
        let mut json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|source| HostJsonError::Syntax { path: path.to_owned(), source })?;
        for (name, value) in settings.with_prefix(OVERRIDE_PREFIX) {
            override_with(&mut json, &name, &value);
        }
        let reader = Reader { path, json: &json };
        let host_json = Self {
            path: path.to_owned(),
            function_timeout: reader.function_timeout()?,
            retry: reader.retry()?,
            route_prefix: reader
                .text(&["extensions", "http", "routePrefix"])?
                .map_or_else(|| "api".to_owned(), |prefix| prefix.trim_matches('/').to_owned()),
            strict_transport_security: hsts::read(&reader)?,
            custom_handler: reader.custom_handler()?,
            http_routes: http_routes::read(&reader)?,
            json: Value::Null,
        };
        Ok(Self { json, ..host_json })
    }

    /// A section or value by its path, for example `["extensions", "queues", "batchSize"]`; keys are found in any
    /// case, as .NET finds them.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        find(&self.json, path)
    }
}

fn find<'a>(json: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(json, |value, key| {
        let object = value.as_object()?;
        object.get(*key).or_else(|| {
            object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, v)| v)
        })
    })
}

/// Sets `a__b__c` to a text, as .NET configuration does: it has no other type.
fn override_with(json: &mut Value, name: &str, text: &str) {
    let mut place = json;
    for key in name.split("__") {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(object) = place else { return };
        let known = object.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
        place = object.entry(known.unwrap_or_else(|| key.to_owned())).or_insert(Value::Null);
    }
    *place = Value::String(text.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn parse(text: &str) -> Result<HostJson, String> {
        HostJson::parse(Path::new("host.json"), text, &Settings::default())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_are_those_of_the_real_host() {
        let host =
            parse(r#"{"customHandler":{"description":{"defaultExecutablePath":"app"}}}"#).unwrap();
        assert_eq!(host.function_timeout, Some(Duration::from_secs(1_800)));
        assert_eq!(host.route_prefix, "api");
        assert_eq!(host.custom_handler.http, HttpMode::Enveloped);
        assert_eq!(host.custom_handler.initialization_timeout, Duration::from_secs(30));
        assert!(host.custom_handler.description.stderr_is_for_errors);
    }

    #[test]
    fn keys_are_found_in_any_case_and_proxying_wins() {
        let host = parse(
            r#"{"CustomHandler":{"Description":{"DefaultExecutablePath":"app"},"EnableForwardingHttpRequest":true,
                "enableproxyinghttprequest":true},"functionTimeout":"-1","extensions":{"HTTP":{"routePrefix":""}}}"#,
        )
        .unwrap();
        assert_eq!(host.custom_handler.http, HttpMode::Proxied);
        assert_eq!(host.function_timeout, None);
        assert_eq!(host.route_prefix, "");
    }

    #[test]
    fn the_older_section_forwards_to_the_function_name_unless_the_newer_exists() {
        let older = r#""httpWorker":{"description":{"defaultExecutablePath":"old"}}"#;
        let host = parse(&format!("{{{older}}}")).unwrap();
        assert_eq!(host.custom_handler.http, HttpMode::ForwardedToName);
        let both = format!(
            r#"{{{older},"customHandler":{{"description":{{"defaultExecutablePath":"new"}}}}}}"#
        );
        assert_eq!(parse(&both).unwrap().custom_handler.description.default_executable_path, "new");
    }

    #[test]
    fn settings_override_values() {
        let settings = Settings::of([
            ("AzureFunctionsJobHost__extensions__http__routePrefix", "v9"),
            ("AzureFunctionsJobHost__customHandler__enableProxyingHttpRequest", "True"),
        ]);
        let text = r#"{"customHandler":{"description":{"defaultExecutablePath":"app"}}}"#;
        let host = HostJson::parse(Path::new("host.json"), text, &settings).unwrap();
        assert_eq!(host.route_prefix, "v9");
        assert_eq!(host.custom_handler.http, HttpMode::Proxied);
    }

    #[test]
    fn strict_transport_security_is_what_hsts_says_if_it_is_enabled() {
        let of = |hsts: &str| {
            let text = r#"{"customHandler":{"description":{"defaultExecutablePath":"a"}},"extensions":{"http":{"hsts":HSTS}}}"#;
            parse(&text.replace("HSTS", hsts)).unwrap().strict_transport_security
        };
        assert_eq!(of("{}"), None);
        assert_eq!(of(r#"{"isEnabled":false,"maxAge":"1.00:00:00"}"#), None);
        assert_eq!(of(r#"{"isEnabled":true}"#).unwrap(), "max-age=2592000");
        let all =
            r#"{"isEnabled":true,"maxAge":"365.00:00:00","includeSubDomains":true,"preload":true}"#;
        assert_eq!(of(all).unwrap(), "max-age=31536000; includeSubDomains; preload");
    }

    #[test]
    fn a_refusal_names_the_key_and_what_to_write() {
        let cases = [
            ("{}", "customHandler.description.defaultExecutablePath is missing"),
            (
                r#"{"customHandler":{"description":{"defaultExecutablePath":"a","arguments":"x"}}}"#,
                "customHandler.description.arguments is \"x\"; it must be a list of texts",
            ),
            (
                r#"{"functionTimeout":"00:00:00.5","customHandler":{"description":{"defaultExecutablePath":"a"}}}"#,
                "functionTimeout is shorter",
            ),
            (
                r#"{"retry":{"strategy":"fixedDelay"},"customHandler":{"description":{"defaultExecutablePath":"a"}}}"#,
                "retry.maxRetryCount is missing",
            ),
            (
                r#"{"customHandler":{"port":70000,"description":{"defaultExecutablePath":"a"}}}"#,
                "customHandler.port is 70000",
            ),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
