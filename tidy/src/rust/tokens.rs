//! Rust source as tokens, without comments and what is in quotes.

/// A token: a word, `::`, or one character. A text, a character or a lifetime is a single `"`.
pub(crate) type Token = String;

/// The tokens of a file.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let next = characters.get(at + 1).copied().unwrap_or_default();
        match characters[at] {
            '/' if next == '/' => at = line_end(&characters, at),
            '/' if next == '*' => at = comment_end(&characters, at),
            '"' => {
                at = text_end(&characters, at + 1);
                tokens.push("\"".to_owned());
            }
            '\'' => {
                at = quoted_end(&characters, at);
                tokens.push("\"".to_owned());
            }
            'r' | 'b' | 'c' if raw_text_end(&characters, at).is_some() => {
                at = raw_text_end(&characters, at).unwrap_or(at);
                tokens.push("\"".to_owned());
            }
            ':' if next == ':' => {
                at += 2;
                tokens.push("::".to_owned());
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = (at..characters.len())
                    .find(|end| !characters[*end].is_alphanumeric() && characters[*end] != '_');
                let end = end.unwrap_or(characters.len());
                tokens.push(characters[at..end].iter().collect());
                at = end;
            }
            c => {
                at += 1;
                if !c.is_whitespace() {
                    tokens.push(c.to_string());
                }
            }
        }
    }
    tokens
}

fn line_end(characters: &[char], start: usize) -> usize {
    (start..characters.len()).find(|at| characters[*at] == '\n').unwrap_or(characters.len())
}

/// Behind a comment, which may hold others.
fn comment_end(characters: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at + 1 < characters.len() {
        match (characters[at], characters[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    characters.len()
}

/// Behind the closing quote of a text that began before `start`.
fn text_end(characters: &[char], start: usize) -> usize {
    let mut at = start;
    while at < characters.len() {
        match characters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    characters.len()
}

/// Behind a character, or behind the quote of a lifetime.
fn quoted_end(characters: &[char], start: usize) -> usize {
    let at = |offset: usize| characters.get(start + offset).copied().unwrap_or_default();
    match (at(1), at(2)) {
        ('\\', _) => {
            let end = (start + 3..characters.len()).find(|end| characters[*end] == '\'');
            end.map_or(characters.len(), |end| end + 1)
        }
        (_, '\'') => start + 3,
        _ => start + 1,
    }
}

/// Behind `b"…"`, `c"…"`, `r"…"`, `r#"…"#`, `br#"…"#`: `None` if none begins here.
fn raw_text_end(characters: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    while matches!(characters.get(at), Some('b' | 'c')) && at < start + 1 {
        at += 1;
    }
    let is_raw = characters.get(at) == Some(&'r');
    at += usize::from(is_raw);
    let hashes = characters[at.min(characters.len())..].iter().take_while(|c| **c == '#').count();
    if characters.get(at + hashes) != Some(&'"') || (!is_raw && hashes > 0) {
        return None;
    }
    if !is_raw {
        return Some(text_end(characters, at + 1));
    }
    let body = at + hashes + 1;
    let closes = |end: &usize| {
        characters[*end] == '"'
            && (1..=hashes).all(|offset| characters.get(end + offset) == Some(&'#'))
    };
    Some((body..characters.len()).find(closes).map_or(characters.len(), |end| end + hashes + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_characters_and_lifetimes_are_no_words() {
        let source = r##"
            // crate::a
            /* crate::b /* crate::c */ crate::d */
            fn f<'a>(c: char) -> &'a str { if c == '"' || c == '\'' { "crate::e \" x" } else { r#"crate::"f"# } }
            const B: &[u8] = b"crate::g";
        "##;
        let words = tokens(source).join(" ");
        assert!(!words.contains("crate"), "{words}");
        assert!(words.contains("else { \" }"), "{words}");
        assert!(words.ends_with("const B : & [ u8 ] = \" ;"), "{words}");
    }

    #[test]
    fn paths_are_words_and_double_colons() {
        assert_eq!(tokens("crate::a_b::C").join(" "), "crate :: a_b :: C");
    }
}
