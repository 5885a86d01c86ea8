//! Queries that the emulator answers, and answers wrongly: refused by name, since a wrong answer looks like a right one.

use http::StatusCode;
use serde_json::Value;

use super::{
    Cosmos,
    message::{Call, Reply},
    partition_key::PartitionKey,
    query_text,
    resource::ContainerName,
};

impl Cosmos {
    /// Refuses what would be answered wrongly.
    pub(super) fn check_query(&self, call: &Call, name: &ContainerName) -> Result<(), Reply> {
        let key = call.header("x-ms-documentdb-partitionkey");
        let parts = key.and_then(|key| PartitionKey::from_header(key).ok()).map(|key| key.parts());
        let paths = self.containers.get(name).map(|container| container.partition_key_paths.len());
        if let (Some(parts), Some(paths)) = (parts, paths)
            && parts < paths
        {
            return Err(refusal("a prefix of a hierarchical partition key: name all of its parts"));
        }
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let query = body.get("query").and_then(Value::as_str).unwrap_or_default();
        wrong(&query_text::for_emulator(query)).map_or(Ok(()), |what| Err(refusal(what)))
    }
}

fn refusal(what: &str) -> Reply {
    let message = format!("not implemented by the local Cosmos DB: {what}");
    Reply::error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", &message)
}

/// What in the query, with its literals in single quotes, is answered wrongly.
fn wrong(query: &str) -> Option<&'static str> {
    // Every second part is a literal; two quotes within one make an empty part between two literals.
    let parts: Vec<&str> = query.split('\'').collect();
    let text: Vec<String> = parts.iter().step_by(2).map(|part| part.to_uppercase()).collect();
    let after_like = |at: usize| text[at].trim_end().ends_with("LIKE");
    let mut literals = parts.iter().skip(1).step_by(2).enumerate();
    if literals.any(|(at, literal)| after_like(at) && literal.contains('[')) {
        return Some("LIKE with [..]");
    }
    let text = text.join("''");
    if text
        .match_indices("ARRAY_CONTAINS(")
        .any(|(at, found)| arguments(&text[at + found.len()..]) > 2)
    {
        return Some("ARRAY_CONTAINS with partial matches");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let source = words.iter().position(|word| *word == "FROM").and_then(|at| words.get(at + 1));
    source.is_some_and(|source| source.contains(['.', '['])).then_some("FROM with a path")
}

/// How many arguments a call has whose opening parenthesis was just before.
fn arguments(text: &str) -> usize {
    let (mut depth, mut commas) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
    }
    commas + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_wrongly_is_named_and_nothing_else() {
        for (query, expected) in [
            (
                "SELECT * FROM c WHERE ARRAY_CONTAINS(c.a, {'x': 1}, true)",
                Some("ARRAY_CONTAINS with partial matches"),
            ),
            ("SELECT * FROM c WHERE ARRAY_CONTAINS(c.a, f(1, 2))", None),
            ("SELECT * FROM c WHERE c.a LIKE '[ab]%'", Some("LIKE with [..]")),
            ("SELECT * FROM c WHERE c.a LIKE 'a%' AND c.b = '[x]'", None),
            ("SELECT VALUE f FROM c.children f", Some("FROM with a path")),
            ("SELECT VALUE t FROM c JOIN t IN c.tags WHERE c.x = 'FROM c.y'", None),
        ] {
            assert_eq!(wrong(query), expected, "{query}");
        }
    }
}
