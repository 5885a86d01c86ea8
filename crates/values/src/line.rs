//! One line of text written by a person, in any script.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One line: trimmed, 1 to `MAX` characters (Unicode scalar values, not bytes), no control characters. In JSON a
/// string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Reads a line; white space around it is dropped.
    ///
    /// # Errors
    /// It is blank, too long or not one line; the text says what would be right, for the client's eyes.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 {
            return Err("must not be empty".into());
        }
        if length > MAX {
            return Err(format!("must have at most {MAX} characters, not {length}"));
        }
        if text.chars().any(char::is_control) {
            return Err("must be one line without control characters".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The line, trimmed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> TryFrom<String> for Line<MAX> {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_characters_and_not_bytes() {
        assert!(Line::<3>::parse("äöü").is_ok());
        assert!(Line::<3>::parse("äöüß").unwrap_err().contains("at most 3"));
    }

    #[test]
    fn right_to_left_names_and_emoji_are_names() {
        for name in ["مريم", "שרה", "👩‍👩‍👧", "O'Brien-Łukasz"] {
            assert!(Line::<100>::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn blank_and_multi_line_text_is_refused() {
        assert!(Line::<9>::parse(" \u{a0} ").is_err());
        assert!(Line::<9>::parse("a\nb").is_err());
        assert!(Line::<9>::parse("a\0b").is_err());
    }

    #[test]
    fn white_space_around_is_dropped() {
        assert_eq!(Line::<9>::parse("  a b ").unwrap(), Line("a b".into()));
    }

    proptest::proptest! {
        #[test]
        fn a_line_that_was_taken_is_taken_again_as_it_is(text in ".*") {
            if let Ok(line) = Line::<20>::parse(&text) {
                proptest::prop_assert!((1..=20).contains(&line.as_str().chars().count()));
                proptest::prop_assert_eq!(Line::parse(line.as_str()), Ok(line));
            }
        }
    }
}
