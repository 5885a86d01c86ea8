#![doc = include_str!("../README.md")]

mod document;
mod figures;
mod fonts;
mod layout;
mod sheet;
mod text;
mod unprintable;
mod words;

use invoice::{Invoice, Kind};

pub use fonts::{FontError, Fonts};
pub use unprintable::{Place, Unprintable};

use document::{About, Attachment};
use words::Words;

/// The picture of an invoice or a credit note: a PDF/A-3 of A4 pages, with its UBL attached as an alternative. The same
/// invoice, fonts and UBL are the same bytes, on every machine and in every build. In German for buyers in Germany,
/// Austria and Liechtenstein, else in English.
///
/// # Errors
/// [`Unprintable::Character`] if no font has a character, which names the field and the character; never is a box drawn.
/// [`Unprintable::TooLong`], [`Unprintable::TooManyPages`] beyond the bounds, [`Unprintable::Font`] if a font's file
/// cannot be used, [`Unprintable::Archival`] for a mistake of ours.
pub fn render(
    invoice: &Invoice,
    fonts: &Fonts,
    ubl: Option<&[u8]>,
) -> Result<Vec<u8>, Unprintable> {
    let content = invoice.content();
    let words = Words::of(&content.buyer.address.country);
    let kind = match content.kind {
        Kind::Invoice => words.invoice,
        Kind::CreditNote { .. } => words.credit_note,
    };
    let pages = layout::pages(invoice, words, kind, fonts)?;
    let about = About {
        title: format!("{kind} {}", invoice.number()),
        author: content.seller.name.as_str().to_owned(),
        language: words.language,
        issued: content.issued,
    };
    let attachment = ubl.map(|ubl| Attachment {
        name: format!("{}.xml", invoice.number()),
        description: words.attached,
        ubl,
    });
    document::write(pages, about, attachment, fonts)
}
