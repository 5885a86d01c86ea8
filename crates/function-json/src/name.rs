use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Longest function name the host loads, in characters.
const MAX_FUNCTION_NAME_CHARS: usize = 128;

/// A function's name, which is the name of its folder: `^[A-Za-z][A-Za-z0-9_-]{0,127}$`, not `host`
/// in any case (`Utility.cs` of the host).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionName(String);

/// A folder name that the host does not accept as a function's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "function name {0:?} is not one the host loads; use 1 to 128 ASCII letters, digits, `_` and `-`, \
     starting with a letter, and not `host`"
)]
pub struct InvalidFunctionName(pub String);

impl FunctionName {
    /// Checks the name by the host's rule.
    pub fn parse(name: &str) -> Result<Self, InvalidFunctionName> {
        let mut characters = name.chars();
        let starts_well = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
        let goes_on_well = characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if starts_well
            && goes_on_well
            && name.len() <= MAX_FUNCTION_NAME_CHARS
            && !name.eq_ignore_ascii_case("host")
        {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidFunctionName(name.to_owned()))
        }
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for FunctionName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for FunctionName {
    type Err = InvalidFunctionName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::parse(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_underscores_and_dashes_after_a_letter_are_a_name() {
        for name in ["a", "Profile", "photo_decided", "x-1", &"a".repeat(128)] {
            assert_eq!(FunctionName::parse(name).unwrap().as_ref(), name);
        }
    }

    #[test]
    fn anything_else_is_not_a_name() {
        for name in ["", "1a", "_a", "-a", "a b", "a.b", "grüezi", "host", "Host", &"a".repeat(129)]
        {
            assert_eq!(FunctionName::parse(name), Err(InvalidFunctionName(name.to_owned())));
        }
    }
}
