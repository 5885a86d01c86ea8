//! A function app in a temporary folder, run by a host in this process.

use std::{future::Future, path::Path, time::Duration};

use local_host::{AppSource, Executable, Host, InvocationRecord, Options, StartError, start};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::handler;

/// How long a test waits for what must happen.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// An app to be.
pub(crate) struct TestApp {
    folder: TempDir,
    host_json: Value,
    pub(crate) options: Options,
    instances: usize,
}

/// An HTTP function with trigger and answer alone.
pub(crate) fn http(route: &str, methods: &[&str]) -> Value {
    let mut trigger = json!({ "type": "httpTrigger", "direction": "in", "name": "req", "route": route, "authLevel": "anonymous" });
    if !methods.is_empty() {
        trigger["methods"] = json!(methods);
    }
    json!({ "bindings": [trigger, { "type": "http", "direction": "out", "name": "res" }] })
}

impl TestApp {
    /// Proxies every path to the test's handler.
    pub(crate) fn new() -> Self {
        Self::empty().function("unmatched", &http("{*path}", &[]))
    }

    /// No function yet.
    pub(crate) fn empty() -> Self {
        let program = std::env::current_exe().unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            host_json: json!({
                "version": "2.0",
                "customHandler": {
                    "description": { "defaultExecutablePath": program, "arguments": handler::ARGUMENTS },
                    "enableProxyingHttpRequest": true,
                },
                "extensions": { "http": { "routePrefix": "" } },
            }),
            options: Options { idle_timeout: Duration::from_secs(600), ..Options::for_tests() },
            instances: 1,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn function(self, name: &str, json: &Value) -> Self {
        self.file(&format!("{name}/function.json"), &json.to_string())
    }

    /// Sets a value of host.json; the path has dots.
    pub(crate) fn host(mut self, path: &str, value: Value) -> Self {
        let place = path.split('.').fold(&mut self.host_json, |value, key| &mut value[key]);
        *place = value;
        self
    }

    pub(crate) fn setting(mut self, name: &str, value: &str) -> Self {
        self.options.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With the people and callers of this repository.
    pub(crate) fn in_workspace(mut self) -> Self {
        self.options.workspace = Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../..").into());
        self
    }

    pub(crate) fn idle(mut self, timeout: Duration) -> Self {
        self.options.idle_timeout = timeout;
        self
    }

    pub(crate) fn keys(mut self) -> Self {
        self.options.keys = true;
        self
    }

    pub(crate) fn instances(mut self, count: usize) -> Self {
        self.instances = count;
        self
    }

    /// Writes host.json; what is left is to start it.
    pub(crate) fn written(self) -> Self {
        let text = self.host_json.to_string();
        self.file("host.json", &text)
    }

    pub(crate) async fn try_start(self) -> Result<Running, StartError> {
        let mut app = self.written();
        let mut source = AppSource::new("app", app.path(), Executable::HostJson);
        source.instances = app.instances;
        let options = std::mem::take(&mut app.options);
        let host = start(Options { apps: vec![source], ..options }).await?;
        Ok(Running { host, client: client(), _folder: app.folder })
    }

    pub(crate) async fn start(self) -> Running {
        self.try_start().await.unwrap()
    }
}

/// A running host with one app called `app`.
pub(crate) struct Running {
    pub(crate) host: Host,
    pub(crate) client: reqwest::Client,
    _folder: TempDir,
}

impl Running {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.host.url())
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.get(path).await.status().as_u16()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Response {
        self.client.post(self.url(path)).body(body).send().await.unwrap()
    }

    pub(crate) fn pids(&self) -> Vec<u32> {
        self.host.handler_pids("app")
    }

    /// The record of the latest invocation, once it is there.
    pub(crate) async fn invocation(&self) -> InvocationRecord {
        eventually("an invocation is recorded", || async { self.host.invocations().pop() }).await
    }
}

/// A client for plain HTTP; the library insists on a TLS provider all the same.
pub(crate) fn client() -> reqwest::Client {
    // It may have been installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// What the echoing handler saw.
pub(crate) async fn seen(response: reqwest::Response) -> Value {
    assert_eq!(response.status(), 200);
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// The values of a header that the echoing handler saw.
pub(crate) fn header<'a>(seen: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap()).collect()
}

/// Waits for something to be there.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Whether a process exists; one that has ended and was not yet waited for does not count.
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
