//! From a text to letters with a place: which fonts, in which order, how wide, on how many lines.

mod runs;
mod shape;
mod wrap;

use harfrust::{Direction, Script, ShapePlan, UnicodeBuffer};
use krilla::text::KrillaGlyph;

use crate::{
    fonts::{Font, Fonts, Shaper},
    unprintable::{MAX_TEXT_CHARS, Place, Unprintable},
};

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    /// In points.
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) ink: Ink,
}

/// The colours of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ink {
    Text,
    Quiet,
    Accent,
    Hairline,
}

/// A text on one line, from left to right as it is seen.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) style: Style,
    pub(crate) pieces: Vec<Piece>,
    /// In points.
    pub(crate) width: f32,
}

/// Letters of one font and direction.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) font: Font,
    /// The font has no bold letters: these get a stroke.
    pub(crate) stroked: bool,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// What a reader copies; ranges of glyphs are in it.
    pub(crate) text: String,
    /// Where it begins in the line's text.
    start: usize,
    /// In points.
    pub(crate) width: f32,
}

/// Sets text for one rendering.
pub(crate) struct Typesetter<'f> {
    fonts: &'f Fonts,
    shapers: [Option<Shaper<'f>>; Font::ALL.len()],
    /// How letters of a font, direction and script are shaped: costs more to find out than to do.
    plans: Vec<(Font, Direction, Option<Script>, ShapePlan)>,
    buffer: UnicodeBuffer,
}

impl<'f> Typesetter<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Self {
        let shapers = [const { None }; Font::ALL.len()];
        Self { fonts, shapers, plans: Vec::new(), buffer: UnicodeBuffer::new() }
    }

    /// A text on one line, however wide.
    pub(crate) fn line(
        &mut self,
        place: Place,
        text: &str,
        style: Style,
    ) -> Result<Line, Unprintable> {
        if text.chars().count() > MAX_TEXT_CHARS {
            return Err(Unprintable::TooLong { place });
        }
        let mut pieces = Vec::new();
        for run in self.runs(place, text, style.bold)? {
            pieces.push(self.piece(place, text, &run, style)?);
        }
        let width = pieces.iter().map(|piece| piece.width).sum();
        Ok(Line { style, pieces, width })
    }

    fn shaper(&mut self, font: Font) -> Result<&Shaper<'f>, Unprintable> {
        let place = &mut self.shapers[font as usize];
        if place.is_none() {
            *place = Some(self.fonts.face(font)?.shaper());
        }
        Ok(place.as_ref().expect("it was made above"))
    }
}
