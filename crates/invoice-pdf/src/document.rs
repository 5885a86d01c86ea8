//! From marks on pages to a PDF/A-3.

use jiff::civil::Date;
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Archival, Configuration, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    error::KrillaError,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
};

use crate::{
    fonts::Fonts,
    sheet::{HEIGHT, Mark, WIDTH},
    text::{Ink, Line},
    unprintable::Unprintable,
};

/// How wide the stroke around a letter is that its font has not in bold, by its size.
const STROKE: f32 = 0.024;

/// What a document says of itself.
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) author: String,
    /// Of RFC 3066: `en`.
    pub(crate) language: &'static str,
    pub(crate) issued: Date,
}

/// The invoice as data, beside its picture.
pub(crate) struct Attachment<'a> {
    pub(crate) name: String,
    pub(crate) description: &'static str,
    pub(crate) ubl: &'a [u8],
}

/// Writes pages as a PDF/A-3u: every letter embedded, every glyph with its text.
pub(crate) fn write(
    pages: Vec<Vec<Mark>>,
    about: About,
    attachment: Option<Attachment<'_>>,
    fonts: &Fonts,
) -> Result<Vec<u8>, Unprintable> {
    let settings = SerializeSettings { configuration: archival(), ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 has a size");
    for page in pages {
        let mut page_of = document.start_page_with(settings.clone());
        let mut surface = page_of.surface();
        for mark in page {
            draw(&mut surface, mark, fonts)?;
        }
        surface.finish();
        page_of.finish();
    }
    let date = date(about.issued);
    if let Some(attachment) = attachment {
        embed(&mut document, attachment, date);
    }
    let metadata = Metadata::new()
        .title(about.title.clone())
        .authors(vec![about.author])
        .language(about.language.to_owned())
        .creation_date(date)
        .document_id(about.title);
    document.set_metadata(metadata);
    document.finish().map_err(unprintable)
}

fn archival() -> Configuration {
    ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_U)
        .finish()
        .expect("PDF/A-3u alone contradicts nothing")
}

/// The beginning of a day in UTC: a picture has no time of its own, or it would differ each time.
fn date(day: Date) -> DateTime {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    DateTime::new(u16::try_from(day.year()).unwrap_or(0))
        .month(part(day.month()))
        .day(part(day.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn embed(document: &mut Document, attachment: Attachment<'_>, date: DateTime) {
    let file = EmbeddedFile {
        path: attachment.name,
        mime_type: MimeType::new("application/xml"),
        description: Some(attachment.description.to_owned()),
        association_kind: AssociationKind::Alternative,
        data: attachment.ubl.to_vec().into(),
        modification_date: Some(date),
        compress: Some(true),
        location: None,
    };
    document.embed_file(file).expect("it is the only file");
}

fn draw(surface: &mut Surface<'_>, mark: Mark, fonts: &Fonts) -> Result<(), Unprintable> {
    match mark {
        Mark::Text { x, y, line } => text(surface, x, y, &line, fonts),
        Mark::Rule { x, y, width, weight, ink } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(ink)));
            surface.draw_path(&bar(x, y, width, weight));
            Ok(())
        }
    }
}

fn text(
    surface: &mut Surface<'_>,
    mut x: f32,
    y: f32,
    line: &Line,
    fonts: &Fonts,
) -> Result<(), Unprintable> {
    let size = line.style.size;
    for piece in &line.pieces {
        surface.set_fill(Some(fill(line.style.ink)));
        let stroke = Stroke {
            paint: colour(line.style.ink).into(),
            width: size * STROKE,
            ..Stroke::default()
        };
        surface.set_stroke(piece.stroked.then_some(stroke));
        let font = fonts.face(piece.font)?.embedded();
        let start = Point::from_xy(x, y);
        surface.draw_glyphs(start, &piece.glyphs, font, &piece.text, size, false);
        x += piece.width;
    }
    Ok(())
}

fn bar(x: f32, y: f32, width: f32, weight: f32) -> Path {
    let mut path = PathBuilder::new();
    let rect = Rect::from_xywh(x, y - weight / 2.0, width, weight).expect("a rule has a size");
    path.push_rect(rect);
    path.finish().expect("a rectangle is a path")
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: colour(ink).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Text => rgb::Color::new(29, 33, 38),
        Ink::Quiet => rgb::Color::new(98, 106, 115),
        Ink::Accent => rgb::Color::new(24, 62, 99),
        Ink::Hairline => rgb::Color::new(205, 211, 217),
    }
}

/// Letters were looked for before they were drawn, so what the standard forbids is a mistake of ours.
fn unprintable(error: KrillaError) -> Unprintable {
    let found = match error {
        KrillaError::Validation(errors) => {
            let found: Vec<_> = errors.iter().map(|error| format!("{error:?}")).collect();
            found.join(", ")
        }
        other => other.to_string(),
    };
    Unprintable::Archival { found }
}
