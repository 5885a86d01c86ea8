//! Queries that the emulator answers, and answers wrongly: refused by name, since a wrong answer looks like a right one.

use std::ops::Range;

use serde_json::{Value, json};

use super::{
    Cosmos,
    message::{Call, Reply},
    query_scope::refusal,
    query_text,
    query_tokens::{Kind, Token, tokens},
    resource::is_plan,
};

const CONTINUATION: &str = "x-ms-continuation";

impl Cosmos {
    /// Refuses what would be answered wrongly.
    pub(super) async fn check_query(&self, call: &Call) -> Result<(), Reply> {
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let query = body.get("query").and_then(Value::as_str).unwrap_or_default();
        let query = query_text::for_emulator(query);
        if let Some(what) = wrong(&query, &body["parameters"]) {
            return Err(refusal(what));
        }
        match ungrouped(&query) {
            Some(probe) if !is_plan(&call.headers) => self.check_groups(call, &body, probe).await,
            _ => Ok(()),
        }
    }

    /// The emulator puts an item without a property into the group of those where it is null; Azure has a group for
    /// each. `probe` finds such items.
    async fn check_groups(&self, call: &Call, body: &Value, probe: String) -> Result<(), Reply> {
        let mut call = call.clone();
        call.headers.remove(CONTINUATION);
        let parameters = body["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        call.body = json!({ "query": probe, "parameters": parameters }).to_string().into();
        let reply = self.emulator.execute(&call).await;
        let found: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        match found["Documents"].as_array().map(Vec::as_slice) {
            Some([]) => Ok(()),
            _ => Err(refusal(
                "GROUP BY of what some of the items do not have, or of what is no path: leave those items out with \
                 WHERE IS_DEFINED(…)",
            )),
        }
    }
}

/// What in the query, with its literals in single quotes, is answered wrongly.
fn wrong(query: &str, parameters: &Value) -> Option<&'static str> {
    let tokens = tokens(query);
    for (at, token) in tokens.iter().enumerate() {
        let rest = &tokens[at + 1..];
        // What stands behind a dot is a property, whatever it is called.
        if at > 0 && tokens[at - 1].is_sign(".") {
            continue;
        }
        if token.is("LIKE") && has_set(rest, parameters) {
            return Some(
                "LIKE with [..], or with a pattern that is neither a text nor a parameter",
            );
        }
        if token.is("ARRAY_CONTAINS") && arguments(rest) > 2 {
            return Some("ARRAY_CONTAINS with partial matches");
        }
        if token.is("FROM") && is_path(rest) {
            return Some("FROM with a path");
        }
    }
    None
}

