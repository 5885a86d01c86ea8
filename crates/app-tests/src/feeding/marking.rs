//! Marks in the place of the texts of an example, where they fit.

use serde_json::{Map, Value};

use crate::marked::{Kind, Marks};

/// What a member of a name like this is; the first that fits counts.
const KINDS: [(&[&str], Kind); 11] = [
    (&["email"], Kind::Email),
    (&["phone", "mobile"], Kind::Phone),
    (&["birth"], Kind::Birthday),
    (&["iban"], Kind::Iban),
    (&["lastfour"], Kind::LastFour),
    (&["token"], Kind::CardToken),
    (&["secret", "key", "password", "code"], Kind::Secret),
    (&["number", "pan"], Kind::CardNumber),
    (&["street", "address", "city", "postal"], Kind::Street),
    (&["file"], Kind::FileName),
    (&["name"], Kind::Name),
];
/// What is tried after that.
const OTHERS: [Kind; 3] = [Kind::Text, Kind::Word, Kind::LastFour];
/// So long is no text.
const TOO_LONG: usize = 20_000;
/// Examples in which more texts stand are marked so far.
const TEXTS_MAX: usize = 60;

/// The example with a mark for each text that may be one: `fits` says whether a whole value would do.
pub(super) fn marked(example: &Value, marks: &Marks, fits: impl Fn(&Value) -> bool) -> Value {
    let mut value = example.clone();
    let mut texts = Vec::new();
    find_texts(example, "", &mut texts);
    for pointer in texts.iter().take(TEXTS_MAX) {
        let Some(before) = value.pointer(pointer).cloned() else { continue };
        for kind in kinds(pointer) {
            if let Some(place) = value.pointer_mut(pointer) {
                *place = Value::from(marks.new_mark(kind));
            }
            if fits(&value) {
                break;
            }
            if let Some(place) = value.pointer_mut(pointer) {
                *place = before.clone();
            }
        }
    }
    value
}

/// Marks where nothing of the kind belongs: each is a body that is to be refused.
pub(super) fn spoiled(example: &Value, marks: &Marks) -> Vec<Value> {
    let mut unknown = example.clone();
    if let Some(members) = unknown.as_object_mut() {
        members.insert(marks.new_mark(Kind::Word), Value::from(marks.new_mark(Kind::Text)));
        members.insert(marks.new_mark(Kind::Email), Value::from(marks.new_mark(Kind::Email)));
    }
    let long = |kind: Kind| {
        let mark = marks.new_mark(kind);
        Value::from(mark.repeat(TOO_LONG / mark.len()))
    };
    vec![
        every(example, &|_| wrong_type(marks)),
        every(example, &|_| long(Kind::Name)),
        every(example, &|name| Value::from(marks.new_mark(kinds(name)[0]))),
        unknown,
        Value::from(marks.new_mark(Kind::Secret)),
        Value::from(vec![marks.new_mark(Kind::Text)]),
    ]
}

fn wrong_type(marks: &Marks) -> Value {
    Value::from(vec![Value::from(Map::from_iter([(
        marks.new_mark(Kind::Word),
        Value::from(marks.new_mark(Kind::Text)),
    )]))])
}

/// Every value that is no object in the place of which stands another.
fn every(value: &Value, other: &dyn Fn(&str) -> Value) -> Value {
    fn at(name: &str, value: &Value, other: &dyn Fn(&str) -> Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (name.clone(), at(name, member, other)))
                .collect::<Map<_, _>>()
                .into(),
            _ => other(name),
        }
    }
    at("", value, other)
}

/// What a value of this name, or at this pointer, may be, the best first.
pub(super) fn kinds(pointer: &str) -> Vec<Kind> {
    let mut parts = pointer.rsplit('/').filter(|part| part.parse::<usize>().is_err());
    let name = parts.next().unwrap_or_default().to_lowercase();
    let mut named = KINDS.iter();
    let named = named.find(|(words, _)| words.iter().any(|word| name.contains(word)));
    named.map(|(_, kind)| *kind).into_iter().chain(OTHERS).collect()
}

fn find_texts(value: &Value, pointer: &str, texts: &mut Vec<String>) {
    match value {
        Value::String(_) => texts.push(pointer.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_texts(item, &format!("{pointer}/{index}"), texts);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                find_texts(member, &format!("{pointer}/{name}"), texts);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn every_text_that_may_be_another_is_a_mark_and_the_others_stay() {
        let marks = Marks::new(7);
        let example = json!({"name": "Kim", "country": "DK", "to": [{"emailAddress": "kim@example.com"}], "age": 7});
        let is_right = |value: &Value| value["country"] == "DK";
        let made = marked(&example, &marks, is_right);
        assert_eq!((&made["country"], &made["age"]), (&json!("DK"), &json!(7)));
        let all = marks.anywhere();
        for pointer in ["/name", "/to/0/emailAddress"] {
            let mark = made.pointer(pointer).unwrap().as_str().unwrap();
            assert!(all.iter().any(|known| known == mark), "{pointer}: {mark}");
        }
        assert!(made["to"][0]["emailAddress"].as_str().unwrap().contains('@'));
    }
}
