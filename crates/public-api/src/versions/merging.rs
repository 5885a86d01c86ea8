//! PATCH: a JSON merge patch (RFC 7396) over the thing as clients see it.

use custom_handler::MergePatch;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The thing as it would be with the patch, to be checked as a whole, as the body of a PUT is.
///
/// Removing what was never there is no mistake for a merge patch, but for us it is a misspelt name: it is left in the
/// merged body, so that it is refused like any other unknown field.
#[must_use]
pub fn merged(thing: &impl Serialize, patch: &MergePatch) -> Value {
    let current = json!(thing);
    let mut merged = current.clone();
    patch.apply_to(&mut merged);
    keep_unknown(&current, patch.members(), &mut merged);
    merged
}

fn keep_unknown(current: &Value, patch: &Map<String, Value>, merged: &mut Value) {
    let (Some(current), Some(merged)) = (current.as_object(), merged.as_object_mut()) else {
        return;
    };
    for (name, value) in patch {
        match (current.get(name), value) {
            (None, Value::Null) => {
                merged.insert(name.clone(), Value::Null);
            }
            (Some(inner), Value::Object(patch)) => {
                if let Some(merged) = merged.get_mut(name) {
                    keep_unknown(inner, patch, merged);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_patch(patch: Value) -> Value {
        let cake = json!({"name": "Apple", "size": {"cm": 26, "pieces": 12}});
        merged(&cake, &MergePatch::from(patch.as_object().unwrap().clone()))
    }

    #[test]
    fn what_is_named_changes_and_the_rest_stays() {
        assert_eq!(
            with_patch(json!({"size": {"pieces": 16, "cm": null}})),
            json!({"name": "Apple", "size": {"pieces": 16}})
        );
    }

    #[test]
    fn a_misspelt_name_that_is_removed_stays_visible() {
        assert_eq!(
            with_patch(json!({"nmae": null, "size": {"mc": null}})),
            json!({"name": "Apple", "nmae": null, "size": {"cm": 26, "pieces": 12, "mc": null}})
        );
    }
}