/// Whether a pattern may have a set of characters in it.
fn has_set(after_like: &[Token<'_>], parameters: &Value) -> bool {
    let Some(pattern) = after_like.first() else { return false };
    let goes_on = after_like
        .get(1)
        .is_some_and(|next| ["+", "|", "?", ".", "["].iter().any(|sign| next.is_sign(sign)));
    match pattern.kind {
        _ if goes_on => true,
        Kind::Text => pattern.text.contains('['),
        Kind::Parameter => {
            let is_it = |given: &&Value| given["name"] == pattern.text;
            let given = parameters.as_array().into_iter().flatten().find(is_it);
            given.is_some_and(|given| given["value"].as_str().is_none_or(|text| text.contains('[')))
        }
        _ => true,
    }
}

/// How many arguments a call has; none if it is no call.
fn arguments(after_name: &[Token<'_>]) -> usize {
    let Some((open, rest)) = after_name.split_first().filter(|(open, _)| open.is_sign("(")) else {
        return 0;
    };
    let inside = rest.iter().take_while(|token| token.depth > open.depth);
    1 + inside.filter(|token| token.is_sign(",") && token.depth == open.depth + 1).count()
}

/// Whether the source goes on behind its name; in parentheses it may be in front.
fn is_path(after_from: &[Token<'_>]) -> bool {
    let mut source = after_from.iter().skip_while(|token| token.is_sign("("));
    source.next();
    source.next().is_some_and(|next| next.is_sign(".") || next.is_sign("["))
}

/// A query for one of the items that a query would group and that lack what it groups by; nothing if it groups nothing.
fn ungrouped(query: &str) -> Option<String> {
    let tokens = tokens(query);
    let is_property = |at: usize| at > 0 && tokens[at - 1].is_sign(".");
    let outer = |word: &str, from: usize| {
        (from..tokens.len())
            .find(|&at| tokens[at].depth == 0 && tokens[at].is(word) && !is_property(at))
    };
    let from = outer("FROM", 0)?;
    let group =
        outer("GROUP", from).filter(|at| tokens.get(at + 1).is_some_and(|by| by.is("BY")))?;
    let end = ["ORDER", "OFFSET", "LIMIT"].iter().filter_map(|word| outer(word, group)).min();
    let end = end.unwrap_or(tokens.len());
    let text = |range: Range<usize>| {
        let start = tokens.get(range.start).map_or(query.len(), |token| token.start);
        let end = tokens.get(range.end).map_or(query.len(), |token| token.start);
        query[start..end].trim()
    };
    let missing: Vec<String> = split(&tokens[group + 2..end], group + 2)
        .into_iter()
        .map(|range| format!("NOT IS_DEFINED({})", text(range)))
        .collect();
    let missing = missing.join(" OR ");
    let condition = outer("WHERE", from).filter(|at| *at < group);
    let source = text(from..condition.unwrap_or(group));
    Some(match condition {
        Some(at) => {
            format!("SELECT TOP 1 VALUE 1 {source} WHERE ({}) AND ({missing})", text(at + 1..group))
        }
        None => format!("SELECT TOP 1 VALUE 1 {source} WHERE {missing}"),
    })
}

/// The parts between the outer commas of these tokens, the first of which has this index.
fn split(tokens: &[Token<'_>], first: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = first;
    for (at, token) in tokens.iter().enumerate() {
        if token.depth == 0 && token.is_sign(",") {
            parts.push(start..first + at);
            start = first + at + 1;
        }
    }
    parts.push(start..first + tokens.len());
    parts
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    const PARTIAL: Option<&str> = Some("ARRAY_CONTAINS with partial matches");
    const LIKE: Option<&str> =
        Some("LIKE with [..], or with a pattern that is neither a text nor a parameter");
    const PATH: Option<&str> = Some("FROM with a path");

    fn named(query: &str) -> Option<&'static str> {
        let parameters =
            json!([{ "name": "@set", "value": "[a]%" }, { "name": "@a", "value": "a%" }]);
        wrong(&query_text::for_emulator(query), &parameters)
    }

    #[test]
    fn what_is_answered_wrongly_is_named_however_it_is_written() {
        for (query, expected) in [
            ("SELECT * FROM c WHERE ARRAY_CONTAINS(c.a, {'x': 1}, true)", PARTIAL),
            ("SELECT * FROM c WHERE array_contains\n (c.a, {'x': 1}, @p)", PARTIAL),
            ("SELECT * FROM c WHERE ARRAY_CONTAINS /* it's */ ( c.a, 'x', true)", PARTIAL),
            ("SELECT * FROM c WHERE ARRAY_CONTAINS --'\n(c.a, \"x\" ,true)", PARTIAL),
            ("SELECT * FROM c WHERE c.a LIKE '[ab]%'", LIKE),
            ("SELECT * FROM c WHERE c.a like/**/\"[ab]%\"", LIKE),
            ("SELECT * FROM c WHERE c.a NOT LIKE @set", LIKE),
            ("SELECT * FROM c WHERE c.a LIKE CONCAT('[', 'a]')", LIKE),
            ("SELECT * FROM c WHERE c.a LIKE 'a' || '[b]'", LIKE),
            ("SELECT * FROM c WHERE c.a LIKE c.pattern", LIKE),
            ("SELECT VALUE f FROM c.children f", PATH),
            ("SELECT VALUE f FROM c\n.children f", PATH),
            ("SELECT VALUE f FROM/**/c /**/ ['children'] f", PATH),
            ("SELECT VALUE f from (c.children) f", PATH),
        ] {
            assert_eq!(named(query), expected, "{query}");
        }
    }

    #[test]
    fn what_is_answered_rightly_is_not_named() {
        for query in [
            "SELECT * FROM c WHERE ARRAY_CONTAINS(c.a, f(1, 2))",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(['a,b', 'c'], c.a) OR g(1, 2, 3)",
            "SELECT * FROM c WHERE c.a LIKE 'a%' AND c.b = '[x]'",
            "SELECT * FROM c WHERE c.a LIKE @a AND c.b LIKE @elsewhere",
            "SELECT VALUE t FROM c JOIN t IN c.tags WHERE c.x = 'FROM c.y'",
            "SELECT c.from, c[\"from\"] FROM c WHERE c.like = 1",
        ] {
            assert_eq!(named(query), None, "{query}");
        }
    }

    #[test]
    fn what_a_query_groups_is_asked_for_what_it_lacks() {
        let of = |query: &str| ungrouped(query).unwrap_or_default();
        assert_eq!(of("SELECT * FROM c WHERE c.group = 'GROUP BY c'"), "");
        assert_eq!(
            of("SELECT c.x FROM c GROUP BY c.x"),
            "SELECT TOP 1 VALUE 1 FROM c WHERE NOT IS_DEFINED(c.x)"
        );
        assert_eq!(
            of(
                "SELECT c.x FROM c JOIN t IN c.t WHERE c.a = 1 OR c.b group by c.x, t['a,b'] OFFSET 0 LIMIT 1"
            ),
            "SELECT TOP 1 VALUE 1 FROM c JOIN t IN c.t WHERE (c.a = 1 OR c.b) AND (NOT IS_DEFINED(c.x) OR NOT IS_DEFINED(t['a,b']))"
        );
    }
}
