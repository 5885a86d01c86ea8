//! What a file declares, imports and names.

use std::collections::BTreeSet;

use super::tokens::{Token, tokens};

/// A file's words about other modules; what is inside `mod x { … }` is left out: there are tests.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// `mod x;`
    pub(crate) children: BTreeSet<String>,
    /// `use a::b as c;`
    pub(crate) imports: Vec<Import>,
    /// Paths in the code.
    pub(crate) paths: Vec<Vec<String>>,
    /// What it defines: types, functions, constants and macros.
    pub(crate) items: BTreeSet<String>,
}

/// One name of a `use`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// The name here; `*` for all.
    pub(crate) name: String,
    /// Whether it is passed on: `pub use`, `pub(crate) use`.
    pub(crate) is_public: bool,
}

/// Words before the name of an item.
const ITEMS: [&str; 9] =
    ["struct", "enum", "fn", "const", "static", "trait", "type", "union", "macro_rules"];

impl Source {
    pub(crate) fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut source = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            at = source.take(&tokens, at);
        }
        source
    }

    /// Takes what begins here, and says where the next begins.
    fn take(&mut self, tokens: &[Token], at: usize) -> usize {
        let token = |offset: usize| tokens.get(at + offset).map_or("", String::as_str);
        match token(0) {
            "mod" if token(2) == ";" => {
                self.children.insert(token(1).to_owned());
                at + 3
            }
            "mod" if token(2) == "{" => closing(tokens, at + 2),
            "use" => {
                let is_public = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
                self.take_use(tokens, at + 1, &mut Vec::new(), is_public) + 1
            }
            word if ITEMS.contains(&word) => {
                let name = if token(1) == "!" { token(2) } else { token(1) };
                self.items.insert(name.to_owned());
                at + 1
            }
            word if token(1) == "::" && is_word(word) && (at == 0 || tokens[at - 1] != "::") => {
                let mut path = vec![word.to_owned()];
                let mut next = at + 1;
                while tokens.get(next).is_some_and(|token| token == "::")
                    && tokens.get(next + 1).is_some_and(|token| is_word(token))
                {
                    path.push(tokens[next + 1].clone());
                    next += 2;
                }
                self.paths.push(path);
                next
            }
            _ => at + 1,
        }
    }

    /// Takes a tree of a `use` and says at which token it ends: `;`, `,` or `}`.
    fn take_use(
        &mut self,
        tokens: &[Token],
        start: usize,
        path: &mut Vec<String>,
        is_public: bool,
    ) -> usize {
        let before = path.len();
        let mut at = start;
        let mut name = None;
        while let Some(token) = tokens.get(at) {
            match token.as_str() {
                ";" | "," | "}" => break,
                "::" => at += 1,
                "as" => {
                    name = tokens.get(at + 1).cloned();
                    at += 2;
                }
                "{" => {
                    while tokens.get(at).is_some_and(|token| token != "}" && token != ";") {
                        at = self.take_use(tokens, at + 1, path, is_public);
                    }
                    path.truncate(before);
                    return at + 1;
                }
                word => {
                    path.push(word.to_owned());
                    at += 1;
                }
            }
        }
        if path.len() > before {
            let mut whole = path.clone();
            if whole.last().is_some_and(|last| last == "self") {
                whole.pop();
            }
            let last = whole.last().cloned().unwrap_or_default();
            let name = name.unwrap_or(last);
            if name == "*" {
                whole.pop();
            }
            self.imports.push(Import { path: whole, name, is_public });
        }
        path.truncate(before);
        at
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Behind the brace that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(text: &str) -> Vec<String> {
        let imports = Source::read(text).imports;
        imports
            .iter()
            .map(|import| format!("{} = {}", import.name, import.path.join("::")))
            .collect()
    }

    #[test]
    fn a_use_is_a_tree_of_names() {
        assert_eq!(
            imports("use crate::{a::{self, B as C}, d::*, e}; pub(crate) use f::G;"),
            ["a = crate::a", "C = crate::a::B", "* = crate::d", "e = crate::e", "G = f::G"]
        );
        let public: Vec<bool> =
            Source::read("use a::B; pub use c::D;").imports.iter().map(|i| i.is_public).collect();
        assert_eq!(public, [false, true]);
    }

    #[test]
    fn children_items_and_paths_are_told_apart_and_tests_are_left_out() {
        let source = Source::read(
            "mod a; pub(crate) struct B; fn f() { super::g::<u8>(crate::h::I::new()) } \
             #[cfg(test)] mod tests { use crate::z::Z; fn y() {} } const C: u8 = 0;",
        );
        assert_eq!(source.children.iter().collect::<Vec<_>>(), ["a"]);
        assert_eq!(source.items.iter().collect::<Vec<_>>(), ["B", "C", "f"]);
        assert_eq!(source.paths, [vec!["super", "g"], vec!["crate", "h", "I", "new"]]);
        assert_eq!(source.imports, []);
    }
}
