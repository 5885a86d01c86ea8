//! XML out and in: small documents, written by hand and read into a tree.

use quick_xml::{Reader, XmlVersion, events::Event};

use super::{code, failure::Failure};

/// Elements inside one another in a document that is read: the deepest of ours has four.
const MAX_DEPTH: usize = 8;
/// Elements in a document that is read: a block list may name 50,000 blocks.
const MAX_ELEMENTS: usize = 60_000;

/// A document being written.
pub(super) struct Xml(String);

impl Xml {
    /// A document with its declaration.
    pub(super) fn document() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned())
    }

    /// `<name>`
    pub(super) fn open(&mut self, name: &str) {
        self.raw(&["<", name, ">"]);
    }

    /// `<name attribute="value">`
    pub(super) fn open_with(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.raw(&["<", name]);
        for (attribute, value) in attributes {
            self.raw(&[" ", attribute, "=\""]);
            self.escaped(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// `</name>`
    pub(super) fn close(&mut self, name: &str) {
        self.raw(&["</", name, ">"]);
    }

    /// `<name>text</name>`, or `<name />` when there is no text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            self.raw(&["<", name, " />"]);
            return;
        }
        self.open(name);
        self.escaped(text);
        self.close(name);
    }

    /// `<name>text</name>` if there is a text at all.
    pub(super) fn text_if(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Text inside the element that is open.
    pub(super) fn plain(&mut self, text: &str) {
        self.escaped(text);
    }

    /// An element that was read.
    pub(super) fn element(&mut self, element: &Element) {
        if element.children.is_empty() {
            self.text(&element.name, &element.text);
            return;
        }
        self.open(&element.name);
        for child in &element.children {
            self.element(child);
        }
        self.close(&element.name);
    }

    /// The document's bytes.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn raw(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.push_str(part);
        }
    }

    fn escaped(&mut self, mut text: &str) {
        while let Some(at) = text.find(['&', '<', '>', '"', '\r']) {
            let (plain, rest) = text.split_at(at);
            self.0.push_str(plain);
            self.0.push_str(match rest.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                // Written plainly a reader would turn it into a line feed.
                _ => "&#xD;",
            });
            text = &rest[1..];
        }
        self.0.push_str(text);
    }
}

/// Whether XML 1.0 can hold this character at all.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// An element that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// The text in it, with entities resolved.
    pub(super) text: String,
    /// The elements in it, in order.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first element of that name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of that name in it.
    pub(super) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// Reads a document whose outermost element is `root`.
pub(super) fn parse(bytes: &[u8], root: &str) -> Result<Element, Failure> {
    let element = read(bytes)
        .map_err(|reason| Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", reason))?;
    if element.name != root {
        let reason = format!("the outermost element is {}, not {root}", element.name);
        return Err(Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", reason));
    }
    Ok(element)
}

fn read(bytes: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}'));
    reader.config_mut().expand_empty_elements = true;
    // The first is a stand-in for the document itself.
    let mut open = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|e| e.to_string())?;
        let Some(inner) = open.last_mut() else { return Err("more ends than starts".to_owned()) };
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() > MAX_DEPTH || count > MAX_ELEMENTS {
                    return Err(format!("more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements"));
                }
                let name = start.local_name().as_ref().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                open.last_mut().ok_or("an end without a start")?.children.push(closed);
            }
            Event::Text(text) => push_text(inner, &text.xml_content(XmlVersion::Explicit1_0))?,
            Event::CData(text) => push_text(inner, &text.xml_content(XmlVersion::Explicit1_0))?,
            Event::GeneralRef(reference) => inner.text.push(resolve(&reference)?),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err("a document type is not accepted".to_owned()),
            Event::Empty(_) => return Err("an empty element that was not expanded".to_owned()),
        }
    }
    let document = open.pop().unwrap_or_default();
    if !open.is_empty() {
        return Err(format!("{} is not closed", document.name));
    }
    let mut elements = document.children.into_iter();
    match (elements.next(), elements.next()) {
        (Some(element), None) if document.text.trim().is_empty() => Ok(element),
        _ => Err("a document is one element".to_owned()),
    }
}

fn push_text(element: &mut Element, text: &str) -> Result<(), String> {
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(not_allowed(c));
    }
    element.text.push_str(text);
    Ok(())
}

fn not_allowed(c: char) -> String {
    format!("U+{:04X} is not a character of XML", u32::from(c))
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|e| e.to_string())? {
        return if is_allowed(c) { Ok(c) } else { Err(not_allowed(c)) };
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err("an entity that is none of XML's five".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back_as_it_was_written() {
        let text = " <a href=\"x\">&amp; 'é'\r\n\t漢字 🌉 ";
        let mut xml = Xml::document();
        xml.open("QueueMessage");
        xml.text("MessageText", text);
        xml.close("QueueMessage");
        let message = parse(xml.finish().as_bytes(), "QueueMessage").unwrap();
        assert_eq!(message.child_text("MessageText"), Some(text));
    }

    #[test]
    fn an_empty_element_is_an_empty_text() {
        let read =
            parse(b"\xEF\xBB\xBF<QueueMessage><MessageText /></QueueMessage>", "QueueMessage")
                .unwrap();
        assert_eq!(read.child_text("MessageText"), Some(""));
    }

    #[test]
    fn what_is_not_the_document_is_refused() {
        for bad in [
            "",
            "text",
            "<a>",
            "<QueueMessage></QueueMessages>",
            "<Other />",
            "<QueueMessage /><QueueMessage />",
            "<!DOCTYPE QueueMessage><QueueMessage />",
            "<QueueMessage>&bomb;</QueueMessage>",
            "<QueueMessage>&#1;</QueueMessage>",
            "<QueueMessage>\u{1}</QueueMessage>",
            "<a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a>",
        ] {
            let failure = parse(bad.as_bytes(), "QueueMessage").unwrap_err();
            assert_eq!(failure.code(), code::INVALID_XML_DOCUMENT, "{bad}");
        }
    }
}
