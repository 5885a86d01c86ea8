//! The words and signs of a query, so that nothing depends on how it is spaced. What goes in has no comments, its texts in
//! single quotes and its names in double ones ([`query_text::for_emulator`](super::query_text::for_emulator)).

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword, a name or a number.
    Word,
    /// In single quotes.
    Text,
    /// In double quotes.
    Name,
    /// `@name`.
    Parameter,
    /// One character.
    Sign,
}

/// A token, where it begins, and how deep in parentheses and brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) depth: usize,
}

impl Token<'_> {
    /// Whether it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this character.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// The tokens of a query in their order. An opening sign is as deep as what stands before it, a closing one too.
pub(super) fn tokens(query: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    while let Some(c) = query[start..].chars().next() {
        let rest = &query[start..];
        let (kind, length) = match c {
            c if c.is_whitespace() => {
                start += c.len_utf8();
                continue;
            }
            '\'' => (Kind::Text, text_length(rest)),
            '"' => (Kind::Name, rest[1..].find('"').map_or(rest.len(), |end| end + 2)),
            '@' => (Kind::Parameter, 1 + word_length(&rest[1..])),
            c if is_in_word(c) => (Kind::Word, word_length(rest)),
            c => (Kind::Sign, c.len_utf8()),
        };
        if matches!(c, ')' | ']' | '}') {
            depth = depth.saturating_sub(1);
        }
        tokens.push(Token { kind, text: &rest[..length], start, depth });
        if matches!(c, '(' | '[' | '{') {
            depth += 1;
        }
        start += length;
    }
    tokens
}

/// A text ends with a quote that is not doubled.
fn text_length(rest: &str) -> usize {
    let mut quotes = rest.match_indices('\'').skip(1).map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return at + 1;
        }
    }
    rest.len()
}

fn word_length(rest: &str) -> usize {
    rest.find(|c| !is_in_word(c)).unwrap_or(rest.len())
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn a_query_falls_into_words_texts_and_signs() {
        let query = "SELECT\tVALUE c.a FROM c WHERE f (c['it''s'],@x)='' AND c.\"b c\"";
        let texts: Vec<_> = tokens(query).iter().map(|token| token.text).collect();
        let expected = [
            "SELECT", "VALUE", "c", ".", "a", "FROM", "c", "WHERE", "f", "(", "c", "[", "'it''s'",
            "]", ",", "@x", ")", "=", "''", "AND", "c", ".", "\"b c\"",
        ];
        assert_eq!(texts, expected);
        let depths = tokens("a(b[1],c)").iter().map(|token| token.depth).collect::<Vec<_>>();
        assert_eq!(depths, [0, 0, 1, 1, 2, 1, 1, 1, 0]);
        assert_eq!(tokens("'open").len(), 1);
    }
}
