//! The one XML document that is read: a list of messages.

use std::collections::BTreeMap;

use quick_xml::{Reader, events::Event};

/// A message's elements by name.
pub(super) type Record = BTreeMap<String, String>;

/// Every `QueueMessage` of the list.
pub(super) fn messages(xml: &str) -> Result<Vec<Record>, quick_xml::Error> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut messages = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(element) => {
                text.clear();
                if element.name().as_ref() == "QueueMessage" {
                    messages.push(Record::new());
                }
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) => match entity.resolve_char_ref()? {
                Some(char) => text.push(char),
                None => text.push_str(
                    quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or_default(),
                ),
            },
            Event::End(element) => {
                if let Some(message) = messages.last_mut() {
                    message.insert(element.name().as_ref().to_owned(), std::mem::take(&mut text));
                }
            }
            Event::Eof => return Ok(messages),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_with_their_texts_unescaped() {
        let list = "\u{feff}<?xml version=\"1.0\"?><QueueMessagesList><QueueMessage><MessageId>1</MessageId>\
                    <MessageText>a &lt;b&gt; &amp; &#228;</MessageText></QueueMessage><QueueMessage>\
                    <MessageId>2</MessageId></QueueMessage></QueueMessagesList>";
        let read = messages(list).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0]["MessageText"], "a <b> & ä");
        assert_eq!(read[1]["MessageId"], "2");
        assert!(messages("<QueueMessagesList/>").unwrap().is_empty());
    }
}
