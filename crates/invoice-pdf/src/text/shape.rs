//! Shaping: from characters of one font and direction to its glyphs.

use std::ops::Range;

use harfrust::{Direction, ShapeOptions, ShapePlan, UnicodeBuffer};
use krilla::text::{GlyphId, KrillaGlyph};

use super::{Piece, Style, Typesetter, runs::Run};
use crate::{
    fonts::Font,
    unprintable::{Place, Unprintable},
};

/// What a font has in the place of a glyph that it lacks.
const NOTDEF: u32 = 0;

impl Typesetter<'_> {
    /// The letters of a run.
    pub(super) fn piece(
        &mut self,
        place: Place,
        text: &str,
        run: &Run,
        style: Style,
    ) -> Result<Piece, Unprintable> {
        let part = &text[run.range.clone()];
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.push_str(part);
        buffer.guess_segment_properties();
        buffer.set_direction(if run.from_right {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        let shaped = {
            let plan = self.plan(run.font, &buffer)?;
            let shaper =
                self.shapers[run.font as usize].as_ref().expect("its plan was made with it");
            let options = ShapeOptions::new().plan(Some(&self.plans[plan].3));
            shaper.letters().shape(buffer, options)
        };
        let starts: Vec<usize> =
            shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let units = self.shaper(run.font)?.letters().units_per_em() as f32;
        let mut glyphs = Vec::with_capacity(starts.len());
        let mut advance = 0;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let range = cluster(info.cluster as usize, &starts, part.len());
            if info.glyph_id == NOTDEF {
                let character = part[range].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(Unprintable::Character { place, character });
            }
            advance += position.x_advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                position.x_advance as f32 / units,
                position.x_offset as f32 / units,
                position.y_offset as f32 / units,
                position.y_advance as f32 / units,
                range,
                None,
            ));
        }
        self.buffer = shaped.clear();
        Ok(Piece {
            font: run.font,
            stroked: style.bold && run.font != Font::LatinBold,
            glyphs,
            text: part.to_owned(),
            start: run.range.start,
            width: advance as f32 / units * style.size,
        })
    }

    /// Where the plan is for what is in the buffer.
    fn plan(&mut self, font: Font, buffer: &UnicodeBuffer) -> Result<usize, Unprintable> {
        let key = (font, buffer.direction(), Some(buffer.script()));
        let known = self.plans.iter().position(|plan| (plan.0, plan.1, plan.2) == key);
        if let Some(known) = known {
            return Ok(known);
        }
        let shaper = self.shaper(font)?.letters();
        let plan = ShapePlan::new(shaper, key.1, key.2, None, &[]);
        self.plans.push((key.0, key.1, key.2, plan));
        Ok(self.plans.len() - 1)
    }
}

/// The bytes that a glyph stands for: from where its cluster begins to where the next one does.
fn cluster(start: usize, starts: &[usize], length: usize) -> Range<usize> {
    start..starts.iter().copied().filter(|other| *other > start).min().unwrap_or(length)
}
