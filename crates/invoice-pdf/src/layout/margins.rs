//! What is at the edges of every page, once their number is known.

use super::{
    Layout,
    styles::{HAIRLINE, MEASURE, QUIET},
};
use crate::{
    sheet::{FOOT, LEFT, Mark, RIGHT},
    text::Ink,
    unprintable::{Place, Unprintable},
};

/// Above the text of the second page and those after it.
const HEAD: f32 = 38.0;

/// Between the seller and the page's number.
const GAP: f32 = 10.0;

impl Layout<'_, '_> {
    pub(super) fn margins(&mut self) -> Result<(), Unprintable> {
        let count = self.sheet.pages_mut().len();
        for index in 0..count {
            let mut marks = self.foot(index + 1, count)?;
            if index > 0 {
                marks.extend(self.head()?);
            }
            self.sheet.pages_mut()[index].extend(marks);
        }
        Ok(())
    }

    fn foot(&mut self, page: usize, count: usize) -> Result<Vec<Mark>, Unprintable> {
        let words = self.words;
        let number = format!("{} {page} {} {count}", words.page, words.of);
        let number = self.type_.line(Place::of("labels"), &number, QUIET)?;
        let seller = self.seller();
        let place = Place::of("seller");
        let lines = self.type_.lines(place, &seller, QUIET, MEASURE - number.width - GAP)?;
        let x = RIGHT - number.width;
        let mut marks = vec![
            Mark::Rule { x: LEFT, y: FOOT, width: MEASURE, weight: HAIRLINE, ink: Ink::Hairline },
            Mark::Text { x, y: FOOT + 14.0, line: number },
        ];
        let mut y = FOOT + 14.0;
        for line in lines {
            marks.push(Mark::Text { x: LEFT, y, line });
            y += QUIET.leading();
        }
        Ok(marks)
    }

    /// Who a reader asks: name, VAT id, register, e-mail address.
    fn seller(&self) -> String {
        let seller = &self.invoice.content().seller;
        let mut parts = vec![seller.name.as_str().to_owned()];
        if let Some(id) = &seller.vat_id {
            parts.push(format!("{} {id}", self.words.vat_id));
        }
        parts.extend(seller.registration.as_ref().map(|text| text.as_str().to_owned()));
        parts.extend(seller.email.as_ref().map(|text| text.as_str().to_owned()));
        parts.join("  ·  ")
    }

    fn head(&mut self) -> Result<[Mark; 2], Unprintable> {
        let heading = self.heading();
        let heading = self.type_.line(Place::of("number"), &heading, QUIET)?;
        let day = self.words.date(self.invoice.content().issued);
        let day = self.type_.line(Place::of("issued"), &day, QUIET)?;
        let x = RIGHT - day.width;
        Ok([Mark::Text { x: LEFT, y: HEAD, line: heading }, Mark::Text { x, y: HEAD, line: day }])
    }
}
