//! Queries for documents by their ids. Azure has an index of ids; the emulator copies every document of the container for each
//! query, so that it takes the longer the more there are. This one form is answered out of the container's log of changes:
//! `SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)`, where the id is the partition key.

use std::collections::HashSet;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{
    Cosmos,
    document_key::DocumentKey,
    message::{Call, Reply, listed},
    partition_key::PartitionKey,
    query_text,
    query_tokens::{Kind, tokens},
    resource::ContainerName,
};

/// The tokens of the query; `c` stands for any name, `@` for any parameter.
const FORM: [&str; 13] =
    ["SELECT", "*", "FROM", "c", "WHERE", "ARRAY_CONTAINS", "(", "@", ",", "c", ".", "id", ")"];

impl Cosmos {
    /// The reply to such a query of a range; `None` to any other, and to one that does not fit on a page. What is around the
    /// documents is the emulator's.
    pub(super) async fn list_by_ids(&self, call: &Call, name: &ContainerName) -> Option<Reply> {
        let container = self.containers.get(name)?;
        if call.headers.contains_key("x-ms-continuation")
            || container.partition_key_paths != ["/id"]
        {
            return None;
        }
        let ids = wanted(&call.body)?;
        let page = call.header("x-ms-max-item-count").and_then(|most| most.parse::<usize>().ok());
        let range = self.ranges(&container).await.ok()?.iter().find(|it| it.is_asked_for(call))?;
        if page.is_some_and(|most| ids.len() > most) {
            return None;
        }
        let found: Vec<Bytes> = ids
            .iter()
            .filter_map(|id| {
                let key =
                    PartitionKey::of_document(&container.partition_key_paths, &json!({"id": id}));
                let key = DocumentKey::new(container.number, &key, id);
                container.changes.document(&key, &range.id)
            })
            .collect();
        let mut reply = self.without_items(call.clone(), range).await;
        if reply.status == StatusCode::OK {
            reply.body = listed(&found, &container.rid);
            reply.headers.insert("x-ms-item-count", HeaderValue::from(found.len()));
        }
        Some(reply)
    }
}

/// The ids that a query asks for, each once.
fn wanted(body: &[u8]) -> Option<Vec<String>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let query = query_text::for_emulator(body["query"].as_str()?);
    let tokens = tokens(&query);
    let has_form = tokens.len() == FORM.len()
        && tokens.iter().zip(FORM).all(|(token, form)| match form {
            "c" => token.kind == Kind::Word && token.text == tokens[3].text,
            "@" => token.kind == Kind::Parameter,
            "id" => token.text == "id",
            form => token.text.eq_ignore_ascii_case(form),
        });
    let [given] = body["parameters"].as_array()?.as_slice() else { return None };
    if !has_form || given["name"] != tokens[7].text {
        return None;
    }
    let mut seen = HashSet::new();
    let ids: Option<Vec<&str>> = given["value"].as_array()?.iter().map(Value::as_str).collect();
    Some(ids?.into_iter().filter(|id| seen.insert(*id)).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn asked(query: &str, ids: &Value) -> Option<Vec<String>> {
        let parameters = json!([{"name": "@ids", "value": ids}]);
        wanted(json!({"query": query, "parameters": parameters}).to_string().as_bytes())
    }

    #[test]
    fn each_id_is_wanted_once_however_the_query_is_written() {
        let ids = json!(["a", "b", "a"]);
        for query in [
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)",
            "select *\nfrom r where array_contains( @ids,r.id )",
        ] {
            assert_eq!(asked(query, &ids).unwrap(), ["a", "b"], "{query}");
        }
    }

    #[test]
    fn another_query_is_the_emulators() {
        let ids = json!(["a"]);
        for query in [
            "SELECT c.id FROM c WHERE ARRAY_CONTAINS(@ids, c.id)",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.ID)",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, d.id)",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@others, c.id)",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id) ORDER BY c.id",
            "SELECT * FROM c WHERE NOT ARRAY_CONTAINS(@ids, c.id)",
            "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id, true)",
        ] {
            assert_eq!(asked(query, &ids), None, "{query}");
        }
        let query = "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)";
        assert_eq!((asked(query, &json!([1])), asked(query, &json!("a"))), (None, None));
    }
}
