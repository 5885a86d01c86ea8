//! Interfaces of TypeScript, and a union of all events by their `type`.

use std::fmt::Write as _;

use super::{
    Data,
    shape::{Field, Record, Shape},
};

const HEAD: &str = r#"// Written by `cargo xtask types typescript`. What a field must keep besides its type is in its schema.

/** The envelope of each event: CloudEvents 1.0 in structured JSON, with our own `revision`. */
export interface CloudEvent<Type extends string, Data> {
  specversion: "1.0";
  /** Unique within the source: the same event sent again has the same id. */
  id: string;
  source: string;
  type: Type;
  /** What it happened to. */
  subject?: string;
  /** RFC 3339, in UTC. */
  time: string;
  datacontenttype?: string;
  dataschema?: string;
  /** Of the subject; later ones are greater. */
  revision?: number;
  traceparent?: string;
  tracestate?: string;
  /** Where the data is if it is too large to go along. */
  dataref?: string;
  data?: Data;
}
"#;

pub(super) fn written(all: &[Data]) -> String {
    let mut text = HEAD.to_owned();
    for data in all {
        let about = data.about.as_deref().unwrap_or_default();
        let comment = comment(&format!("Data of `{}`. {about}", data.event_type));
        let name = &data.name;
        let _ = writeln!(text, "\n{comment}\nexport interface {name} {{");
        for field in &data.record.0 {
            if let Some(about) = &field.about {
                let _ = writeln!(text, "  {}", self::comment(about));
            }
            let _ = writeln!(text, "  {};", member(field));
        }
        text.push_str("}\n");
    }
    text.push_str("\n/** An event of ours, by its `type`. */\nexport type IommiEvent =");
    for data in all {
        let _ = write!(text, "\n  | CloudEvent<\"{}\", {}>", data.event_type, data.name);
    }
    text.push_str(";\n");
    text
}

/// What would end the comment does not.
fn comment(text: &str) -> String {
    format!("/** {} */", text.trim().replace("*/", "*\u{2060}/"))
}

fn member(field: &Field) -> String {
    let optional = if field.is_optional { "?" } else { "" };
    let null = if field.is_nullable { " | null" } else { "" };
    format!("{}{optional}: {}{null}", property(&field.name), type_of(&field.shape))
}

/// A name that is no identifier stands in quotes.
fn property(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain { name.to_owned() } else { format!("{name:?}") }
}

fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Moment | Shape::Day | Shape::Uuid => "string".to_owned(),
        Shape::Integer { .. } | Shape::Number => "number".to_owned(),
        Shape::Flag => "boolean".to_owned(),
        Shape::Words { words, is_open } => {
            let mut words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            if *is_open {
                words.push("(string & {})".to_owned());
            }
            words.join(" | ")
        }
        Shape::List(inner) => match **inner {
            Shape::Words { .. } => format!("({})[]", type_of(inner)),
            _ => format!("{}[]", type_of(inner)),
        },
        Shape::Map(inner) => format!("Record<string, {}>", type_of(inner)),
        Shape::Record(Record(fields)) => {
            let members: Vec<String> = fields.iter().map(member).collect();
            format!("{{ {} }}", members.join("; "))
        }
    }
}
