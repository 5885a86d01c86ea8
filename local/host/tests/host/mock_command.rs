//! `iommi mock FILE`: a contract without an app.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use crate::{
    command::iommi,
    support::{client, eventually},
};

/// Pets of OpenAPI 3.0, in JSON.
fn pets() -> Value {
    json!({
        "openapi": "3.0.3", "info": { "title": "Pets", "version": "1" },
        "servers": [{ "url": "https://pets.example/api/v3" }],
        "paths": { "/pets/{id}": {
            "get": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
                "responses": { "200": { "description": "One.", "headers": { "ETag": { "schema": { "type": "string" }, "example": "\"1\"" } },
                    "content": { "application/json": { "schema": { "$ref": "parts/pet.yaml#/Pet" } } } } },
            },
            "put": { "responses": { "204": { "description": "Kept." } } },
        } },
    })
}

struct Mock {
    child: Child,
    log: BufReader<ChildStdout>,
    url: String,
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Mock {
    fn start(file: &Path) -> Self {
        let mut command = iommi(&["mock", file.to_str().unwrap(), "--port", "0"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        log.read_line(&mut first).unwrap();
        let url = first.trim().split_once(" at ").unwrap().1.to_owned();
        Self { child, log, url }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = client().request(method.parse().unwrap(), format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

fn written() -> (tempfile::TempDir, Mock) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("parts")).unwrap();
    let pet = "Pet: { type: object, required: [name], properties: { name: { type: string, example: Rex }, chip: { type: string, nullable: true } } }";
    fs::write(folder.path().join("parts/pet.yaml"), pet).unwrap();
    fs::write(folder.path().join("pets.json"), pets().to_string()).unwrap();
    let mock = Mock::start(&folder.path().join("pets.json"));
    (folder, mock)
}

#[tokio::test]
async fn any_contract_is_listed_and_served() {
    let (_folder, mut mock) = written();
    let mut listed = String::new();
    mock.log.read_line(&mut listed).unwrap();
    assert_eq!(listed.trim_end(), "  GET     /pets/{id}");
    for path in ["/pets/1", "/api/v3/pets/1"] {
        let got = mock.send("GET", path, &[]).await;
        assert_eq!(
            (got.status().as_u16(), got.headers()["iommi-mock"].to_str().unwrap()),
            (200, "true")
        );
        let body: Value = serde_json::from_str(&got.text().await.unwrap()).unwrap();
        assert_eq!(body, json!({ "name": "Rex", "chip": "text" }));
    }
    let head = mock.send("HEAD", "/pets/1", &[]).await;
    assert_eq!((head.status().as_u16(), head.headers()["etag"].to_str().unwrap()), (200, "\"1\""));
    assert_eq!(mock.send("GET", "/pets/one", &[]).await.status(), 400);
    let wrong = mock.send("POST", "/pets/1", &[]).await;
    assert_eq!(
        (wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()),
        (405, "GET, PUT")
    );
    let near = mock.send("GET", "/pet/1", &[]).await;
    assert_eq!(near.status(), 404);
    assert!(near.text().await.unwrap().contains("near it are /pets/{id}"));
}

#[tokio::test]
async fn pages_of_this_machine_may_use_it_and_no_others() {
    let (_folder, mock) = written();
    let here = ("origin", "http://localhost:5173");
    let got = mock.send("GET", "/pets/1", &[here]).await;
    assert_eq!(got.headers()["access-control-allow-origin"], "http://localhost:5173");
    assert!(got.headers()["access-control-expose-headers"].to_str().unwrap().contains("etag"));
    let asks = [
        here,
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "prefer, content-type"),
    ];
    let may = mock.send("OPTIONS", "/pets/1", &asks).await;
    assert_eq!(
        (may.status().as_u16(), may.headers()["access-control-allow-methods"].to_str().unwrap()),
        (204, "GET, PUT")
    );
    assert_eq!(may.headers()["access-control-allow-headers"], "prefer, content-type");
    let other = mock.send("GET", "/pets/1", &[("origin", "https://example.com")]).await;
    assert!(!other.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_saved_part_is_read_again() {
    let (folder, mock) = written();
    fs::write(folder.path().join("parts/pet.yaml"), "Pet: { const: cat }").unwrap();
    eventually("the part is read", || async {
        (mock.send("GET", "/pets/1", &[]).await.text().await.unwrap() == "\"cat\"").then_some(())
    })
    .await;
}

#[test]
fn what_is_no_contract_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.yaml");
    for (text, expected) in [
        ("openapi: 3.1.0\npaths:\n  /a: [\n", "bad.yaml cannot be read as YAML: "),
        (
            "openapi: 3.1.0\npaths: { /a: { $ref: '#/nowhere' } }\n",
            "bad.yaml at paths > /a: #/nowhere leads nowhere",
        ),
        ("swagger: '2.0'\n", "it is Swagger"),
    ] {
        fs::write(&file, text).unwrap();
        let ended = iommi(&["mock", file.to_str().unwrap(), "--port", "0"]).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{told}");
        assert!(told.starts_with("iommi: ") && told.contains(expected), "{told}");
    }
    let ended = iommi(&["mock", "no-such.yaml"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("no-such.yaml"));
}
