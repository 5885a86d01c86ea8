//! Queries for documents by their ids. Azure has an index of ids; the emulator copies every document of the container for each
//! query, so that it takes the longer the more there are. This one form is answered by reading each document:
//! `SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)`, where the id is the partition key.

use std::collections::HashSet;

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::{
    Cosmos,
    message::{Call, Reply},
    query_text,
    query_tokens::{Kind, tokens},
    resource::ContainerName,
};

/// The tokens of the query; `c` stands for any name, `@` for any parameter.
const FORM: [&str; 13] =
    ["SELECT", "*", "FROM", "c", "WHERE", "ARRAY_CONTAINS", "(", "@", ",", "c", ".", "id", ")"];
/// What a reply about one document says of it alone.
const OF_ONE_DOCUMENT: [&str; 4] =
    ["etag", "x-ms-item-lsn", "x-ms-cosmos-item-llsn", "x-ms-substatus"];

impl Cosmos {
    /// The reply to such a query; `None` to any other, and to one that does not fit on a page.
    pub(super) async fn list_by_ids(&self, call: &Call, name: &ContainerName) -> Option<Reply> {
        if call.headers.contains_key("x-ms-continuation") {
            return None;
        }
        let ids = wanted(&call.body)?;
        let page = call.header("x-ms-max-item-count").and_then(|most| most.parse::<usize>().ok());
        let is_one_page = page.is_none_or(|most| ids.len() <= most);
        let container = self.containers.get(name)?;
        if !is_one_page
            || container.partition_key_paths != ["/id"]
            || !self.is_whole_container(call, name).await
        {
            return None;
        }
        let mut found: Vec<String> = Vec::new();
        let mut headers = None;
        for id in &ids {
            let path = ["dbs", &name.database, "colls", &name.container, "docs", id];
            let key = json!([id]).to_string();
            let read = Call::to(Method::GET, &path).with("x-ms-documentdb-partitionkey", &key);
            let reply = self.emulator.execute(&read).await;
            match reply.status {
                StatusCode::OK => found.push(String::from_utf8(reply.body.into()).ok()?),
                StatusCode::NOT_FOUND => {}
                _ => return Some(reply),
            }
            headers = Some(reply.headers);
        }
        let mut headers = headers?;
        for of_one in OF_ONE_DOCUMENT.into_iter().chain([header::CONTENT_LENGTH.as_str()]) {
            headers.remove(of_one);
        }
        headers.insert("x-ms-item-count", HeaderValue::from(found.len()));
        let (count, documents) = (found.len(), found.join(","));
        let rid = json!(container.rid);
        let body = format!(r#"{{"_rid":{rid},"Documents":[{documents}],"_count":{count}}}"#);
        Some(Reply { status: StatusCode::OK, headers, body: body.into() })
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
