//! Reading `host.json` key by key, with .NET's leniency and errors that name file and key.

use std::{path::Path, time::Duration};

use function_json::{FunctionJsonError, RetryPolicy, parse_time_span};
use serde_json::Value;

use super::{
    CustomHandler, Description, FUNCTION_TIMEOUT, FUNCTION_TIMEOUT_MIN, HostJsonError, HttpMode,
    INITIALIZATION_TIMEOUT, find,
};

/// The file's values with errors that name file and key.
pub(super) struct Reader<'a> {
    pub(super) path: &'a Path,
    pub(super) json: &'a Value,
}

impl Reader<'_> {
    pub(super) fn get(&self, path: &[&str]) -> Option<&Value> {
        find(self.json, path).filter(|value| !value.is_null())
    }

    pub(super) fn error(&self, path: &[&str], problem: impl Into<String>) -> HostJsonError {
        HostJsonError::Key {
            path: self.path.to_owned(),
            key: path.join("."),
            problem: problem.into(),
        }
    }

    pub(super) fn text(&self, path: &[&str]) -> Result<Option<&str>, HostJsonError> {
        let Some(value) = self.get(path) else { return Ok(None) };
        value
            .as_str()
            .map(Some)
            .ok_or_else(|| self.error(path, format!("is {value}; it must be a text")))
    }

    /// True, or the text `true` in any case, as .NET reads it.
    pub(super) fn flag(&self, path: &[&str], default: bool) -> Result<bool, HostJsonError> {
        let Some(value) = self.get(path) else { return Ok(default) };
        let text = value.as_str().map(str::to_ascii_lowercase);
        match (value.as_bool(), text.as_deref()) {
            (Some(flag), _) => Ok(flag),
            (_, Some("true")) => Ok(true),
            (_, Some("false")) => Ok(false),
            _ => Err(self.error(path, format!("is {value}; it must be true or false"))),
        }
    }

    fn texts(&self, path: &[&str]) -> Result<Vec<String>, HostJsonError> {
        let Some(value) = self.get(path) else { return Ok(Vec::new()) };
        let texts = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.ok_or_else(|| self.error(path, format!("is {value}; it must be a list of texts")))
    }

    pub(super) fn time_span(&self, path: &[&str]) -> Result<Option<Duration>, HostJsonError> {
        let Some(text) = self.text(path)? else { return Ok(None) };
        let span = parse_time_span(text).map_err(|error| self.error(path, error.to_string()))?;
        Ok(Some(span))
    }

    pub(super) fn function_timeout(&self) -> Result<Option<Duration>, HostJsonError> {
        const KEY: &[&str] = &["functionTimeout"];
        if self.text(KEY)? == Some("-1") {
            return Ok(None);
        }
        let timeout = self.time_span(KEY)?.unwrap_or(FUNCTION_TIMEOUT);
        if timeout < FUNCTION_TIMEOUT_MIN {
            return Err(self.error(KEY, "is shorter than the least the host accepts, \"00:00:01\""));
        }
        Ok(Some(timeout))
    }

    pub(super) fn retry(&self) -> Result<Option<RetryPolicy>, HostJsonError> {
        let Some(value) = self.get(&["retry"]) else { return Ok(None) };
        RetryPolicy::from_json(value).map(Some).map_err(|error| match error {
            FunctionJsonError::Key { key, problem, remedy } => {
                self.error(&[key.as_str()], format!("{problem}; {remedy}"))
            }
            other => self.error(&["retry"], other.to_string()),
        })
    }

    pub(super) fn custom_handler(&self) -> Result<CustomHandler, HostJsonError> {
        if self.get(&["customHandler"]).is_none()
            && self.get(&["httpWorker", "description"]).is_some()
        {
            return Ok(CustomHandler {
                description: self.description("httpWorker")?,
                http: HttpMode::ForwardedToName,
                initialization_timeout: INITIALIZATION_TIMEOUT,
                port: None,
            });
        }
        let http = if self.flag(&["customHandler", "enableProxyingHttpRequest"], false)? {
            HttpMode::Proxied
        } else if self.flag(&["customHandler", "enableForwardingHttpRequest"], false)? {
            HttpMode::Forwarded
        } else {
            HttpMode::Enveloped
        };
        Ok(CustomHandler {
            description: self.description("customHandler")?,
            http,
            initialization_timeout: self
                .time_span(&["customHandler", "initializationTimeout"])?
                .unwrap_or(INITIALIZATION_TIMEOUT),
            port: self.port()?,
        })
    }

    fn port(&self) -> Result<Option<u16>, HostJsonError> {
        const KEY: &[&str] = &["customHandler", "port"];
        let Some(value) = self.get(KEY) else { return Ok(None) };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        let port = number.and_then(|number| u16::try_from(number).ok()).filter(|port| *port > 0);
        port.map(Some).ok_or_else(|| {
            self.error(KEY, format!("is {value}; it must be a port from 1 to 65535"))
        })
    }

    fn description(&self, section: &str) -> Result<Description, HostJsonError> {
        let key = |name: &'static str| [section, "description", name];
        let executable = self.text(&key("defaultExecutablePath"))?.unwrap_or_default();
        if executable.is_empty() {
            let problem = "is missing; name the program to start, relative to the app folder, for example \"app\"";
            return Err(self.error(&key("defaultExecutablePath"), problem));
        }
        let owned = |name| {
            self.text(&key(name)).map(|text| text.filter(|t| !t.is_empty()).map(str::to_owned))
        };
        Ok(Description {
            default_executable_path: executable.to_owned(),
            default_worker_path: owned("defaultWorkerPath")?,
            worker_directory: owned("workerDirectory")?,
            working_directory: owned("workingDirectory")?,
            arguments: self.texts(&key("arguments"))?,
            worker_arguments: self.texts(&key("workerArguments"))?,
            stderr_is_for_errors: self.flag(&key("useStdErrorStreamForErrorsOnly"), true)?,
        })
    }
}
