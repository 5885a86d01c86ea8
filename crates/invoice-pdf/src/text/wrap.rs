//! Breaking a text into lines: between words, between ideographs, and anywhere if a word is wider than the line.

use super::{Line, Style, Typesetter};
use crate::{
    fonts::is_without_gaps,
    unprintable::{Place, Unprintable},
};

impl Typesetter<'_> {
    /// A text on as many lines as it needs for a width in points; a line for each of its own lines, if it has several.
    pub(crate) fn lines(
        &mut self,
        place: Place,
        text: &str,
        style: Style,
        width: f32,
    ) -> Result<Vec<Line>, Unprintable> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let paragraph = paragraph.trim();
            let whole = self.line(place, paragraph, style)?;
            if whole.width <= width {
                lines.push(whole);
                continue;
            }
            for part in parts(paragraph, &whole.advances(), width) {
                lines.push(self.line(place, part, style)?);
            }
        }
        Ok(lines)
    }
}

impl Line {
    /// Where each cluster of letters begins in the text, and how wide it is in points, in the order of the text.
    fn advances(&self) -> Vec<(usize, f32)> {
        let mut advances: Vec<(usize, f32)> = Vec::new();
        for piece in &self.pieces {
            for glyph in &piece.glyphs {
                let at = piece.start + glyph.text_range.start;
                advances.push((at, glyph.x_advance * self.style.size));
            }
        }
        advances.sort_by_key(|(at, _)| *at);
        advances.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        advances
    }
}

/// The parts of a text that fit a width, without the spaces around them.
fn parts<'t>(text: &'t str, advances: &[(usize, f32)], width: f32) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut start = 0;
    // What the line holds up to here, and up to the last place where it may end.
    let mut filled = 0.0;
    let mut chance: Option<(usize, f32)> = None;
    let mut before = None;
    for &(at, advance) in advances {
        let Some(character) = text[at..].chars().next() else { break };
        if before.is_some_and(|before| may_part(before, character)) {
            chance = Some((at, filled));
        }
        while filled + advance > width && at > start && character != ' ' {
            let (cut, used) = chance.take().unwrap_or((at, filled));
            parts.push(text[start..cut].trim());
            start = cut;
            filled -= used;
        }
        filled += advance;
        before = text[at..].chars().next();
    }
    parts.push(text[start..].trim());
    parts
}

/// Whether a line may end between two characters.
fn may_part(before: char, after: char) -> bool {
    if before == ' ' {
        return after != ' ';
    }
    if matches!(before, '-' | '/' | '–' | '\u{ad}' | '\u{200b}') {
        return after.is_alphabetic();
    }
    (is_without_gaps(before) || is_without_gaps(after))
        && !opens(before)
        && !closes(after)
        && after != ' '
}

fn opens(character: char) -> bool {
    matches!(character, '(' | '「' | '『' | '（' | '【' | '《' | '〈' | '［' | '〔')
}

/// What never begins a line: closing brackets, points, and what belongs to the letter before it.
fn closes(character: char) -> bool {
    matches!(
        character,
        ')' | '.'
            | ','
            | ':'
            | ';'
            | '!'
            | '?'
            | '、'
            | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '！'
            | '？'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '］'
            | '〕'
            | '・'
            | 'ー'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'っ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ッ'
            | '々'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character is one point wide.
    fn parts_of(text: &str, width: f32) -> Vec<&str> {
        let advances: Vec<_> = text.char_indices().map(|(at, _)| (at, 1.0)).collect();
        parts(text, &advances, width)
    }

    #[test]
    fn a_line_ends_between_words() {
        assert_eq!(parts_of("one two three", 7.0), ["one two", "three"]);
        assert_eq!(parts_of("night-watch for two", 7.0), ["night-", "watch", "for two"]);
    }

    #[test]
    fn a_word_that_is_wider_than_the_line_is_cut() {
        assert_eq!(parts_of("abcdefgh ij", 3.0), ["abc", "def", "gh", "ij"]);
    }

    #[test]
    fn ideographs_part_anywhere_but_before_a_full_stop() {
        assert_eq!(parts_of("東京都千代田区。", 3.0), ["東京都", "千代田", "区。"]);
        assert_eq!(parts_of("東京都。千", 3.0), ["東京", "都。千"]);
    }

    #[test]
    fn korean_words_stay_whole() {
        assert_eq!(parts_of("망원경 대여와 안내", 6.0), ["망원경", "대여와 안내"]);
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_empty() {
        let text = "a bb ccc dddd eeeee 東京都、ffffffffff";
        for width in 1..12 {
            let parts = parts_of(text, width as f32);
            assert!(parts.iter().all(|part| !part.is_empty()), "{width}: {parts:?}");
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&parts.concat()), letters(text), "{width}");
        }
    }
}
