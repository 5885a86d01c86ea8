//! String literals of the query language. Cosmos DB writes them in single or double quotes with backslash escapes;
//! the emulator knows single quotes that are doubled, and takes a text in double quotes for a name, so that a
//! condition on it silently finds nothing.
//! <https://learn.microsoft.com/azure/cosmos-db/nosql/query/constants>

use std::{iter::Peekable, str::Chars};

use serde_json::Value;

use super::message::{Call, Reply};

/// Spells the literals of a query in its request as the emulator reads them.
pub(super) fn prepare(call: &mut Call) {
    // A quotation mark or a backslash in the query is escaped in the JSON around it.
    if !call.body.contains(&b'\\') {
        return;
    }
    // What is no query is refused by the emulator.
    let Ok(mut body) = serde_json::from_slice::<Value>(&call.body) else {
        return;
    };
    if let Some(Value::String(query)) = body.get_mut("query") {
        *query = for_emulator(query);
        call.body = body.to_string().into();
    }
}

/// Spells the literals of a query that a plan hands out as Cosmos DB does: the client sends it back.
pub(super) fn restore_plan(reply: &mut Reply) {
    if !reply.body.contains(&b'\\') {
        return;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
        return;
    };
    if let Some(Value::String(query)) = body.pointer_mut("/queryInfo/rewrittenQuery")
        && query.contains('\\')
    {
        *query = query.replace('\\', "\\\\");
        reply.body = body.to_string().into();
    }
}

/// The query with every literal in single quotes and without escapes.
pub(super) fn for_emulator(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    let mut rest = query.chars().peekable();
    // The last character that was no blank: it tells the name of a property, as in {"a": 1}, from a literal.
    let mut before = ' ';
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                let literal = literal(c, &mut rest);
                let is_name =
                    c == '"' && matches!(before, '{' | ',') && next_is_colon(rest.clone());
                if is_name {
                    out.push('"');
                    out.push_str(&literal);
                    out.push('"');
                } else {
                    out.push('\'');
                    out.push_str(&literal.replace('\'', "''"));
                    out.push('\'');
                }
                before = c;
            }
            '-' if rest.peek() == Some(&'-') => {
                // A comment may hold an apostrophe.
                while rest.next_if(|c| *c != '\n').is_some() {}
                out.push(' ');
            }
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                // One without an end stays one, for the emulator to refuse.
                out.push_str(if skip_comment(&mut rest) { " " } else { "/*" });
            }
            _ => {
                out.push(c);
                if !c.is_whitespace() {
                    before = c;
                }
            }
        }
    }
    out
}

/// Leaves out the rest of a comment; false if it has no end.
fn skip_comment(rest: &mut Peekable<Chars<'_>>) -> bool {
    while let Some(c) = rest.next() {
        if c == '*' && rest.next_if_eq(&'/').is_some() {
            return true;
        }
    }
    false
}

/// The text up to the closing quote, which is taken too.
fn literal(quote: char, rest: &mut Peekable<Chars<'_>>) -> String {
    let mut text = String::new();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.extend(escaped(rest)),
            c if c == quote && quote == '\'' && rest.peek() == Some(&'\'') => {
                rest.next();
                text.push('\'');
            }
            c if c == quote => break,
            c => text.push(c),
        }
    }
    text
}

/// The character that the escape after a backslash stands for.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    Some(match rest.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => match code_unit(rest) {
            // A character beyond the first 65,536 is written as two.
            Some(high @ 0xD800..=0xDBFF) => {
                let mut ahead = rest.clone();
                let low = (ahead.next() == Some('\\') && ahead.next() == Some('u'))
                    .then(|| code_unit(&mut ahead))
                    .flatten();
                let pair = char::decode_utf16([high].into_iter().chain(low)).next();
                let Some(Ok(character)) = pair else { return Some(char::REPLACEMENT_CHARACTER) };
                *rest = ahead;
                character
            }
            unit => unit
                .and_then(|unit| char::from_u32(unit.into()))
                .unwrap_or(char::REPLACEMENT_CHARACTER),
        },
        c => c,
    })
}

/// The four hexadecimal digits of an escape.
fn code_unit(rest: &mut Peekable<Chars<'_>>) -> Option<u16> {
    let digits: String = rest.by_ref().take(4).collect();
    u16::from_str_radix(&digits, 16).ok()
}

fn next_is_colon(rest: Peekable<Chars<'_>>) -> bool {
    rest.into_iter().find(|c| !c.is_whitespace()) == Some(':')
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn a_text_in_double_quotes_becomes_one_in_single_quotes() {
        for (query, expected) in [
            (r#"SELECT * FROM c WHERE c.a = "x""#, "SELECT * FROM c WHERE c.a = 'x'"),
            (r#"SELECT c["a b"] FROM c"#, "SELECT c['a b'] FROM c"),
            (r#"WHERE c.a IN ("x", "y") AND f("it's")"#, "WHERE c.a IN ('x', 'y') AND f('it''s')"),
            (
                r#"SELECT VALUE {"a": c.x ? "p" : "q", "b": "r"}"#,
                r#"SELECT VALUE {"a": c.x ? 'p' : 'q', "b": 'r'}"#,
            ),
            (r"WHERE c.a = 'it\'s' OR c.a = 'a\\b\u00e9'", r"WHERE c.a = 'it''s' OR c.a = 'a\bé'"),
            (
                r"WHERE c.a = '\ud83d\ude00!' OR c.a = '\ud83dx'",
                "WHERE c.a = '😀!' OR c.a = '\u{fffd}x'",
            ),
            ("WHERE c.a = '' AND c.b = 'it''s'", "WHERE c.a = '' AND c.b = 'it''s'"),
            ("SELECT 1 -- don't\nFROM c WHERE c.a = \"x\"", "SELECT 1  \nFROM c WHERE c.a = 'x'"),
            ("SELECT/* don't **/1 FROM c", "SELECT 1 FROM c"),
            ("SELECT 1 FROM c /* 'x'", "SELECT 1 FROM c /*"),
        ] {
            assert_eq!(for_emulator(query), expected);
        }
    }

    #[test]
    fn what_the_emulator_reads_right_stays_as_it_is() {
        let query = r#"SELECT VALUE {"_rid": c._rid, "orderByItems": [{"item": c.n}]} FROM c WHERE c.a = 'x - y'"#;
        assert_eq!(for_emulator(query), query);
    }
}
