//! `cargo xtask schemas`, as a program, in workspaces of its own.

#![allow(clippy::unwrap_used, reason = "tests: what fails, fails them")]

mod workspace;

use std::fs;

use workspace::Workspace;

const TYPE: &str = "com.example.bakery.baked.v1";
const FOLDER: &str = "functions/bakery/messages/released/baked";
const CAKE: &str = r#""cakeId": { "type": "string" }"#;

/// A workspace in which a type has one released version.
fn released(mode: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.baked(CAKE, r#""cakeId""#);
    let said = workspace.schemas(&["release", TYPE, "--owner", "bakers", "--mode", mode]);
    assert_eq!(said.code, Some(0), "{said:?}");
    workspace.commit();
    workspace
}

#[test]
fn a_type_is_released_changed_by_an_optional_field_and_released_again() {
    let workspace = released("full-transitive");
    workspace.baked(&format!(r#"{CAKE}, "note": {{ "type": "string" }}"#), r#""cakeId""#);
    let said = workspace.schemas(&[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("1 event types, 1 released in 1 versions: 0 found"), "{said:?}");
    let said = workspace.schemas(&["release", TYPE]);
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
    let text = |file: &str| fs::read_to_string(workspace.path(file)).unwrap();
    assert_eq!(
        text(&format!("{FOLDER}/2.json")),
        text("functions/bakery/messages/baked.schema.json")
    );
    assert_eq!(
        text(&format!("{FOLDER}/release.json")),
        "{\n  \"mode\": \"full-transitive\",\n  \"owner\": \"bakers\"\n}\n"
    );
}

#[test]
fn what_old_readers_cannot_read_is_found_and_is_not_released() {
    let workspace = released("full-transitive");
    workspace.baked(r#""weight": { "type": "integer" }"#, r#""weight""#);
    for arguments in [vec![], vec!["release", TYPE]] {
        let said = workspace.schemas(&arguments);
        assert_eq!(said.code, Some(1), "{said:?}");
        for line in [
            "baked.schema.json $.weight: no such field → required [field-missing, backward, against version 1]",
            "baked.schema.json $.cakeId: required → no such field [field-missing, forward, against version 1]",
        ] {
            assert!(said.out.contains(line), "{said:?}");
        }
    }
    assert!(!workspace.path(&format!("{FOLDER}/2.json")).exists());
}

#[test]
fn a_mode_decides_who_is_asked() {
    let workspace = released("backward");
    workspace.baked("", "");
    assert_eq!(workspace.schemas(&[]).code, Some(0));
    workspace.write(&format!("{FOLDER}/release.json"), r#"{ "mode": "full", "owner": "bakers" }"#);
    assert_eq!(workspace.schemas(&[]).code, Some(1));
}

#[test]
fn a_released_version_that_was_changed_or_is_gone_is_found_also_when_that_was_committed() {
    let workspace = released("full-transitive");
    workspace.baked(&format!(r#"{CAKE}, "note": {{ "type": "string" }}"#), r#""cakeId""#);
    assert_eq!(workspace.schemas(&["release", TYPE]).code, Some(0));
    workspace.commit();
    let second = format!("{FOLDER}/2.json");
    let text = fs::read_to_string(workspace.path(&second)).unwrap();
    workspace.write(&second, &text.replace("note", "remark"));
    workspace.commit();
    let said = workspace.schemas(&[]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains(&format!("{second}: it is not what was released")), "{said:?}");
    fs::remove_file(workspace.path(&second)).unwrap();
    workspace.commit();
    assert!(workspace.schemas(&[]).out.contains(&format!("{second}: it was released and is gone")));
    workspace.write(&second, &text);
    assert_eq!(workspace.schemas(&[]).code, Some(0));
}

#[test]
fn a_type_that_gets_another_name_or_loses_its_schema_is_found() {
    let workspace = released("full-transitive");
    let schema = "functions/bakery/messages/baked.schema.json";
    let text = fs::read_to_string(workspace.path(schema)).unwrap();
    workspace.write(schema, &text.replace("baked.v1", "baked.v2"));
    let said = workspace.schemas(&[]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("baked.v1 → com.example.bakery.baked.v2 [type-renamed]"), "{said:?}");
    fs::remove_file(workspace.path(schema)).unwrap();
    assert!(workspace.schemas(&[]).out.contains(&format!("{FOLDER}: it was released")));
}

#[test]
fn avro_is_judged_as_json_is() {
    let workspace = Workspace::new();
    let schema = |fields: &str| {
        let text = format!(
            r#"{{ "type": "record", "name": "Sold", "namespace": "com.example.bakery", "fields": [{fields}] }}"#
        );
        workspace.write("functions/bakery/messages/sold.avsc", &text);
    };
    let id = r#"{ "name": "cakeId", "type": "string" }"#;
    schema(id);
    let release = ["release", "com.example.bakery.Sold", "--owner", "bakers"];
    assert_eq!(workspace.schemas(&release).code, Some(0));
    schema(&format!(r#"{id}, {{ "name": "price", "type": "int" }}"#));
    let said = workspace.schemas(&[]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("$.price: no such field → int, without a default"), "{said:?}");
}

#[test]
fn what_cannot_be_told_ends_with_2_and_names_the_file_and_the_place() {
    let workspace = Workspace::new();
    workspace.baked(r#""cake": { "oneOf": [] }"#, "");
    let said = workspace.schemas(&[]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.error
            .contains("baked.schema.json at /properties/cake/oneOf: `oneOf` is not judged here"),
        "{said:?}"
    );
}

#[test]
fn a_release_says_what_it_lacks() {
    let workspace = Workspace::new();
    workspace.baked(CAKE, "");
    let lacks = |arguments: &[&str], what: &str| {
        let said = workspace.schemas(arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.error.contains(what), "{said:?}");
    };
    lacks(&["release", "com.example.bakery.eaten.v1"], "the types are com.example.bakery.baked.v1");
    lacks(&["release", TYPE], "--owner TEAM");
    lacks(&["release", TYPE, "--mode", "both"], "full-transitive");
    let first = ["release", TYPE, "--owner", "bakers", "--hub", "cake"];
    assert_eq!(workspace.schemas(&first).code, Some(0));
    let terms = fs::read_to_string(workspace.path(&format!("{FOLDER}/release.json"))).unwrap();
    assert!(terms.contains("\"hub\": \"cake\""), "{terms}");
    lacks(&["release", TYPE], "change its schema first");
    lacks(&["release", TYPE, "--owner", "millers"], "release.json");
}

#[test]
fn the_documents_name_every_rule() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/event-schemas.md");
    let told = fs::read_to_string(page).unwrap();
    for (rule, says) in schema_compatibility::RULES {
        let line = format!("| `{rule}` | {says} |");
        assert!(told.contains(&line), "docs/event-schemas.md lacks {line}");
    }
}
