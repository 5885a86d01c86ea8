//! The little Markdown that descriptions use: paragraphs, `code` and **bold**.

use super::html::escape;

/// Paragraphs, separated by empty lines.
pub(super) fn paragraphs(text: &str) -> String {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| format!("<p>{}</p>", inline(paragraph)))
        .collect()
}

/// One paragraph's worth.
pub(super) fn inline(text: &str) -> String {
    let html = between(&escape(text), "`", "code");
    between(&html, "**", "strong")
}

fn between(text: &str, mark: &str, tag: &str) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    let mut html = String::with_capacity(text.len());
    for (index, part) in parts.iter().enumerate() {
        let closed = index + 1 < parts.len();
        match (index % 2 == 1, closed) {
            (true, true) => html.push_str(&format!("<{tag}>{part}</{tag}>")),
            (true, false) => html.push_str(&format!("{mark}{part}")),
            (false, _) => html.push_str(part),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_in_pairs_or_stay_as_they_are() {
        assert_eq!(inline("a `b` **c** d"), "a <code>b</code> <strong>c</strong> d");
        assert_eq!(inline("it`s"), "it`s");
        assert_eq!(inline("<i> & `<`"), "&lt;i&gt; &amp; <code>&lt;</code>");
    }
}
