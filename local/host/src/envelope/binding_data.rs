//! The trigger's binding data: what becomes `Metadata`, and what `{token}`s in other bindings' paths resolve from.

use serde_json::{Map, Value};

use super::{HostValue, json_net};

const SYSTEM: &str = "sys";
/// Where the host keeps its own `sys` when the payload brings one.
const HIDDEN_SYSTEM: &str = "$sys";
/// Keys that end like this never reach the handler, in any case: also a payload's own field `trigger`.
const HIDDEN_SUFFIX: &str = "trigger";

/// An ordered map whose keys ignore case, as the host's dictionary: a later value replaces an earlier one in its
/// place and keeps the earlier spelling of the key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BindingData {
    entries: Vec<(String, HostValue)>,
    /// How many entries come before `RetryContext` and `sys`; `None` = all of them.
    system_after: Option<usize>,
}

impl BindingData {
    /// Sets one value.
    pub fn set(&mut self, key: &str, value: HostValue) {
        match self.entries.iter_mut().find(|(existing, _)| existing.eq_ignore_ascii_case(key)) {
            Some((_, existing)) => *existing = value,
            None => self.entries.push((key.to_owned(), value)),
        }
    }

    /// Sets a value unless it is null.
    pub(crate) fn set_some(&mut self, key: &str, value: Option<HostValue>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Puts `RetryContext` and `sys` here; entries added from now on come after them.
    pub(crate) fn mark_system(&mut self) {
        self.system_after = Some(self.entries.len());
    }

    /// Merges the top-level properties of a payload that is the text of a JSON object (`Utility.ApplyBindingData`):
    /// arrays and nulls are skipped, objects stay objects, scalars become strings. A payload's `id` so replaces the
    /// message's own `Id`. Other payloads change nothing.
    pub(crate) fn merge_payload(&mut self, payload: &str) {
        if !payload.trim_start().starts_with('{') {
            return;
        }
        let Ok(Value::Object(properties)) = serde_json::from_str(payload) else { return };
        for (key, value) in properties {
            match value {
                Value::Null | Value::Array(_) => {}
                object @ Value::Object(_) => self.set(&key, HostValue::Json(object)),
                scalar => self.set(&key, HostValue::Text(json_net::display(&scalar))),
            }
        }
    }

    /// The text of `{name}`, where `a.b` is the property `b` of the object `a`. Keys ignore case.
    pub(crate) fn token(&self, name: &str) -> Option<String> {
        let (key, path) = name.split_once('.').unwrap_or((name, ""));
        let (_, value) =
            self.entries.iter().find(|(existing, _)| existing.eq_ignore_ascii_case(key))?;
        if path.is_empty() {
            return value.as_token();
        }
        let HostValue::Json(json) = value else { return None };
        json.pointer(&format!("/{}", path.replace('.', "/"))).map(json_net::display)
    }

    /// `Metadata`. `system` and `retry` are put in as they are.
    pub(crate) fn encode(&self, system: Value, retry: Option<Value>) -> Map<String, Value> {
        let (before, after) =
            self.entries.split_at(self.system_after.unwrap_or(self.entries.len()));
        let visible = |entries: &[(String, HostValue)]| -> Vec<(String, Value)> {
            let shown = entries
                .iter()
                .filter(|(key, value)| !is_hidden(key) && *value != HostValue::Json(Value::Null));
            shown.map(|(key, value)| (key.clone(), value.encode())).collect()
        };
        let taken = self.entries.iter().any(|(key, _)| key.eq_ignore_ascii_case(SYSTEM));
        let system_key = if taken { HIDDEN_SYSTEM } else { SYSTEM };
        let retry = retry.map(|retry| ("RetryContext".to_owned(), retry));
        let added = retry.into_iter().chain([(system_key.to_owned(), system)]);
        visible(before).into_iter().chain(added).chain(visible(after)).collect()
    }
}

fn is_hidden(key: &str) -> bool {
    key.len() >= HIDDEN_SUFFIX.len()
        && key.is_char_boundary(key.len() - HIDDEN_SUFFIX.len())
        && key[key.len() - HIDDEN_SUFFIX.len()..].eq_ignore_ascii_case(HIDDEN_SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &str) -> HostValue {
        HostValue::Text(value.to_owned())
    }

    fn encoded(data: &BindingData) -> Value {
        Value::Object(data.encode(json!("SYS"), None))
    }

    #[test]
    fn every_key_that_ends_in_trigger_is_dropped_in_any_case_and_still_resolves() {
        let mut data = BindingData::default();
        for key in ["QueueTrigger", "blobtrigger", "TRIGGER", "Triggered", "ü"] {
            data.set(key, text("x"));
        }
        assert_eq!(encoded(&data), json!({"Triggered": "\"x\"", "ü": "\"x\"", "sys": "SYS"}));
        assert_eq!(data.token("queueTrigger").as_deref(), Some("x"));
    }

    #[test]
    fn nulls_are_dropped() {
        let mut data = BindingData::default();
        data.set("gone", HostValue::Json(Value::Null));
        assert_eq!(encoded(&data), json!({"sys": "SYS"}));
    }

    #[test]
    fn a_json_object_is_merged_without_its_arrays_and_nulls_and_with_scalars_as_strings() {
        let mut data = BindingData::default();
        data.set("Id", text("message id"));
        data.mark_system();
        data.merge_payload(
            r#" {"n":7,"b":true,"s":"t","a":[1],"z":null,"o":{"x":[1]},"ID":"mine","myTrigger":1}"#,
        );
        assert_eq!(
            json_net::compact(&encoded(&data)),
            r#"{"Id":"\"mine\"","sys":"SYS","n":"\"7\"","b":"\"True\"","s":"\"t\"","o":{"x":[1]}}"#
        );
    }

    #[test]
    fn a_payload_that_is_no_json_object_changes_nothing() {
        for payload in ["", "hello", "[{\"a\":1}]", "{broken", "7", "\"{}\""] {
            let mut data = BindingData::default();
            data.merge_payload(payload);
            assert_eq!(data, BindingData::default(), "{payload}");
        }
    }

    #[test]
    fn a_payload_with_its_own_sys_keeps_it_and_the_hosts_goes_under_another_name() {
        let mut data = BindingData::default();
        data.merge_payload(r#"{"sys":{"a":1}}"#);
        assert_eq!(encoded(&data), json!({"sys": {"a": 1}, "$sys": "SYS"}));
    }

    #[test]
    fn tokens_reach_into_objects() {
        let mut data = BindingData::default();
        data.set("data", HostValue::Json(json!({"url": "u", "n": {"deep": 1}})));
        assert_eq!(data.token("data.url").as_deref(), Some("u"));
        assert_eq!(data.token("DATA.n.deep").as_deref(), Some("1"));
        assert_eq!(data.token("data.none"), None);
        assert_eq!(data.token("none"), None);
    }
}
