//! The app's client: every answer is held against the contract.

use contract_check::Answer;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::Platform;

/// A request to the app.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    platform: &'a Platform,
    builder: RequestBuilder,
}

impl Platform {
    /// A request to a path such as `/v1/services`, or to a whole URL of the host.
    pub fn request(&self, method: Method, path: &str) -> Request<'_> {
        let url = match path.strip_prefix('/') {
            Some(_) => format!("{}{path}", self.url()),
            None => path.to_owned(),
        };
        Request { platform: self, builder: self.http().request(method, url) }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::PUT, path).json(body).send().await
    }

    /// Changes the version that `etag` names by a merge patch.
    pub async fn patch(&self, path: &str, etag: &str, patch: &Value) -> Answer {
        self.request(Method::PATCH, path).header("if-match", etag).merge_patch(patch).send().await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send().await
    }
}

impl Request<'_> {
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a merge patch (RFC 7396).
    pub fn merge_patch(self, body: &Value) -> Self {
        self.body("application/merge-patch+json", body.to_string())
    }

    /// With the fields of a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let escaped = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// With any body.
    pub fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }

    /// The answer, held against the contract if the path is in it.
    pub async fn send(self) -> Answer {
        self.try_send().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The answer, or why there was none: a test that kills handlers expects that. The host's own answer for a handler
    /// that died, a 5xx without body, is not held against the contract.
    pub async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let contract = self.platform.contract();
        let request = self.builder.build()?;
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = Answer::read(self.platform.http().execute(request).await?).await?;
        let of_the_host = answer.status >= 500 && answer.body.is_empty();
        if !of_the_host && contract.has_path(&path) {
            contract.check(&method, &path, &answer);
        }
        Ok(answer)
    }

    /// The answer as it is, of a page or of something that is not this app.
    pub async fn raw(self) -> Answer {
        let sent = self.builder.send().await.unwrap_or_else(|error| panic!("{error}"));
        Answer::read(sent).await.unwrap_or_else(|error| panic!("{error}"))
    }
}
