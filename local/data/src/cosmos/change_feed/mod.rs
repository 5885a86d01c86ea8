//! The change feed: positions that outlive a run, idle polls that cost nothing, a start at a point in time.

mod every_range;
mod point_in_time;
mod token;

use http::{HeaderValue, StatusCode};

use self::token::Token;
use super::{
    Cosmos,
    container::Container,
    message::{Call, Reply, ascii_header},
    resource::ContainerName,
    rules::bad_request,
};

const RANGE: &str = "x-ms-documentdb-partitionkeyrangeid";

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

    /// Reads the changes of one range, or of a partition key within it.
    async fn read_range(&self, mut call: Call, container: &Container) -> Result<Reply, Reply> {
        // Counted before the documents are looked through: a write in between makes the next poll look again.
        let writes = container.writes();
        self.find_start(&mut call, container, writes).await?;
        let mut reply = self.emulator.execute(&call).await;
        self.earlier.restore_all(&mut reply);
        if let Some(token) = reply.header("etag").and_then(Token::parse) {
            let Some(range) = reply.header(RANGE).map(str::to_owned) else {
                return Err(bad_request(
                    "the change feed is read range by range: name one with the header \
                     x-ms-documentdb-partitionkeyrangeid",
                ));
            };
            let token = self.signed(
                token,
                range,
                container,
                (reply.status == StatusCode::NOT_MODIFIED).then_some(writes),
            );
            set_etag(&mut reply, &token.text());
        }
        Ok(reply)
    }

    /// Turns the position that the client holds into one that the emulator knows. An error is the answer: the
    /// position is at the end, or cannot be had.
    async fn find_start(
        &self,
        call: &mut Call,
        container: &Container,
        writes: u64,
    ) -> Result<(), Reply> {
        let Some(text) = call.header("if-none-match") else {
            return self.start_at_time(call).await;
        };
        let Some(token) = Token::parse(text) else {
            // `*`, or something that the emulator refuses in Azure's words.
            return Ok(());
        };
        if token.account != self.account_id {
            // Of another account, or of a run that kept nothing: to repeat is allowed, to skip is not.
            call.headers.remove("if-none-match");
        } else if token.run == self.run {
            if token.dry_at == Some(writes) {
                return Err(not_modified(&token));
            }
        } else {
            let range = call.header(RANGE).or(token.range.as_deref()).unwrap_or_default();
            let lsn = token::resume_at(token.position(), container.restored_in(range));
            call.set("if-none-match", &Token::before(lsn).text());
        }
        Ok(())
    }

    /// The emulator's token with what a later run needs of it.
    fn signed(
        &self,
        mut token: Token,
        range: String,
        container: &Container,
        dry_at: Option<u64>,
    ) -> Token {
        token.was = token::origin(token.lsn, container.restored_in(&range));
        token.account.clone_from(&self.account_id);
        token.run = self.run;
        token.range = Some(range);
        token.dry_at = dry_at;
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
