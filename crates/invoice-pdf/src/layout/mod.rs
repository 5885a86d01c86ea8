//! What stands where on the pages of an invoice.

mod closing;
mod letterhead;
mod margins;
mod styles;
mod sums;
mod table;

use invoice::{Invoice, Party};

use crate::{
    fonts::Fonts,
    sheet::{LEFT, Mark, Sheet},
    text::{Line, Style, Typesetter},
    unprintable::{Place, Unprintable},
    words::Words,
};

/// Pages that are being filled.
struct Layout<'a, 'f> {
    invoice: &'a Invoice,
    words: &'static Words,
    /// Invoice or credit note, in the language's words.
    kind: &'static str,
    type_: Typesetter<'f>,
    sheet: Sheet,
}

/// The pages of an invoice.
pub(crate) fn pages(
    invoice: &Invoice,
    words: &'static Words,
    kind: &'static str,
    fonts: &Fonts,
) -> Result<Vec<Vec<Mark>>, Unprintable> {
    let (type_, sheet) = (Typesetter::new(fonts), Sheet::new());
    let mut layout = Layout { invoice, words, kind, type_, sheet };
    layout.letterhead()?;
    layout.parties()?;
    layout.title()?;
    layout.table()?;
    layout.sums()?;
    layout.notes()?;
    layout.payment()?;
    layout.margins()?;
    Ok(layout.sheet.into_pages())
}

impl Layout<'_, '_> {
    /// A text from x on, on as many lines as it needs for a width, down the page.
    fn paragraph(
        &mut self,
        (x, width): (f32, f32),
        place: Place,
        text: &str,
        style: Style,
    ) -> Result<(), Unprintable> {
        for line in self.type_.lines(place, text, style, width)? {
            self.sheet.left(x, style.baseline(), line);
            self.sheet.down(style.leading());
        }
        Ok(())
    }

    /// The same over the whole width, on the next page where this one ends.
    fn flowing(&mut self, place: Place, text: &str, style: Style) -> Result<(), Unprintable> {
        for line in self.type_.lines(place, text, style, styles::MEASURE)? {
            if !self.sheet.has_room(style.leading()) {
                self.sheet.next_page()?;
            }
            self.sheet.left(LEFT, style.baseline(), line);
            self.sheet.down(style.leading());
        }
        Ok(())
    }

    /// Puts a label of ours or a figure, which every font has; y stays.
    fn label(&mut self, x: f32, text: &str, style: Style) -> Result<(), Unprintable> {
        let line = self.type_.line(Place::of("labels"), text, style)?;
        self.sheet.left(x, style.baseline(), line);
        Ok(())
    }

    /// The same with its right end at x.
    fn figure(&mut self, x: f32, text: &str, style: Style) -> Result<(), Unprintable> {
        let line = self.type_.line(Place::of("labels"), text, style)?;
        self.sheet.right(x, style.baseline(), line);
        Ok(())
    }

    /// A line that is made smaller if it would be wider than its column.
    fn fitted(
        &mut self,
        place: Place,
        text: &str,
        style: Style,
        width: f32,
    ) -> Result<Line, Unprintable> {
        let line = self.type_.line(place, text, style)?;
        if line.width <= width {
            return Ok(line);
        }
        let size = style.size * width / line.width;
        self.type_.line(place, text, Style { size, ..style })
    }

    /// The name of a value beside it, on the same baseline though it is smaller.
    fn name(&mut self, x: f32, text: &str) -> Result<(), Unprintable> {
        let line = self.type_.line(Place::of("labels"), text, styles::QUIET)?;
        self.sheet.left(x, styles::BODY.baseline(), line);
        Ok(())
    }

    /// What this is, with its number.
    fn heading(&self) -> String {
        format!("{} {}", self.kind, self.invoice.number())
    }

    /// A party's country in English, which post offices read everywhere; none where both are in the same.
    fn country(&self, party: &Party) -> Option<String> {
        let content = self.invoice.content();
        let is_abroad = content.seller.address.country != content.buyer.address.country;
        let country = rust_iso3166::from_alpha2(party.address.country.code());
        is_abroad.then_some(spoken(country?.name))
    }
}

/// A country's name of ISO 3166 as it is said: `Korea (Republic of)` is the Republic of Korea.
fn spoken(name: &str) -> String {
    match name.split_once(" (") {
        Some((short, long)) => match long.strip_suffix(')') {
            Some(long) if long.ends_with(" of") || long.ends_with(" of the") => {
                format!("{long} {short}")
            }
            _ => short.to_owned(),
        },
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_written_as_they_are_said() {
        for (name, said) in [
            ("Germany", "Germany"),
            ("Korea (Republic of)", "Republic of Korea"),
            ("Netherlands (Kingdom of the)", "Kingdom of the Netherlands"),
            ("Falkland Islands (Malvinas)", "Falkland Islands"),
        ] {
            assert_eq!(spoken(name), said);
        }
    }
}
