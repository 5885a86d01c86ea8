use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

/// The member of an entry that says how a thing is used.
const USES: &str = "uses";

/// Where what is made from [`Settings`](crate::Settings) notes what it will use, while the
/// application describes itself: a client of queues notes the queue for which it hands out a
/// sender, so that what is described is what the code can do. Otherwise noting does nothing.
///
/// ```
/// # use custom_handler::Settings;
/// let settings = Settings::describing();
/// let description = settings.description();
/// description.note("queues", &serde_json::json!({ "name": "baked", "uses": ["send"] }));
/// ```
///
/// Two entries of a member that differ in nothing but `uses` become one with the uses of both.
#[derive(Debug, Clone)]
pub struct Description(Option<Arc<Mutex<Noted>>>);

/// Entries, each with its member.
type Noted = Vec<(String, Value)>;

impl Description {
    pub(crate) fn on() -> Self {
        Self(Some(Arc::default()))
    }

    pub(crate) fn off() -> Self {
        Self(None)
    }

    /// Adds an entry to the list that the member `member` of the description holds. A value that
    /// does not serialise becomes null.
    pub fn note(&self, member: &str, entry: &(impl Serialize + ?Sized)) {
        if let Some(noted) = &self.0 {
            let entry = serde_json::to_value(entry).unwrap_or(Value::Null);
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.push((member.to_owned(), entry));
        }
    }

    pub(super) fn noted(&self) -> Noted {
        self.0.as_ref().map_or_else(Vec::new, |noted| {
            noted.lock().unwrap_or_else(PoisonError::into_inner).clone()
        })
    }
}

/// Adds an entry to a list, or its uses to the entry that is the same but for them.
pub(super) fn merge(list: &mut Vec<Value>, entry: Value) {
    let apart = |entry: &Value| -> (Map<String, Value>, Vec<Value>) {
        let mut rest = entry.as_object().cloned().unwrap_or_default();
        let uses = rest.remove(USES).and_then(|uses| uses.as_array().cloned());
        (rest, uses.unwrap_or_default())
    };
    let (identity, uses) = apart(&entry);
    let same = list.iter_mut().find(|known| known.is_object() && apart(known).0 == identity);
    let Some(same) = same else {
        if !list.contains(&entry) {
            list.push(entry);
        }
        return;
    };
    let mut known = same.get_mut(USES).and_then(Value::as_array_mut);
    for usage in uses {
        if let Some(known) = known.as_mut().filter(|known| !known.contains(&usage)) {
            known.push(usage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn entries_that_differ_only_in_their_uses_become_one() {
        let mut list = Vec::new();
        for entry in [
            json!({ "name": "a", "uses": ["send"] }),
            json!({ "name": "b", "uses": ["send"] }),
            json!({ "name": "a", "uses": ["trigger", "send"] }),
            json!("plain"),
            json!("plain"),
        ] {
            merge(&mut list, entry);
        }
        let expected = json!([
            { "name": "a", "uses": ["send", "trigger"] }, { "name": "b", "uses": ["send"] }, "plain"
        ]);
        assert_eq!(Value::from(list), expected);
    }

    #[test]
    fn nothing_is_noted_unless_the_application_describes_itself() {
        for (description, count) in [(Description::on(), 1), (Description::off(), 0)] {
            description.note("queues", "x");
            assert_eq!(description.noted().len(), count);
        }
    }
}
