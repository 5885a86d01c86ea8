//! Where a field is in an event, such as `$.lines[].quantity`.

use std::fmt;

/// The place of a value: `$` is all of it, `.name` a field, `[]` each item of a list, `.*` each value of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn root() -> Self {
        Self("$".to_owned())
    }

    pub(crate) fn field(&self, name: &str) -> Self {
        let plain =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        Self(if plain { format!("{}.{name}", self.0) } else { format!("{}[{name:?}]", self.0) })
    }

    pub(crate) fn items(&self) -> Self {
        Self(format!("{}[]", self.0))
    }

    pub(crate) fn values(&self) -> Self {
        Self(format!("{}.*", self.0))
    }

    /// The names of a map's values.
    pub(crate) fn names(&self) -> Self {
        Self(format!("{}.*~", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
