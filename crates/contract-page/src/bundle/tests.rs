use super::*;
use pretty_assertions::assert_eq;
use std::io;

const SHARED: &str = "
components:
  pathItems:
    Docs: { get: { operationId: docs, responses: { '503': { $ref: '#/components/responses/Down' } } } }
  responses:
    Down: { description: Down., content: { a/b: { schema: { $ref: '#/components/schemas/Tree' }, example: { type: '{docs}#down' } } } }
    Unused: { description: Nobody refers to it. }
  schemas:
    Tree: { type: object, properties: { left: { $ref: '#/components/schemas/Tree' } } }
x-problems:
  down: { status: 503, title: Down, remedy: Wait. }
";

/// An app's contract beside a shared one.
fn bundled(contract: &str) -> Result<(String, Vec<String>), String> {
    let contract = contract.to_owned();
    let files = Files::new(Box::new(move |file| match file.to_str() {
        Some("app/openapi.yaml") => Ok(contract.clone()),
        Some("shared.yaml") => Ok(SHARED.to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    }));
    let mut looked_for = Vec::new();
    let bundled = bundle_of(files, Path::new("app/openapi.yaml"), &mut looked_for);
    let files = looked_for.iter().map(|file| file.display().to_string()).collect();
    match bundled {
        Ok(Bundled { text }) => Ok((text, files)),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn a_contract_without_other_files_stays_as_it_is() {
    let contract = "# As written.\ninfo:   { title: Tea }\npaths: {}\n";
    assert_eq!(bundled(contract), Ok((contract.to_owned(), vec!["app/openapi.yaml".to_owned()])));
}

#[test]
fn what_is_used_comes_along_and_nothing_else() {
    let (text, files) = bundled(
        "
paths:
  /tea/docs: { $ref: '../shared.yaml#/components/pathItems/Docs', get: { operationId: teaDocs } }
  /tea: { get: { responses: { '503': { $ref: '#/components/responses/Down' } } } }
components:
  responses:
    Down: { $ref: '../shared.yaml#/components/responses/Down' }
x-problems:
  $ref: '../shared.yaml#/x-problems'
  cold: { status: 409, title: Cold, remedy: Heat it. }
",
    )
    .unwrap();
    assert_eq!(files, ["app/openapi.yaml", "shared.yaml"]);
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(
        document,
        json!({
            "paths": {
                "/tea/docs": { "get": { "operationId": "teaDocs", "responses": { "503": { "$ref": "#/components/responses/Down" } } } },
                "/tea": { "get": { "responses": { "503": { "$ref": "#/components/responses/Down" } } } },
            },
            "components": {
                "responses": { "Down": {
                    "description": "Down.",
                    "content": { "a/b": { "schema": { "$ref": "#/components/schemas/Tree" }, "example": { "type": "/tea/docs#down" } } },
                } },
                "schemas": { "Tree": { "type": "object", "properties": { "left": { "$ref": "#/components/schemas/Tree" } } } },
            },
            "x-problems": {
                "down": { "status": 503, "title": "Down", "remedy": "Wait." },
                "cold": { "status": 409, "title": "Cold", "remedy": "Heat it." },
            },
        })
    );
}

#[test]
fn a_dangling_reference_says_where_it_stands_and_what_there_is() {
    let get = |reference: &str| format!("paths: {{ /tea: {{ get: {{ $ref: '{reference}' }} }} }}");
    for (reference, error) in [
        (
            "../shared.yaml#/components/responses/Up",
            "app/openapi.yaml at paths > /tea > get: `../shared.yaml#/components/responses/Up` leads nowhere; \
             shared.yaml has there Down, Unused",
        ),
        (
            "#/components/responses/Up",
            "app/openapi.yaml at paths > /tea > get: `#/components/responses/Up` leads nowhere; \
             app/openapi.yaml has nothing at /components/responses",
        ),
        (
            "https://example.com/a.yaml#/components/responses/Up",
            "app/openapi.yaml at paths > /tea > get: cannot follow \
             `https://example.com/a.yaml#/components/responses/Up`; write `#/components/<kind>/<Name>`, or a path to \
             another contract before it",
        ),
    ] {
        assert_eq!(bundled(&get(reference)).unwrap_err(), error);
    }
    let missing = bundled(&get("../none.yaml#/components/responses/Up")).unwrap_err();
    assert!(missing.starts_with("none.yaml cannot be read: "), "{missing}");
    assert!(missing.ends_with("app/openapi.yaml at paths > /tea > get refers to it"), "{missing}");
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let error = bundled(
        "
paths: { /tea: { get: { responses: { '503': { $ref: '../shared.yaml#/components/responses/Down' } } } } }
components: { responses: { Down: { description: Mine. } } }
",
    );
    assert_eq!(
        error.unwrap_err(),
        "components/responses/Down is in app/openapi.yaml and in shared.yaml too; rename one, or remove it and refer \
         to the other"
    );
}

#[test]
fn a_kind_that_is_explained_elsewhere_is_not_explained_again() {
    let error = bundled(
        "
x-problems:
  $ref: ['../shared.yaml#/x-problems', '../shared.yaml#/x-problems']
  down: { status: 503, title: Down, remedy: Wait longer. }
",
    );
    assert_eq!(
        error.unwrap_err(),
        "x-problems: `down` is explained in shared.yaml and in app/openapi.yaml; leave it out of the app's own \
         contract, or rename it"
    );
}

#[test]
fn a_shared_text_that_speaks_of_the_page_needs_one() {
    let error = bundled(
        "paths: { /tea: { get: { responses: { '503': { $ref: '../shared.yaml#/components/responses/Down' } } } } }",
    );
    let error = error.unwrap_err();
    assert!(error.contains("but no path of app/openapi.yaml ends in /docs; add one"), "{error}");
}
