//! Pages as they fill up: what is where, before it is known how many pages there will be.

use crate::{
    text::{Ink, Line},
    unprintable::{MAX_PAGES, Unprintable},
};

/// A4, in points of 1/72 inch; y grows downwards.
pub(crate) const WIDTH: f32 = 595.276;
pub(crate) const HEIGHT: f32 = 841.89;

/// Where the text is.
pub(crate) const LEFT: f32 = 62.0;
pub(crate) const RIGHT: f32 = WIDTH - 62.0;
pub(crate) const TOP: f32 = 58.0;
/// The lowest baseline above the foot of the page.
pub(crate) const BOTTOM: f32 = HEIGHT - 80.0;
pub(crate) const FOOT: f32 = HEIGHT - 62.0;

/// Something on a page.
#[derive(Debug)]
pub(crate) enum Mark {
    /// A line of text, from its left end on its baseline.
    Text { x: f32, y: f32, line: Line },
    /// A horizontal rule, by its left end and its middle.
    Rule { x: f32, y: f32, width: f32, weight: f32, ink: Ink },
}

/// Pages, and where the next thing goes on the last of them.
#[derive(Debug)]
pub(crate) struct Sheet {
    pages: Vec<Vec<Mark>>,
    /// What was used of the last page, from its top.
    pub(crate) y: f32,
}

impl Sheet {
    pub(crate) fn new() -> Self {
        Self { pages: vec![Vec::new()], y: TOP }
    }

    pub(crate) fn next_page(&mut self) -> Result<(), Unprintable> {
        if self.pages.len() == MAX_PAGES {
            return Err(Unprintable::TooManyPages);
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        Ok(())
    }

    /// Whether something so high goes under what is on the page.
    pub(crate) fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    pub(crate) fn down(&mut self, height: f32) {
        self.y += height;
    }

    /// Puts a line with its left end at x, its baseline so far below what was used.
    pub(crate) fn left(&mut self, x: f32, below: f32, line: Line) {
        let y = self.y + below;
        self.mark(Mark::Text { x, y, line });
    }

    /// The same with its right end at x.
    pub(crate) fn right(&mut self, x: f32, below: f32, line: Line) {
        self.left(x - line.width, below, line);
    }

    pub(crate) fn rule(&mut self, x: f32, width: f32, weight: f32, ink: Ink) {
        let y = self.y;
        self.mark(Mark::Rule { x, y, width, weight, ink });
    }

    fn mark(&mut self, mark: Mark) {
        self.pages.last_mut().expect("there is a page from the beginning").push(mark);
    }

    /// The pages, for what needs their number.
    pub(crate) fn pages_mut(&mut self) -> &mut [Vec<Mark>] {
        &mut self.pages
    }

    pub(crate) fn into_pages(self) -> Vec<Vec<Mark>> {
        self.pages
    }
}
