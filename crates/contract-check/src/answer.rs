//! An answer as a client sees it.

use serde_json::Value;

/// What came back for a request, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    headers: reqwest::header::HeaderMap,
    /// The body, whatever it is.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads an answer to its end.
    ///
    /// # Errors
    /// The connection ended before the body did.
    pub async fn read(response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await?.to_vec() })
    }

    /// A header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The entity tag, which must be there.
    #[must_use]
    pub fn etag(&self) -> &str {
        self.header("etag").expect("the answer has an ETag")
    }

    /// The body, which must be JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The `id` in the body.
    #[must_use]
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }

    /// The last part of a problem's type.
    #[must_use]
    pub fn problem(&self) -> String {
        let body = self.json();
        body["type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()
    }

    /// The places that a problem names: pointers, parameters and headers.
    #[must_use]
    pub fn named(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            ["pointer", "parameter", "header"]
                .iter()
                .find_map(|key| Some(error[*key].as_str()?.to_owned()))
        };
        errors.iter().filter_map(place).collect()
    }

    /// Asserts the status, and shows the whole answer if it is another one.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use, reason = "the assertion is what it is called for")]
    pub fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "the answer was {body}");
        self
    }

    /// Asserts a refusal: its status, its kind and the places that it names.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use, reason = "the assertion is what it is called for")]
    pub fn refused(self, status: u16, problem: &str, named: &[&str]) -> Self {
        let answer = self.expect(status);
        assert_eq!(
            (answer.problem().as_str(), answer.named().as_slice()),
            (problem, &named.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..])
        );
        answer
    }
}
