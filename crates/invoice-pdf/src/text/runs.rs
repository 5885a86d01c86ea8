//! Cutting a line into runs of one font and one direction, in the order in which they are seen.

use std::ops::Range;

use unicode_bidi::BidiInfo;

use super::Typesetter;
use crate::{
    fonts::{Font, follows, is_hidden},
    unprintable::{Place, Unprintable},
};

/// A part of a line.
#[derive(Debug, PartialEq)]
pub(super) struct Run {
    /// Bytes of the line.
    pub(super) range: Range<usize>,
    pub(super) font: Font,
    pub(super) from_right: bool,
}

impl Typesetter<'_> {
    /// The runs of a line from left to right. Its first letter with a direction says which way it is read.
    pub(super) fn runs(
        &mut self,
        place: Place,
        text: &str,
        bold: bool,
    ) -> Result<Vec<Run>, Unprintable> {
        if let Some(character) = text.chars().find(|c| c.is_control()) {
            return Err(Unprintable::Character { place, character });
        }
        let mut runs = Vec::new();
        if text.is_ascii() {
            self.cut(place, text, 0..text.len(), false, bold, &mut runs)?;
            return Ok(runs);
        }
        let info = BidiInfo::new(text, None);
        for paragraph in &info.paragraphs {
            let (levels, visual) = info.visual_runs(paragraph, paragraph.range.clone());
            for range in visual {
                let from_right = levels[range.start].is_rtl();
                self.cut(place, text, range, from_right, bold, &mut runs)?;
            }
        }
        Ok(runs)
    }

    /// Cuts what has one direction where the font changes.
    fn cut(
        &mut self,
        place: Place,
        text: &str,
        range: Range<usize>,
        from_right: bool,
        bold: bool,
        runs: &mut Vec<Run>,
    ) -> Result<(), Unprintable> {
        let first = runs.len();
        for (at, character) in text[range.clone()].char_indices() {
            let at = range.start + at;
            let end = at + character.len_utf8();
            let before = (runs.len() > first).then(|| runs.last_mut()).flatten();
            let current = before.as_ref().map(|run| run.font);
            let font = self.font(place, character, current, bold)?;
            match before {
                Some(run) if run.font == font => run.range.end = end,
                _ => runs.push(Run { range: at..end, font, from_right }),
            }
        }
        if from_right {
            runs[first..].reverse();
        }
        Ok(())
    }

    /// The font that draws a character: that of what is before it, if it belongs to that; its script's; or any.
    fn font(
        &mut self,
        place: Place,
        character: char,
        current: Option<Font>,
        bold: bool,
    ) -> Result<Font, Unprintable> {
        let own = Font::of(character, bold);
        let current = current.filter(|_| follows(character));
        if is_hidden(character) {
            return Ok(current.unwrap_or(own));
        }
        for font in current.into_iter().chain([own]).chain(Font::ALL) {
            if self.shaper(font)?.has(character) {
                return Ok(font);
            }
        }
        Err(Unprintable::Character { place, character })
    }
}
