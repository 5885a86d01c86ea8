//! A page of the changes of a whole range, out of the container's log. What is around the documents is the emulator's.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use super::{not_modified, set_etag, token::Token};
use crate::cosmos::{
    Cosmos,
    change_log::Page,
    container::Container,
    message::{Call, Reply, listed},
    ranges::Range,
    reads::DEFAULT_PAGE,
};

/// Asks for each change in an envelope, as the newer SDKs do.
const WIRE_FORMAT: &str = "x-ms-cosmos-changefeed-wire-format-version";

impl Cosmos {
    /// Reads the changes of a range. An error is an answer too.
    pub(super) async fn read_whole_range(
        &self,
        call: &Call,
        container: &Container,
        range: &Range,
    ) -> Result<Reply, Reply> {
        let from = self.start_in(call, container, range).await?;
        let asked = call.header("x-ms-max-item-count").unwrap_or(DEFAULT_PAGE);
        let most = asked.parse().ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
        let page = container.changes.after(&range.id, from, most).await;
        let token = self.signed(Token::after(page.last), range.id.clone(), container);
        if page.documents.is_empty() {
            return Ok(not_modified(&token));
        }
        let mut call = call.clone();
        call.headers.remove("if-none-match");
        let mut reply = self.without_items(call.clone(), range).await;
        if reply.status != StatusCode::NOT_MODIFIED {
            return Err(reply);
        }
        reply.status = StatusCode::OK;
        reply.body = body(&page, &container.rid, call.headers.contains_key(WIRE_FORMAT));
        set_etag(&mut reply, &token.text());
        Ok(reply.with("x-ms-item-count", HeaderValue::from(page.documents.len())))
    }
}

/// The page as JSON.
fn body(page: &Page, rid: &str, in_envelopes: bool) -> Bytes {
    let documents = page.documents.iter().map(|(ts, text)| match in_envelopes {
        true => envelope(*ts, text),
        false => text.clone(),
    });
    listed(&documents.collect::<Vec<_>>(), rid)
}

fn envelope(ts: i64, document: &[u8]) -> Bytes {
    let end = format!(r#","metadata":{{"crts":{ts}}}}}"#);
    [br#"{"current":"#, document, end.as_bytes()].concat().into()
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn documents_are_put_together_as_they_are_or_in_envelopes() {
        let documents =
            [1, 2].map(|ts| (ts, Bytes::from(json!({"id": ts, "_ts": ts}).to_string())));
        let page = Page { documents: documents.into(), last: 2 };
        let read = |in_envelopes| -> Value {
            serde_json::from_slice(&body(&page, "rid", in_envelopes)).unwrap()
        };
        let plain = json!([{"id": 1, "_ts": 1}, {"id": 2, "_ts": 2}]);
        assert_eq!(read(false), json!({"_rid": "rid", "Documents": plain, "_count": 2}));
        let (first, second) = (&plain[0], &plain[1]);
        assert_eq!(
            read(true)["Documents"],
            json!([{"current": first, "metadata": {"crts": 1}}, {"current": second, "metadata": {"crts": 2}}])
        );
    }
}
