//! OpenAPI 3.0, in JSON.

use std::path::Path;

use contract_mock::{Contract, read};
use serde_json::json;

use crate::rig::post;

fn old(schema: serde_json::Value, folder: &Path) -> Contract {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Old", "version": "1" },
        "paths": { "/a": { "post": {
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
            "responses": { "204": { "description": "Kept." } },
        } } },
        "components": { "schemas": { "Name": { "type": "string", "maxLength": 3 } } },
    });
    let file = folder.join("old.json");
    std::fs::write(&file, document.to_string()).unwrap();
    read(&file).contract.unwrap()
}

#[test]
fn its_own_keywords_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    let schema = json!({ "type": "object", "properties": {
        "a": { "type": "string", "nullable": true },
        "b": { "type": "number", "minimum": 0, "exclusiveMinimum": true },
        "c": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Name" }] },
        "nullable": { "type": "boolean" },
        "example": { "$ref": "#/components/schemas/Name" },
    } });
    let contract = old(schema, folder.path());
    let good = json!({ "a": null, "b": 0.1, "c": null, "nullable": true, "example": "abc" });
    assert_eq!(post(&contract, "/a", &good).status(), 204);
    let bad = json!({ "a": 1, "b": 0, "c": "long", "nullable": null, "example": "long" });
    let (status, _, mut mistakes) = post(&contract, "/a", &bad).refusal();
    mistakes.sort();
    assert_eq!(status, 422);
    assert_eq!(
        mistakes,
        [
            "/a must be a string or null",
            "/b must be more than 0",
            "/c must have at most 3 characters",
            "/example must have at most 3 characters",
            "/nullable must be true or false",
        ]
    );
}
