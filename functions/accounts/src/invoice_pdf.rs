//! A statement as a page to print: a PDF with fonts that every reader has, so nothing is embedded. The same statement
//! makes the same bytes.

use crate::domain::{Account, Amount, Company, CreditorReference, Statement};
use jiff::Timestamp;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 64.0;
/// Where amounts end.
const RIGHT: f32 = WIDTH - LEFT;
const SIZE: f32 = 11.0;
const TITLE_SIZE: f32 = 20.0;
/// From one line to the next.
const STEP: f32 = 20.0;
/// The width of a character of Courier, in parts of its size.
const COURIER: f32 = 0.6;
/// Most characters of a name on a line.
const MAX_NAME: usize = 60;
const TEXT: Name<'_> = Name(b"Text");
const FIGURES: Name<'_> = Name(b"Figures");

/// The statement of a company; of one who was erased, of none.
pub(crate) fn page(statement: &Statement, account: &Account, company: Option<&Company>) -> Vec<u8> {
    let content = written(statement, account, company);
    let [catalog, pages, page, body, text, figures] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(pages).contents(body);
    sheet.resources().fonts().pair(TEXT, text).pair(FIGURES, figures);
    sheet.finish();
    for (font, name) in [(text, Name(b"Helvetica")), (figures, Name(b"Courier"))] {
        pdf.type1_font(font).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.stream(body, &content);
    pdf.finish()
}

fn written(statement: &Statement, account: &Account, company: Option<&Company>) -> Vec<u8> {
    let money = |amount: Amount| amount.in_currency(statement.currency).to_string();
    let rules = account.cycle.zone.rules();
    let date = |at: Timestamp| rules.to_datetime(at).date().to_string();
    let mut sheet = Sheet { content: Content::new(), y: HEIGHT - LEFT };
    sheet.text(&format!("Statement {}", statement.period), TITLE_SIZE);
    sheet.down();
    if let Some(company) = company {
        sheet.text(company.name.as_str(), SIZE);
        sheet.text(company.number.as_str(), SIZE);
    }
    sheet.row("Account", account.name.as_str());
    sheet.row("Number", &statement.number.to_string());
    sheet.row("From", &date(statement.from));
    sheet.row("Before", &date(statement.to));
    sheet.down();
    for (what, amount) in [
        ("Owed at the beginning", statement.opening),
        ("Purchases", statement.sums.purchases),
        ("Refunds", statement.sums.refunds),
        ("Chargebacks", statement.sums.chargebacks),
        ("Payments", statement.sums.payments),
        ("Owed at the end", statement.closing()),
    ] {
        sheet.row(what, &money(amount));
    }
    sheet.down();
    sheet.row("To be paid", &money(statement.due()));
    sheet.row("Not later than", &statement.due_on.to_string());
    sheet.row("Reference", &CreditorReference::of(statement.account_id).to_string());
    sheet.content.finish().into_vec()
}

struct Sheet {
    content: Content,
    /// Where the next line stands.
    y: f32,
}

impl Sheet {
    fn down(&mut self) {
        self.y -= STEP;
    }

    fn text(&mut self, text: &str, size: f32) {
        self.put(TEXT, (LEFT, size), &encoded(text));
        self.down();
    }

    /// What stands at the right ends at one line.
    fn row(&mut self, what: &str, value: &str) {
        let value = encoded(value);
        let characters = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.put(TEXT, (LEFT, SIZE), &encoded(what));
        self.put(FIGURES, (RIGHT - f32::from(characters) * SIZE * COURIER, SIZE), &value);
        self.down();
    }

    fn put(&mut self, font: Name<'_>, (x, size): (f32, f32), text: &[u8]) {
        self.content.begin_text().set_font(font, size).next_line(x, self.y);
        self.content.show(Str(text)).end_text();
    }
}

/// In the fonts' own encoding; what they have no sign for is a question mark. Too long a name ends with three points.
fn encoded(text: &str) -> Vec<u8> {
    let is_long = text.chars().count() > MAX_NAME;
    let shown = if is_long { MAX_NAME - 3 } else { MAX_NAME };
    let mut bytes: Vec<u8> = text.chars().take(shown).map(sign).collect();
    bytes.extend_from_slice(if is_long { b"..." } else { b"" });
    bytes
}

/// Windows-1252, as far as it is Latin-1, and the euro.
fn sign(character: char) -> u8 {
    match (u8::try_from(u32::from(character)), character) {
        (_, '€') => 0x80,
        (Ok(byte), _) if !character.is_control() => byte,
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_have_no_sign_for_is_a_question_mark_and_a_long_name_is_cut() {
        assert_eq!(encoded("Blåbær € 株式"), b"Bl\xe5b\xe6r \x80 ??");
        let long = encoded(&"é".repeat(100));
        assert_eq!((long.len(), &long[57..]), (MAX_NAME, b"...".as_slice()));
    }
}
