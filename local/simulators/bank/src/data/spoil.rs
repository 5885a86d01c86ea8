//! Right answers made wrong.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderValue, StatusCode, header::CONTENT_LENGTH};
use http_body_util::BodyExt as _;
use simulator_shell::{HangUp, Reply, reply};
use tokio::time::sleep;

use crate::{Faults, Wrong};

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str =
    "<!doctype html><html lang=\"en\"><title>Maintenance</title><p>We are back soon.</html>";
/// What an endless answer goes on with: a megabyte a second, for ten minutes at most.
const ENDLESS_CHUNK: usize = 16 << 10;
const ENDLESS_EVERY: Duration = Duration::from_millis(16);
const ENDLESS_CHUNKS: usize = 37_500;
/// A trickle: so many bytes at a time.
const TRICKLE_CHUNK: usize = 16;
const TRICKLE_EVERY: Duration = Duration::from_millis(100);

/// An answer that is spoiled in the way asked for.
pub(crate) async fn spoiled(right: Reply, faults: &Faults) -> Result<Reply, HangUp> {
    let status = right.status();
    if !status.is_success() {
        return Ok(right);
    }
    let body = right.into_body().collect().await?.to_bytes();
    let reply = match faults.wrong {
        None => reply::with(status, JSON, body),
        Some(Wrong::MalformedJson) => reply::with(status, JSON, body.slice(..body.len() / 2)),
        Some(Wrong::Html) => reply::with(StatusCode::OK, "text/html; charset=utf-8", HTML),
        Some(Wrong::Endless) => endless(body),
        Some(Wrong::Trickle) => trickle(body),
    };
    match faults.cut_at_byte {
        None => Ok(reply),
        Some(at) => cut(reply, usize::try_from(at).unwrap_or(usize::MAX)).await,
    }
}

/// All but the last bracket, and white space after that.
fn endless(body: Bytes) -> Reply {
    let begin = body.slice(..body.len().saturating_sub(1));
    let blank = Bytes::from(vec![b' '; ENDLESS_CHUNK]);
    let rest = stream::iter(std::iter::repeat_n(blank, ENDLESS_CHUNKS)).then(|chunk| async {
        sleep(ENDLESS_EVERY).await;
        Ok(chunk)
    });
    reply::streamed(StatusCode::OK, JSON, stream::iter([Ok(begin)]).chain(rest))
}

fn trickle(body: Bytes) -> Reply {
    let pieces: Vec<Bytes> = (0..body.len())
        .step_by(TRICKLE_CHUNK)
        .map(|start| body.slice(start..body.len().min(start + TRICKLE_CHUNK)))
        .collect();
    let pieces = stream::iter(pieces).then(|piece| async {
        sleep(TRICKLE_EVERY).await;
        Ok(piece)
    });
    reply::streamed(StatusCode::OK, JSON, pieces)
}

/// The first bytes, a promise of all of them, and the end of the connection.
async fn cut(whole: Reply, at: usize) -> Result<Reply, HangUp> {
    let body = whole.into_body();
    let mut pieces = Box::pin(body.into_data_stream());
    let mut begin = Vec::new();
    while let Some(piece) = pieces.next().await {
        begin.extend_from_slice(&piece?);
        if begin.len() >= at {
            break;
        }
    }
    let promised = begin.len().max(at.saturating_add(1));
    begin.truncate(at);
    let parts = [Ok(Bytes::from(begin)), Err(HangUp)];
    let mut reply = reply::streamed(StatusCode::OK, JSON, stream::iter(parts));
    let promised = HeaderValue::from(u64::try_from(promised).unwrap_or(u64::MAX));
    reply.headers_mut().insert(CONTENT_LENGTH, promised);
    Ok(reply)
}
