//! A contract and a client of it.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use contract_mock::{Contract, MOCK, read};
use http::{Request, Response};
use serde_json::Value;

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mock/fixtures").join(name)
}

pub(crate) fn shop() -> Contract {
    read(&fixture("shop.yaml")).contract.unwrap()
}

/// A contract that stands in the test.
pub(crate) fn written(text: &str) -> Contract {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contract.yaml");
    std::fs::write(&file, text).unwrap();
    read(&file).contract.unwrap()
}

/// What a client got.
pub(crate) struct Got {
    pub(crate) response: Response<Bytes>,
    pub(crate) complaint: Option<String>,
}

/// Sends `METHOD /path?query` with headers and a body.
pub(crate) fn send(
    contract: &Contract,
    what: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Got {
    let (method, target) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (response, complaint) = contract.answer(&request.body(body.into()).unwrap(), |_| false);
    assert_eq!(response.headers()[MOCK], "true");
    Got { response, complaint }
}

pub(crate) fn get(contract: &Contract, target: &str) -> Got {
    send(contract, &format!("GET {target}"), &[("cookie", "session=abcd")], "")
}

pub(crate) fn post(contract: &Contract, target: &str, body: &Value) -> Got {
    send(
        contract,
        &format!("POST {target}"),
        &[("content-type", "application/json")],
        body.to_string(),
    )
}

impl Got {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.response.body()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    /// Status, kind of problem, and each mistake as `place detail`.
    pub(crate) fn refusal(&self) -> (u16, String, Vec<String>) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{:?}",
            self.response
        );
        let body = self.json();
        let kind = body["type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let error = |error: &Value| {
            let place = ["pointer", "parameter", "header"]
                .iter()
                .find_map(|key| error[*key].as_str())
                .unwrap();
            format!("{place} {}", error["detail"].as_str().unwrap())
        };
        (self.status(), kind, errors.iter().map(error).collect())
    }

    pub(crate) fn refused(&self, status: u16, kind: &str, mistakes: &[&str]) {
        let mistakes = mistakes.iter().map(|one| (*one).to_owned()).collect();
        pretty_assertions::assert_eq!(self.refusal(), (status, kind.to_owned(), mistakes));
    }
}
