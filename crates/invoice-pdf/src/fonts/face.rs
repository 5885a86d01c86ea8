//! A font that was read: what krilla embeds, and what letters are shaped by.

use std::{fmt, sync::Arc};

use harfrust::{FontRef, ShaperData};
use skrifa::MetadataProvider;

/// A font that was read.
pub(crate) struct Face {
    bytes: Arc<Vec<u8>>,
    embedded: krilla::text::Font,
    shaping: ShaperData,
}

/// A face as one rendering uses it.
pub(crate) struct Shaper<'f> {
    charmap: skrifa::charmap::Charmap<'f>,
    shaper: harfrust::Shaper<'f>,
}

impl Face {
    /// Nothing if these bytes are no font.
    pub(super) fn new(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Arc::new(bytes);
        let shaping = ShaperData::new(&FontRef::new(&bytes).ok()?);
        let embedded = krilla::text::Font::new(bytes.clone().into(), 0)?;
        Some(Self { bytes, embedded, shaping })
    }

    pub(crate) fn embedded(&self) -> krilla::text::Font {
        self.embedded.clone()
    }

    pub(crate) fn shaper(&self) -> Shaper<'_> {
        let font = FontRef::new(&self.bytes).expect("it was a font when it was read");
        Shaper { charmap: font.charmap(), shaper: self.shaping.shaper(&font).build() }
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl<'f> Shaper<'f> {
    pub(crate) fn has(&self, character: char) -> bool {
        self.charmap.map(character).is_some()
    }

    pub(crate) fn letters(&self) -> &harfrust::Shaper<'f> {
        &self.shaper
    }
}
