//! A picture parsed back: glyphs and texts of its pages.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};

/// What a font of ours has in the place of a character that it lacks.
const NOTDEF: u16 = 0;

/// A picture.
pub(crate) struct Picture {
    pub(crate) document: Document,
}

/// What a page shows.
#[derive(Default)]
pub(crate) struct Page {
    /// Every glyph by its font.
    glyphs: Vec<(String, u16)>,
    /// The text, as it is copied; each piece that was drawn is one.
    pub(crate) texts: Vec<String>,
}

impl Picture {
    pub(crate) fn of(pdf: &[u8]) -> Self {
        Self { document: Document::load_mem(pdf).unwrap() }
    }

    pub(crate) fn pages(&self) -> Vec<Page> {
        self.document.get_pages().values().map(|page| self.page(*page)).collect()
    }

    fn page(&self, id: ObjectId) -> Page {
        let fonts = self.document.get_page_fonts(id).unwrap();
        let maps: BTreeMap<String, BTreeMap<u16, String>> = fonts
            .iter()
            .map(|(name, font)| (String::from_utf8_lossy(name).into_owned(), self.to_unicode(font)))
            .collect();
        let content = self.document.get_page_content(id);
        let mut page = Page::default();
        let mut font = String::new();
        // A text that stands for all glyphs up to its end.
        let mut instead = false;
        for operation in Content::decode(&content).unwrap().operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "Tf" => font = String::from_utf8_lossy(operands[0].as_name().unwrap()).into_owned(),
                "BDC" => {
                    let properties = operands[1].as_dict().unwrap();
                    if let Ok(text) = properties.get(b"ActualText") {
                        page.texts.push(lopdf::decode_text_string(text).unwrap());
                        instead = true;
                    }
                }
                "EMC" => instead = false,
                "Tj" | "TJ" => {
                    let glyphs = glyphs(operands);
                    let text: String =
                        glyphs.iter().map(|glyph| maps[&font][glyph].as_str()).collect();
                    if !instead {
                        page.texts.push(text);
                    }
                    page.glyphs.extend(glyphs.into_iter().map(|glyph| (font.clone(), glyph)));
                }
                _ => {}
            }
        }
        page
    }

    /// What each glyph of a font stands for.
    fn to_unicode(&self, font: &Dictionary) -> BTreeMap<u16, String> {
        let map = font.get_deref(b"ToUnicode", &self.document).unwrap().as_stream().unwrap();
        let text = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
        let mut glyphs = BTreeMap::new();
        for line in text.lines().filter(|line| line.starts_with('<')) {
            let words: Vec<&str> =
                line.split(['<', '>', ' ']).filter(|word| !word.is_empty()).collect();
            // Others are the range of all codes.
            if let [glyph, text] = words[..]
                && text.len() >= 4
            {
                let units: Vec<u16> = (0..text.len() / 4)
                    .map(|at| u16::from_str_radix(&text[at * 4..at * 4 + 4], 16).unwrap())
                    .collect();
                let glyph = u16::from_str_radix(glyph, 16).unwrap();
                glyphs.insert(glyph, String::from_utf16(&units).unwrap());
            }
        }
        glyphs
    }
}

impl Page {
    pub(crate) fn has_notdef(&self) -> bool {
        assert!(!self.glyphs.is_empty(), "no glyph was found");
        self.glyphs.iter().any(|(_, glyph)| *glyph == NOTDEF)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|found| found.contains(text))
    }

    /// Every character that can be copied from it.
    pub(crate) fn characters(&self) -> BTreeSet<char> {
        self.texts.iter().flat_map(|text| text.chars()).collect()
    }
}

/// Two bytes are a glyph.
fn glyphs(operands: &[Object]) -> Vec<u16> {
    let mut glyphs = Vec::new();
    for operand in operands {
        match operand {
            Object::String(bytes, _) => {
                glyphs.extend(bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
            }
            Object::Array(parts) => glyphs.extend(self::glyphs(parts)),
            _ => {}
        }
    }
    glyphs
}
