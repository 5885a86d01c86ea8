//! Names of Avro.

use std::fmt;

/// A name with its namespace, such as `com.iommi.sales.Money`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FullName(String);

impl FullName {
    /// A name as it stands in a schema: one with dots is whole, any other is in the namespace around it. Nothing if it is no
    /// name.
    pub(crate) fn read(name: &str, namespace: &str) -> Option<Self> {
        let whole = if name.contains('.') || namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{namespace}.{name}")
        };
        whole.split('.').all(is_name).then_some(Self(whole))
    }

    /// Without the namespace.
    pub(crate) fn short(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    pub(crate) fn namespace(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(namespace, _)| namespace)
    }
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A letter or `_`, then letters, digits and `_`.
pub(crate) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
