//! Flat XML records, which is all that these services answer with.

use std::collections::BTreeMap;

use quick_xml::{Reader, events::Event};

/// The texts of a record's elements by name. Elements nested deeper are there under their own names too.
pub type Record = BTreeMap<String, String>;

/// Every element called `name`, as a record of the elements in it.
pub fn records(xml: &str, name: &str) -> Result<Vec<Record>, quick_xml::Error> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut records = Vec::new();
    let mut current: Option<Record> = None;
    let mut text = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(element) => {
                text.clear();
                if element.name().as_ref() == name {
                    current = Some(Record::new());
                }
            }
            Event::Empty(element) => {
                if let Some(record) = &mut current {
                    record.insert(element.name().as_ref().to_owned(), String::new());
                }
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) => text.extend(resolved(&entity)?),
            Event::End(element) => {
                if element.name().as_ref() == name {
                    records.extend(current.take());
                } else if let Some(record) = &mut current {
                    record.insert(element.name().as_ref().to_owned(), std::mem::take(&mut text));
                }
            }
            Event::Eof => return Ok(records),
            _ => {}
        }
    }
}

fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> Result<Option<char>, quick_xml::Error> {
    Ok(match &**entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref()?,
    })
}

/// A text as the content of an element.
pub fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_hold_their_elements_with_references_resolved() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><List><Item><A>1 &lt;&amp;&#65;&#x42;&gt; </A><B/></Item>\
            <Item><A><![CDATA[<x>]]></A></Item></List>";
        let read = records(xml, "Item").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].get("A").map(String::as_str), Some("1 <&AB> "));
        assert_eq!(read[0].get("B").map(String::as_str), Some(""));
        assert_eq!(read[1].get("A").map(String::as_str), Some("<x>"));
    }

    #[test]
    fn what_is_escaped_is_read_back() {
        let text = "a<b>&\"'\u{e9}\n";
        let read = records(&format!("<I><T>{}</T></I>", escape(text)), "I").unwrap();
        assert_eq!(read[0]["T"], text);
    }

    #[test]
    fn broken_xml_is_an_error() {
        assert!(records("<Item><A></Item>", "Item").is_err());
    }
}
