//! From where a reader wants a range.

use jiff::Timestamp;

use super::token::{self, Token};
use crate::cosmos::{
    Cosmos,
    container::Container,
    message::{Call, Reply},
    ranges::{RANGE, Range},
    rules::bad_request,
};

impl Cosmos {
    /// The sequence number after which the changes of a range are asked for.
    pub(super) async fn start_in(
        &self,
        call: &Call,
        container: &Container,
        range: &Range,
    ) -> Result<u64, Reply> {
        let Some(text) = call.header("if-none-match") else {
            return self.start_at_time(call, container, &range.id).await;
        };
        if text == "*" {
            return Ok(container.changes.end(&range.id).await);
        }
        let Some(token) = Token::parse(text) else {
            // Refused in Azure's words.
            return Err(self.emulator.execute(call).await);
        };
        if token.account != self.account_id {
            // Of another account, or of a run that kept nothing: to repeat is allowed, to skip is not.
            return Ok(0);
        }
        if token.run == self.run {
            return Ok(token.read_up_to());
        }
        let next = token::resume_at(token.position(), container.restored_in(&range.id));
        Ok(next - 1)
    }

    /// Turns the position that the client holds in a part of a range into one that the emulator knows.
    pub(super) async fn find_start_of_part(
        &self,
        call: &mut Call,
        container: &Container,
    ) -> Result<(), Reply> {
        let range = call.header(RANGE).unwrap_or_default().to_owned();
        let Some(text) = call.header("if-none-match") else {
            let from = self.start_at_time(call, container, &range).await?;
            if from > 0 {
                call.set("if-none-match", &Token::after(from).text());
            }
            return Ok(());
        };
        let Some(token) = Token::parse(text) else {
            // `*`, or something that the emulator refuses in Azure's words.
            return Ok(());
        };
        if token.account != self.account_id {
            call.headers.remove("if-none-match");
        } else if token.run != self.run {
            let range = token.range.as_deref().unwrap_or(&range);
            let next = token::resume_at(token.position(), container.restored_in(range));
            call.set("if-none-match", &Token::after(next - 1).text());
        }
        Ok(())
    }

    /// The sequence number before the first document of `If-Modified-Since` or later, which the emulator ignores. A second is
    /// the smallest step, as in `_ts`.
    async fn start_at_time(
        &self,
        call: &Call,
        container: &Container,
        range: &str,
    ) -> Result<u64, Reply> {
        let Some(text) = call.header("if-modified-since") else {
            return Ok(0);
        };
        let Some(since) = parse(text) else {
            return Err(bad_request(&format!(
                "If-Modified-Since: {text} is no date such as Sat, 21 Nov 2026 08:09:55 GMT"
            )));
        };
        Ok(container.changes.before(range, since).await)
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
