//! A host that runs in another process, over its `/admin`: its faults and its clock.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::{
    FaultSpec,
    query::escape,
    triggers::{HttpClient, WireError},
};

/// A running host, as `iommi fault` and `iommi clock` speak to it.
#[derive(Debug)]
pub struct RemoteHost {
    http: HttpClient,
    url: String,
    key: Option<String>,
}

/// Why a running host did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteHostError {
    /// No answer came.
    #[error("{0}; start it with `iommi`, or name another one with --url")]
    NoAnswer(#[from] WireError),
    /// The host runs with `--keys`.
    #[error(
        "{operation}: the host asks for its admin key, which it showed at its start; give it with --key"
    )]
    NeedsKey {
        /// What was asked.
        operation: String,
    },
    /// The host said no.
    #[error("{operation}: {message}")]
    Refused {
        /// What was asked.
        operation: String,
        /// What the host said.
        message: String,
    },
}

impl RemoteHost {
    /// The host at `url` (`http://127.0.0.1:7071`), with its admin key if it asks for one.
    pub fn new(url: &str, key: Option<String>) -> Self {
        Self { http: HttpClient::new(), url: url.trim_end_matches('/').to_owned(), key }
    }

    /// What is on, one line each.
    pub async fn list(&self) -> Result<String, RemoteHostError> {
        let answer = self.ask("listing the faults", Method::GET, "/admin/faults", None).await?;
        Ok(lines(&answer["faults"]))
    }

    /// Switches a fault on; tells what is on then.
    pub async fn add(&self, spec: &FaultSpec) -> Result<String, RemoteHostError> {
        let operation = format!("switching on {spec}");
        let body = json!({ "fault": spec.to_string() });
        let answer = self.ask(&operation, Method::POST, "/admin/faults", Some(body)).await?;
        Ok(lines(&answer["faults"]))
    }

    /// Switches one fault off, or all; tells what is on then.
    pub async fn clear(&self, id: Option<&str>) -> Result<String, RemoteHostError> {
        let path = match id {
            Some(id) => format!("/admin/faults/{}", escape(id)),
            None => "/admin/faults".to_owned(),
        };
        let answer = self.ask("switching faults off", Method::DELETE, &path, None).await?;
        Ok(lines(&answer["faults"]))
    }

    /// Kills a handler of an app, or all of them; tells what was done.
    pub async fn kill(&self, app: &str, pid: Option<u32>) -> Result<String, RemoteHostError> {
        let (operation, path) =
            (format!("killing {app}"), format!("/admin/apps/{}/kill", escape(app)));
        let answer = self.ask(&operation, Method::POST, &path, Some(json!({ "pid": pid }))).await?;
        Ok(answer["done"].as_str().unwrap_or_default().to_owned())
    }

    /// What its clock shows.
    pub async fn clock(&self) -> Result<String, RemoteHostError> {
        let answer = self.ask("looking at the clock", Method::GET, "/admin/clock", None).await?;
        Ok(clock(&answer))
    }

    /// Moves its clock; tells what it shows then. `how` is `{"advance": "31d"}`, `{"set": "2027-01-01T00:00:00Z"}` or
    /// `"reset"`.
    pub async fn move_clock(&self, how: Value) -> Result<String, RemoteHostError> {
        let answer = self.ask("moving the clock", Method::POST, "/admin/clock", Some(how)).await?;
        Ok(clock(&answer["clock"]))
    }

    async fn ask(
        &self,
        operation: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, RemoteHostError> {
        let refused =
            |message: String| RemoteHostError::Refused { operation: operation.to_owned(), message };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        if let Some(key) = &self.key {
            request = request.header("x-functions-key", key);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request = request.body(Full::new(body)).map_err(|error| refused(error.to_string()))?;
        let answer = self.http.send(operation, request).await?;
        if answer.status().as_u16() == 401 {
            return Err(RemoteHostError::NeedsKey { operation: operation.to_owned() });
        }
        let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if !answer.status().is_success() {
            let message = json["error"].as_str().map(str::to_owned);
            return Err(refused(
                message.unwrap_or_else(|| format!("it answered {}", answer.status())),
            ));
        }
        Ok(json)
    }
}

/// `id  fault  what it does`, one a line.
fn lines(faults: &Value) -> String {
    let mut text = String::new();
    for fault in faults.as_array().into_iter().flatten() {
        let field = |name: &str| fault[name].as_str().unwrap_or_default();
        let _ = writeln!(text, "{:<12}{:<36}{}", field("id"), field("spec"), field("description"));
    }
    if text.is_empty() { "no fault is on\n".to_owned() } else { text }
}

/// `2027-01-01T00:00:00Z  31d ahead of the machine`.
fn clock(clock: &Value) -> String {
    let field = |name: &str| clock[name].as_str().unwrap_or_default();
    match field("ahead") {
        "" => format!("{}  the machine's time\n", field("now")),
        ahead => format!("{}  {ahead} ahead of the machine\n", field("now")),
    }
}
