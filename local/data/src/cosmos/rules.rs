//! Rules of Azure's that the emulator does not hold: what passes here must pass there.
//! <https://learn.microsoft.com/azure/cosmos-db/concepts-limits>

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::message::Reply;

/// The longest id of an item.
const MAX_ITEM_ID_BYTES: usize = 1023;
/// The longest id of a database or container.
const MAX_RESOURCE_ID_CHARS: usize = 255;
/// The longest partition key value, all components together.
pub(super) const MAX_PARTITION_KEY_BYTES: usize = 2048;

/// The parts of an item that have rules.
#[derive(Deserialize)]
struct Ruled {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    ttl: Value,
}

/// Holds an item about to be written to the rules for its id and `ttl`. What is no item at all is left to the
/// emulator to refuse.
pub(super) fn check_item(body: &[u8]) -> Result<(), Reply> {
    let Ok(item) = serde_json::from_slice::<Ruled>(body) else {
        return Ok(());
    };
    check_item_id(&item.id)?;
    check_ttl(&item.ttl)
}

fn check_item_id(id: &Value) -> Result<(), Reply> {
    let Some(id) = id.as_str() else {
        return Ok(());
    };
    if id.is_empty() {
        return Err(bad_request("the id of an item must not be empty"));
    }
    if id.len() > MAX_ITEM_ID_BYTES {
        return Err(bad_request(&format!(
            "the id of an item has at most {MAX_ITEM_ID_BYTES} bytes, not {}",
            id.len()
        )));
    }
    if id.contains(['/', '\\']) {
        return Err(bad_request(&format!("the id {id:?} of an item must not contain / or \\")));
    }
    Ok(())
}

/// A `ttl` is -1 (never) or a positive number of seconds that fits 32 bits.
fn check_ttl(ttl: &Value) -> Result<(), Reply> {
    let valid = ttl.is_null()
        || ttl.as_i64().is_some_and(|s| s == -1 || (1..=i64::from(i32::MAX)).contains(&s));
    if valid {
        return Ok(());
    }
    let message = format!(
        "The input ttl '{ttl}' is invalid. Ensure to provide a nonzero positive integer or -1."
    );
    Err(bad_request(&message))
}

/// Holds a database or container about to be created to the rules for its id and `defaultTtl`.
pub(super) fn check_resource(body: &[u8]) -> Result<(), Reply> {
    let Ok(resource) = serde_json::from_slice::<Value>(body) else {
        return Ok(());
    };
    let id = resource["id"].as_str().unwrap_or_default();
    let length = id.chars().count();
    if length == 0 || length > MAX_RESOURCE_ID_CHARS {
        return Err(bad_request(&format!(
            "an id has 1 to {MAX_RESOURCE_ID_CHARS} characters, not {length}"
        )));
    }
    if id.contains(['/', '\\', '?', '#']) || id.ends_with(' ') {
        return Err(bad_request(&format!(
            "the id {id:?} must not contain / \\ ? # or end with a space"
        )));
    }
    check_ttl(&resource["defaultTtl"])
}

/// 400, in Cosmos DB's words for it.
pub(super) fn bad_request(message: &str) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, "BadRequest", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(item: Value) -> bool {
        check_item(item.to_string().as_bytes()).is_ok()
    }

    #[test]
    fn an_item_id_is_neither_empty_nor_a_path_nor_longer_than_1023_bytes() {
        assert!(item(json!({ "id": "a?#ü" })));
        assert!(!item(json!({ "id": "" })));
        assert!(!item(json!({ "id": "a/b" })));
        assert!(!item(json!({ "id": "a\\b" })));
        assert!(item(json!({ "id": "x".repeat(1023) })));
        assert!(!item(json!({ "id": "x".repeat(1024) })));
    }

    #[test]
    fn a_ttl_is_minus_one_or_positive() {
        for (ttl, valid) in [
            (json!(-1), true),
            (json!(1), true),
            (json!(2_147_483_647), true),
            (json!(null), true),
            (json!(0), false),
            (json!(-2), false),
            (json!(1.5), false),
            (json!("60"), false),
            (json!(2_147_483_648_u32), false),
        ] {
            assert_eq!(item(json!({ "id": "a", "ttl": ttl.clone() })), valid, "{ttl}");
        }
    }

    #[test]
    fn a_container_id_has_no_characters_of_an_address() {
        let check = |id: &str| check_resource(json!({ "id": id }).to_string().as_bytes()).is_ok();
        assert!(check("profiles"));
        assert!(!check(""));
        assert!(!check("a/b"));
        assert!(!check("a "));
        assert!(!check(&"x".repeat(256)));
    }
}
