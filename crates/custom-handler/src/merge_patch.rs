//! JSON Merge Patch (RFC 7396), as a document and as fields that know absent from null.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::request::shape;

/// A merge patch for an object: the members to change; null removes one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MergePatch(Map<String, Value>);

impl MergePatch {
    /// The patch's members.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies it: objects are merged member by member, null removes, anything else replaces. A
    /// target that is not an object becomes one.
    pub fn apply_to(&self, target: &mut Value) {
        merge_members(target, &self.0);
    }

    /// Reads it as a type whose fields are [`Patch`]es (each with `#[serde(default)]`) or nested
    /// such types. 422 `invalid-body` with the place of what does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        shape::from_value(Value::Object(self.0.clone()))
    }

    /// The patch that turns one document into the other. Null members of `to` cannot be expressed
    /// by a merge patch and come out as removed.
    pub fn between(from: &Map<String, Value>, to: &Map<String, Value>) -> Self {
        let mut patch = Map::new();
        for name in from.keys().filter(|name| !to.contains_key(*name)) {
            patch.insert(name.clone(), Value::Null);
        }
        for (name, new) in to {
            match (from.get(name), new) {
                (Some(old), new) if old == new => {}
                (Some(Value::Object(old)), Value::Object(new)) => {
                    patch.insert(name.clone(), Value::Object(Self::between(old, new).0));
                }
                // An object that was not one before: its null members would be read as removals.
                (_, new) => {
                    patch.insert(name.clone(), new.clone());
                }
            }
        }
        Self(patch)
    }
}

impl From<Map<String, Value>> for MergePatch {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

fn merge(target: &mut Value, patch: &Value) {
    match patch {
        Value::Object(members) => merge_members(target, members),
        other => *target = other.clone(),
    }
}

fn merge_members(target: &mut Value, patch: &Map<String, Value>) {
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, change) in patch {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// One field of a merge patch, in three states.
///
/// ```
/// use custom_handler::Patch;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Change {
///     #[serde(default)]
///     nickname: Patch<String>,
///     #[serde(default)]
///     age: Patch<u8>,
/// }
///
/// let change: Change = serde_json::from_str(r#"{ "nickname": null }"#)?;
/// assert_eq!((change.nickname, change.age), (Patch::Null, Patch::Absent));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Not in the patch: leave it.
    #[default]
    Absent,
    /// `null`: remove it.
    Null,
    /// Put this in its place.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the patch leaves the field alone; for `#[serde(skip_serializing_if = …)]`.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The new value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same state by reference.
    pub fn as_ref(&self) -> Patch<&T> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(value),
        }
    }

    /// Another value in the same state.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(change(value)),
        }
    }

    /// Applies it to an optional field.
    pub fn apply_to(self, field: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *field = None,
            Self::Value(value) => *field = Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;
    use serde_json::json;

    /// Appendix A of RFC 7396.
    #[test]
    fn the_table_of_the_rfc_holds() {
        let table = [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"a":"foo"}), json!("bar"), json!("bar")),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ];
        for (original, patch, expected) in table {
            let mut target = original.clone();
            merge(&mut target, &patch);
            assert_eq!(target, expected, "{original} with {patch}");
        }
    }

    #[test]
    fn absent_null_and_value_stay_apart_through_serde() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Change {
            #[serde(default, skip_serializing_if = "Patch::is_absent")]
            name: Patch<String>,
            #[serde(default, skip_serializing_if = "Patch::is_absent")]
            age: Patch<u8>,
            #[serde(default, skip_serializing_if = "Patch::is_absent")]
            city: Patch<String>,
        }
        let document = json!({ "name": "Ada", "age": null });
        let change: Change = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(
            change,
            Change { name: Patch::Value("Ada".into()), age: Patch::Null, city: Patch::Absent }
        );
        assert_eq!(serde_json::to_value(&change).unwrap(), document);
    }

    #[test]
    fn a_field_patch_leaves_removes_or_replaces() {
        let mut field = Some(1);
        Patch::Absent.apply_to(&mut field);
        assert_eq!(field, Some(1));
        Patch::Value(2).apply_to(&mut field);
        assert_eq!(field, Some(2));
        Patch::Null.apply_to(&mut field);
        assert_eq!(field, None);
        assert_eq!(
            (Patch::Value(2).map(|n| n + 1).value(), Patch::<i32>::Null.as_ref().value()),
            (Some(3), None)
        );
    }

    #[test]
    fn a_patch_that_does_not_fit_its_type_names_the_place() {
        #[derive(Debug, Deserialize)]
        struct Change {
            #[serde(default)]
            #[allow(dead_code)]
            age: Patch<u8>,
        }
        let patch = MergePatch::from(json!({ "age": "old" }).as_object().unwrap().clone());
        let problem = patch.read::<Change>().unwrap_err().to_json("", None);
        assert_eq!(problem["errors"][0]["pointer"], "/age");
        assert_eq!(problem["status"], 422);
    }

    /// Documents without null members: those a merge patch can reach.
    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn object() -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::btree_map("[a-d]", document(), 0..4)
            .prop_map(|members| members.into_iter().collect())
    }

    proptest! {
        #[test]
        fn applying_a_patch_twice_is_applying_it_once(target in document(), patch in object()) {
            let patch = MergePatch(patch);
            let mut once = target;
            patch.apply_to(&mut once);
            let mut twice = once.clone();
            patch.apply_to(&mut twice);
            prop_assert_eq!(once, twice);
        }

        #[test]
        fn the_patch_between_two_documents_leads_from_one_to_the_other(from in object(), to in object()) {
            let mut target = Value::Object(from.clone());
            MergePatch::between(&from, &to).apply_to(&mut target);
            prop_assert_eq!(target, Value::Object(to));
        }

        #[test]
        fn the_patch_between_equal_documents_is_empty(document in object()) {
            prop_assert!(MergePatch::between(&document, &document).is_empty());
        }

        #[test]
        fn the_empty_patch_changes_no_object(document in object()) {
            let mut target = Value::Object(document.clone());
            MergePatch::default().apply_to(&mut target);
            prop_assert_eq!(target, Value::Object(document));
        }
    }
}
