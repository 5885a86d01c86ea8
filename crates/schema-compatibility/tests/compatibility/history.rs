//! Several versions, and what is said of a new one.

use pretty_assertions::assert_eq;
use schema_compatibility::{Direction, Mode, check, check_all};

use crate::{avro, json};

const TEXT: &str = r#"{ "type": "object", "properties": { "note": { "type": "string" } } }"#;
const NONE: &str = r#"{ "type": "object" }"#;
const NUMBER: &str = r#"{ "type": "object", "properties": { "note": { "type": "integer" } } }"#;

#[test]
fn a_field_that_comes_back_as_something_else_is_seen_by_transitive_modes_alone() {
    let earlier = [json("version 1", TEXT), json("version 2", NONE)];
    let new = json("now", NUMBER);
    assert!(check_all(Mode::Full, &earlier, &new).is_empty());
    let findings = check_all(Mode::BackwardTransitive, &earlier, &new);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].against, ["version 1"]);
}

#[test]
fn what_is_found_against_several_versions_is_said_once_and_names_them() {
    let earlier = [json("version 1", TEXT), json("version 2", TEXT)];
    let findings = check_all(Mode::ForwardTransitive, &earlier, &json("now", NUMBER));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].against, ["version 1", "version 2"]);
}

#[test]
fn a_finding_names_rule_field_old_new_and_the_cure() {
    let findings = check(Mode::Forward, &json("version 1", TEXT), &json("ordered", NUMBER));
    assert_eq!(findings[0].direction, Direction::Forward);
    assert_eq!(
        findings[0].to_string(),
        "ordered $.note: string → integer [type-differs, forward, against version 1]: keep the type that the old version \
         reads, and send what is new in a field of its own"
    );
}

#[test]
fn the_first_version_has_nothing_to_keep() {
    assert!(check_all(Mode::FullTransitive, &[], &json("now", TEXT)).is_empty());
}

#[test]
fn a_type_keeps_its_form() {
    let findings = check(Mode::Backward, &json("version 1", TEXT), &avro("now", "\"string\""));
    assert_eq!(
        (findings[0].rule, findings[0].old.as_str(), findings[0].new.as_str()),
        ("form-differs", "JSON Schema", "Avro")
    );
}

#[test]
fn a_mode_is_written_as_it_is_read() {
    for mode in Mode::ALL {
        assert_eq!(mode.to_string().parse(), Ok(mode));
    }
    let error = "both".parse::<Mode>().unwrap_err().to_string();
    assert!(error.contains("`both`") && error.contains("full-transitive"), "{error}");
}
