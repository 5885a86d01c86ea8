//! XML elements, one behind the other.

use money::Money;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use std::fmt::Display;

const INDENT: usize = 2;

/// Writes elements into memory, indented. What no element can hold is remembered, and told at the end.
pub(super) struct Elements {
    writer: Writer<Vec<u8>>,
    strange: Option<(&'static str, char)>,
}

impl Default for Elements {
    fn default() -> Self {
        Self { writer: Writer::new_with_indent(Vec::new(), b' ', INDENT), strange: None }
    }
}

impl Elements {
    /// The declaration and the element around all others, with the namespaces of UBL.
    pub(super) fn root(&mut self, name: &str, namespace: &str, inner: impl FnOnce(&mut Self)) {
        self.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let mut start = BytesStart::new(name);
        let own = format!("{namespace}:{name}-2");
        let aggregate = format!("{namespace}:CommonAggregateComponents-2");
        let basic = format!("{namespace}:CommonBasicComponents-2");
        start.push_attribute(("xmlns", own.as_str()));
        start.push_attribute(("xmlns:cac", aggregate.as_str()));
        start.push_attribute(("xmlns:cbc", basic.as_str()));
        self.event(Event::Start(start));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element of elements.
    pub(super) fn inside(&mut self, name: &'static str, inner: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element of text.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.attributed(name, None, text);
    }

    /// An element of text, if there is any.
    pub(super) fn optional(&mut self, name: &'static str, text: Option<impl Display>) {
        if let Some(text) = text {
            self.text(name, &text.to_string());
        }
    }

    /// An element of text with an attribute.
    pub(super) fn with(&mut self, name: &'static str, attribute: (&str, &str), text: &str) {
        self.attributed(name, Some(attribute), text);
    }

    /// An amount and its currency.
    pub(super) fn amount(&mut self, name: &'static str, amount: Money) {
        let written = amount.to_string();
        let number = written.split(' ').next().unwrap_or_default();
        self.with(name, ("currencyID", amount.currency().code()), number);
    }

    /// The document, or the first element with a character that XML does not have.
    pub(super) fn finish(self) -> Result<Vec<u8>, (&'static str, char)> {
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        self.strange.map_or(Ok(bytes), Err)
    }

    fn attributed(&mut self, name: &'static str, attribute: Option<(&str, &str)>, text: &str) {
        if let Some(character) = text.chars().find(|character| !is_in_xml(*character)) {
            self.strange.get_or_insert((name, character));
        }
        let mut start = BytesStart::new(name);
        if let Some(attribute) = attribute {
            start.push_attribute(attribute);
        }
        self.event(Event::Start(start));
        self.event(Event::Text(BytesText::new(text)));
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("memory takes every write");
    }
}

/// The characters of XML 1.0.
fn is_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
