//! The body of a change, and what of it cannot be changed.

use serde_json::Value;
use values::Fields;

/// The body of a change, held against what the client was shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'a> {
    pub(crate) json: &'a Value,
    /// The thing as clients see it: what the service keeps may come back only as it is there.
    pub(crate) shown: &'a Value,
    pub(crate) form: Form,
}

/// Where the body of a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Sent as it is (PUT): fields that the service keeps may be left out.
    Whole,
    /// The current state with a merge patch applied (PATCH): a kept field that is missing was removed.
    Merged,
}

impl Body<'_> {
    /// Refuses changes of these fields of the object at `pointer`.
    pub(super) fn keep(&self, fields: &mut Fields<'_>, names: &[&'static str], pointer: &str) {
        for name in names {
            let shown = self.shown.pointer(&format!("{pointer}/{name}")).unwrap_or(&Value::Null);
            fields.kept(name, shown, self.form == Form::Merged);
        }
    }
}
