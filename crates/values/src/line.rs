//! One line of text written by a person, in any script.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One line: trimmed, 1 to `MAX` characters (Unicode scalar values, not bytes), no control characters, and none that
/// are not seen, turn the direction of others or end a line. In JSON a string; read from there it may have such
/// characters, because lines were kept before they were refused.
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
        if let Some(character) = unseen(text) {
            return Err(format!(
                "must be without characters that cannot be seen, such as U+{:04X}; leave it out",
                u32::from(character)
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// A line that was taken once, by the rules of its day.
    fn kept(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_line = (1..=MAX).contains(&text.chars().count()) && !text.contains(char::is_control);
        if is_line { Ok(Self(text.to_owned())) } else { Self::parse(text) }
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
        Self::kept(&text)
    }
}

/// The first character that a reader does not see, or that shows the others in another order or on another line: what
/// looks like one name could then be two, and a list or a log show what is not there.
///
/// The joiners U+200C and U+200D stay where they change how their neighbours look, as Persian and Indic names and some
/// emoji need them: behind a character that is not ASCII, and one at a time. So do the selectors of variants
/// (U+FE00–FE0F, U+E0100–E01EF), which choose among the forms of one Japanese name, and the Mongolian vowel separator.
fn unseen(text: &str) -> Option<char> {
    let mut before = None;
    for character in text.chars() {
        let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
        let joins = before.is_some_and(|c: char| {
            !c.is_ascii() && !c.is_whitespace() && !matches!(c, '\u{200c}' | '\u{200d}')
        });
        if is_unseen(character) || (is_joiner && !joins) {
            return Some(character);
        }
        before = Some(character);
    }
    None
}

/// Unicode's `Bidi_Control`, line and paragraph separators, and what is `Default_Ignorable_Code_Point` or blank, less
/// what names need.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
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
    fn what_is_not_seen_or_turns_the_line_is_refused_and_named() {
        for character in ['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{200f}'] {
            let refused = Line::<9>::parse(&format!("a{character}b")).unwrap_err();
            assert!(refused.contains(&format!("U+{:04X}", u32::from(character))), "{refused}");
        }
        for text in [
            "\u{feff}Kim",
            "Ki\u{ad}m",
            "\u{3164}",
            "Ki\u{200d}m",
            "\u{200c}م",
            "م\u{200c}\u{200c}ی",
        ] {
            assert!(Line::<9>::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn joiners_and_variants_that_names_need_are_taken() {
        for name in ["علی\u{200c}رضا", "ශ්\u{200d}රී", "क्\u{200d}ष", "辻\u{e0100}", "❤\u{fe0f}"]
        {
            assert!(Line::<20>::parse(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn what_was_kept_before_can_still_be_read() {
        let kept: Line<9> = serde_json::from_str("\"a\u{202e}b\"").unwrap();
        assert_eq!(kept.as_str(), "a\u{202e}b");
        assert!(serde_json::from_str::<Line<9>>("\" \"").is_err());
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
