//! A start at a point in time (`If-Modified-Since`), which the emulator ignores.

use jiff::Timestamp;
use serde_json::Value;

use super::token::Token;
use crate::cosmos::{
    Cosmos,
    message::{Call, Reply},
    rules::bad_request,
};

/// Documents looked at in one go.
const PAGE: usize = 1000;

impl Cosmos {
    /// Gives a call with `If-Modified-Since` and without a position the position before the first document
    /// written at that time or later. A second is the smallest step, as in `_ts`.
    pub(super) async fn start_at_time(&self, call: &mut Call) -> Result<(), Reply> {
        let Some(since) = call.header("if-modified-since") else {
            return Ok(());
        };
        let Some(since) = parse(since) else {
            return Err(bad_request(&format!(
                "If-Modified-Since: {since} is no date such as Sat, 21 Nov 2026 08:09:55 GMT"
            )));
        };
        let mut look = call.clone();
        look.headers.remove("x-ms-cosmos-changefeed-wire-format-version");
        loop {
            look.set("x-ms-max-item-count", &PAGE.to_string());
            let mut reply = self.emulator.execute(&look).await;
            self.earlier.restore_all(&mut reply);
            let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let documents = body["Documents"].as_array().map(Vec::as_slice).unwrap_or_default();
            let earlier = documents
                .iter()
                .take_while(|document| document["_ts"].as_i64() < Some(since))
                .count();
            if earlier > 0 && earlier < documents.len() {
                look.set("x-ms-max-item-count", &earlier.to_string());
                reply = self.emulator.execute(&look).await;
            }
            if earlier > 0 || documents.is_empty() {
                let Some(token) = reply.header("etag").and_then(Token::parse) else {
                    return Err(reply);
                };
                look.set("if-none-match", &token.text());
            }
            if earlier < documents.len() || documents.is_empty() {
                break;
            }
        }
        if let Some(position) = look.header("if-none-match") {
            call.set("if-none-match", position);
        }
        call.headers.remove("if-modified-since");
        Ok(())
    }
}

/// Unix seconds of an HTTP date, or of an RFC 3339 time.
fn parse(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text)
        .map(|time| time.timestamp())
        .or_else(|_| text.parse::<Timestamp>())
        .map(Timestamp::as_second)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_write_a_time_are_read() {
        assert_eq!(parse("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60));
        assert_eq!(parse("1970-01-01T00:01:00Z"), Some(60));
        assert_eq!(parse("yesterday"), None);
    }
}
