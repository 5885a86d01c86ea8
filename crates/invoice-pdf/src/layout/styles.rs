//! How texts of a page look.

use crate::{
    sheet::{LEFT, RIGHT},
    text::{Ink, Style},
};

/// How wide the text is.
pub(super) const MEASURE: f32 = RIGHT - LEFT;

pub(super) const TITLE: Style = Style { size: 19.0, bold: true, ink: Ink::Accent };
pub(super) const SELLER: Style = Style { size: 13.0, bold: true, ink: Ink::Accent };
pub(super) const BODY: Style = Style { size: 9.5, bold: false, ink: Ink::Text };
pub(super) const STRONG: Style = Style { bold: true, ..BODY };
pub(super) const QUIET: Style = Style { size: 8.0, bold: false, ink: Ink::Quiet };
pub(super) const LABEL: Style = Style { size: 8.0, bold: true, ink: Ink::Quiet };
pub(super) const TOTAL: Style = Style { size: 11.0, bold: true, ink: Ink::Accent };

pub(super) const HAIRLINE: f32 = 0.6;
pub(super) const RULE: f32 = 1.1;

impl Style {
    /// From one line to the next.
    pub(super) const fn leading(self) -> f32 {
        self.size * 1.42
    }

    /// From the top of a line to where its letters stand.
    pub(super) const fn baseline(self) -> f32 {
        self.size * 1.08
    }
}
