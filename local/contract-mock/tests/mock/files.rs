//! Contracts of several files, and files that are none.

use std::{fs, path::Path};

use contract_mock::read;
use serde_json::json;

use crate::rig::{get, send, written};

fn write(folder: &Path, files: &[(&str, &str)]) -> std::path::PathBuf {
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder.join(files[0].0)
}

const HEAD: &str = "openapi: 3.1.0\ninfo: { title: A, version: '1' }\n";

#[test]
fn references_into_other_files_are_followed_also_in_circles() {
    let folder = tempfile::tempdir().unwrap();
    let paths = "paths:
  /a/docs: { get: { responses: { 204: { description: A. } } } }
  /a: { $ref: 'parts/paths.yaml#/a' }
  /b: { $ref: 'parts/paths.yaml#/b', get: { operationId: mine } }
";
    let parts = "
a: { get: { responses: { 200: { description: A., content: { application/json: { schema: { $ref: ../schemas.json#/Cake } } } } } } }
b: { get: { operationId: theirs, responses: { 200: { description: B., content: { application/json: { schema: { $ref: './one.yaml' } } } } } } }
";
    let schemas = r#"{ "Cake": { "type": "object", "properties": { "name": { "const": "Sacher" }, "in": { "$ref": "parts/one.yaml" } } } }"#;
    let one = "{ type: object, required: [page], properties: { page: { const: '{docs}#x' }, cake: { $ref: '../schemas.json#/Cake' } } }";
    let files = [
        ("openapi.yaml", &*format!("{HEAD}{paths}")),
        ("parts/paths.yaml", parts),
        ("schemas.json", schemas),
        ("parts/one.yaml", one),
    ];
    let file = write(folder.path(), &files);
    let read = read(&file);
    assert_eq!(read.files.len(), 4, "{:?}", read.files);
    let contract = read.contract.unwrap();
    let cake = get(&contract, "/a").json();
    assert_eq!((&cake["name"], &cake["in"]["page"]), (&json!("Sacher"), &json!("/a/docs#x")));
    assert_eq!(get(&contract, "/b").status(), 200);
    assert_eq!(contract.operations[2].id.as_deref(), Some("mine"));
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let schema = |reference: &str| {
        format!(
            "{HEAD}paths: {{}}\ncomponents: {{ schemas: {{ A: {{ $ref: '{reference}' }}, B: {{}} }} }}\n"
        )
    };
    let place = "openapi.yaml at components > schemas > A";
    for (text, expected) in [
        ("openapi: 3.1.0\npaths: [\n".to_owned(), "openapi.yaml cannot be read as YAML: "),
        ("just text".to_owned(), "openapi.yaml: it is no OpenAPI document"),
        (
            "swagger: '2.0'".to_owned(),
            "openapi.yaml: it is Swagger \"2.0\": convert it to OpenAPI 3.1",
        ),
        ("openapi: 4.0.0".to_owned(), "openapi.yaml: openapi is \"4.0.0\"; write `openapi: 3.1.0`"),
        (
            schema("#/components/schemas/C"),
            &*format!("{place}: #/components/schemas/C leads nowhere; there are A, B"),
        ),
        (schema("other.yaml#/A"), "other.yaml: No such file or directory"),
        (
            schema("https://example.com/a.yaml"),
            "lies on another machine: copy it beside the contract",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), &[("openapi.yaml", &text)]);
        let error = read(&file).contract.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), &[("a.json", "{\n  \"openapi\": }")]);
    let error = read(&file).contract.unwrap_err().to_string();
    assert!(
        error.contains("a.json cannot be read as JSON: expected value at line 2 column 14"),
        "{error}"
    );
}

#[test]
fn what_was_looked_for_in_vain_is_known_so_that_it_can_be_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        &[("a.yaml", &format!("{HEAD}paths: {{ /a: {{ $ref: 'b.yaml' }} }}"))],
    );
    let looked_for = read(&file).files;
    assert_eq!(looked_for, [file.clone(), file.with_file_name("b.yaml")]);
}

#[test]
fn texts_of_yaml_1_2_stay_texts_and_codes_need_no_quotes() {
    let text = "paths:
  /a:
    get:
      responses:
        200: { description: A., content: { application/json: { schema: { enum: [NO, on, 2027-01-31] } } } }
        409: { description: B. }
";
    let contract = written(&format!("{HEAD}{text}"));
    assert_eq!(get(&contract, "/a").json(), json!("NO"));
}

#[test]
fn problems_are_named_as_the_page_of_the_contract_explains_them() {
    let folder = tempfile::tempdir().unwrap();
    let contract = "paths: { /v1/docs: { get: { responses: { 204: { description: A. } } } } }
x-problems: { $ref: ['shared.yaml#/x-problems'], own: {} }
";
    let shared = "x-problems: { $ref: '#/x-more', invalid-header: {} }\nx-more: { not-found: {} }";
    let files = [("openapi.yaml", &*format!("{HEAD}{contract}")), ("shared.yaml", shared)];
    let contract = read(&write(folder.path(), &files)).contract.unwrap();
    assert_eq!(get(&contract, "/v1/nothing").json()["type"], "/v1/docs#not-found");
    let unknown = send(&contract, "GET /v1/docs", &[("prefer", "code=404")], "");
    assert_eq!(unknown.json()["type"], "/v1/docs#invalid-header");
    assert_eq!(
        send(&contract, "PUT /v1/docs", &[], "").json()["type"],
        "urn:problem#method-not-allowed"
    );
}
