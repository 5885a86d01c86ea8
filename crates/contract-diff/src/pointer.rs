//! Where something is: JSON pointers (RFC 6901).

use std::fmt;

/// A JSON pointer into a document of which every `$ref` is written out.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pointer(String);

impl Pointer {
    /// One step further.
    pub(crate) fn at(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    pub(crate) fn of(keys: &[&str]) -> Self {
        keys.iter().fold(Self::default(), |pointer, key| pointer.at(key))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
