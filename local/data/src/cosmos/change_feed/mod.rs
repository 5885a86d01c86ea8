//! The change feed: positions that outlive a run, pages that cost what is in them, a start at a point in time.

mod every_range;
mod page;
mod start;
mod token;

use http::{HeaderValue, StatusCode};

use self::token::Token;
use super::{
    Cosmos,
    container::Container,
    message::{Call, Reply, ascii_header},
    ranges::RANGE,
    resource::ContainerName,
    rules::bad_request,
};

impl Cosmos {
    /// Reads the changes of a container, or of the part of it that the headers name.
    pub(super) async fn read_change_feed(&self, call: &Call, name: &ContainerName) -> Reply {
        let Some(container) = self.containers.get(name) else {
            return self.emulator.execute(call).await;
        };
        if call.header("a-im").is_some_and(|mode| mode.eq_ignore_ascii_case("Full-Fidelity Feed")) {
            return bad_request(
                "the change feed in the mode 'all versions and deletes' is not supported here; read the latest \
                 versions with A-IM: Incremental Feed",
            );
        }
        let now = self.clock.now();
        if self.deadlines.any_due(now.as_second()) {
            self.step(now).await;
        }
        let mut call = call.clone();
        if let (None, Some(token)) =
            (call.header("if-none-match"), call.header("x-ms-continuation").map(str::to_owned))
        {
            call.set("if-none-match", &token);
        }
        if every_range::is_asked_for(&call) {
            self.read_every_range(&call, &container).await
        } else {
            self.read_range(call, &container).await.unwrap_or_else(|answer| answer)
        }
    }

    /// Reads the changes of one range, or of a part of it.
    async fn read_range(&self, call: Call, container: &Container) -> Result<Reply, Reply> {
        let ranges = self.ranges(container).await?;
        match ranges.iter().find(|range| range.is_asked_for(&call)) {
            Some(range) => self.read_whole_range(&call, container, range).await,
            None => self.read_part(call, container).await,
        }
    }

    /// Reads the changes of a partition key, or of a span of keys, in the emulator.
    async fn read_part(&self, mut call: Call, container: &Container) -> Result<Reply, Reply> {
        self.find_start_of_part(&mut call, container).await?;
        let mut reply = self.emulator.execute(&call).await;
        self.earlier.restore_all(&mut reply);
        if let Some(token) = reply.header("etag").and_then(Token::parse) {
            let Some(range) = reply.header(RANGE).map(str::to_owned) else {
                return Err(bad_request(
                    "the change feed is read range by range: name one with the header \
                     x-ms-documentdb-partitionkeyrangeid",
                ));
            };
            set_etag(&mut reply, &self.signed(token, range, container).text());
        }
        Ok(reply)
    }

    /// A token with what a later run needs of it.
    fn signed(&self, mut token: Token, range: String, container: &Container) -> Token {
        token.was = token::origin(token.lsn, container.restored_in(&range));
        token.account.clone_from(&self.account_id);
        token.run = self.run;
        token.range = Some(range);
        token
    }
}

/// 304 with the position the client has.
fn not_modified(token: &Token) -> Reply {
    let mut reply = Reply::error(StatusCode::NOT_MODIFIED, "", "");
    reply.body.clear();
    set_etag(&mut reply, &token.text());
    if let Some(range) = token.range.as_deref().and_then(|range| HeaderValue::from_str(range).ok())
    {
        reply = reply.with(RANGE, range);
    }
    reply.with("x-ms-item-count", 0).with("x-ms-request-charge", HeaderValue::from_static("1.00"))
}

fn set_etag(reply: &mut Reply, text: &str) {
    if let Some(value) = ascii_header(text) {
        reply.headers.insert(http::header::ETAG, value);
    }
}
