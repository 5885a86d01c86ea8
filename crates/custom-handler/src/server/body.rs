use std::fmt;
use std::pin::pin;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures::{Stream, StreamExt};
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use tokio::time::{Instant, timeout};

use crate::problem::{Problem, problems};

/// Longest wait for the next piece of a body.
const MAX_PIECE_WAIT: Duration = Duration::from_secs(30);
/// Longest time for a whole body, however steadily it drips: after 230 s Azure's front end has given
/// the client up (documentation page "Azure Functions scale and hosting").
const MAX_BODY_WAIT: Duration = Duration::from_secs(230);
/// How much of a body that is too large is read and thrown away, so that the sender is still
/// listening when the answer comes; beyond, the connection is closed on it.
const MAX_DISCARDED_BYTES: usize = 8 * 1024 * 1024;

/// Reads a body of at most `limit` bytes within [`MAX_BODY_WAIT`].
pub(super) async fn read<S, B, E>(
    headers: &HeaderMap,
    body: S,
    limit: usize,
) -> Result<Bytes, Problem>
where
    S: Stream<Item = Result<B, E>>,
    B: Buf,
    E: fmt::Display,
{
    read_within(headers, body, limit, MAX_BODY_WAIT).await
}

async fn read_within<S, B, E>(
    headers: &HeaderMap,
    body: S,
    limit: usize,
    whole: Duration,
) -> Result<Bytes, Problem>
where
    S: Stream<Item = Result<B, E>>,
    B: Buf,
    E: fmt::Display,
{
    let deadline = Instant::now() + whole;
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let encoding = check_encoding(headers);
    let mut fits = announced.is_none_or(|length| length <= limit);
    let mut body = pin!(body);
    let mut read =
        BytesMut::with_capacity(announced.filter(|_| fits && encoding.is_ok()).unwrap_or_default());
    let mut total = 0_usize;
    loop {
        let piece = next(&mut body, deadline, whole).await?;
        let Some(piece) = piece else { break };
        let mut piece = piece.map_err(|error| broken(&error))?;
        total = total.saturating_add(piece.remaining());
        fits = fits && total <= limit;
        if total > limit.saturating_add(MAX_DISCARDED_BYTES) {
            break;
        }
        while fits && encoding.is_ok() && piece.has_remaining() {
            let length = piece.chunk().len();
            read.extend_from_slice(piece.chunk());
            piece.advance(length);
        }
    }
    if total > 0 {
        encoding?;
    }
    if fits { Ok(read.freeze()) } else { Err(Problem::content_too_large(limit)) }
}

/// Refuses a body that is compressed: nobody would unpack it, and what it becomes has no limit.
pub(super) fn check_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    let codings = headers.get_all(CONTENT_ENCODING).iter().map(|value| value.as_bytes());
    let mut codings = codings.flat_map(|value| value.split(|byte| *byte == b','));
    let is_plain = codings.all(|coding| {
        let coding = coding.trim_ascii();
        coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
    });
    if is_plain {
        return Ok(());
    }
    Err(Problem::of(&problems::UNSUPPORTED_MEDIA_TYPE)
        .detail("send the body as it is, without Content-Encoding")
        .header_error("Content-Encoding", "is not identity")
        .response_header(ACCEPT_ENCODING, "identity"))
}

/// The next piece, if it comes soon enough for itself and for the whole.
async fn next<S: Stream + Unpin>(
    body: &mut S,
    deadline: Instant,
    whole: Duration,
) -> Result<Option<S::Item>, Problem> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        // A body that is always ready would never let the timer have its turn.
        return Err(too_slow(&not_whole(whole)));
    }
    let late = |_| match left < MAX_PIECE_WAIT {
        true => too_slow(&not_whole(whole)),
        false => too_slow(&format!("nothing came for {} s", MAX_PIECE_WAIT.as_secs())),
    };
    timeout(left.min(MAX_PIECE_WAIT), body.next()).await.map_err(late)
}

fn not_whole(whole: Duration) -> String {
    format!("it was not whole after {} s", whole.as_secs())
}

fn too_slow(why: &str) -> Problem {
    Problem::of(&problems::REQUEST_TIMEOUT).detail(format!("{why}; send the request again"))
}

fn broken(error: &impl fmt::Display) -> Problem {
    Problem::of(&problems::INCOMPLETE_BODY)
        .detail("send the request again")
        .because(format!("reading the body: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ErrorStatus;
    use futures::{future, stream};

    type Piece = Result<Bytes, &'static str>;

    fn pieces(count: usize, size: usize) -> impl Stream<Item = Piece> {
        stream::iter((0..count).map(move |_| Ok(Bytes::from(vec![7; size]))))
    }

    fn announced(length: usize) -> HeaderMap {
        [(CONTENT_LENGTH, length.into())].into_iter().collect()
    }

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read_whole() {
        let body = read(&HeaderMap::new(), pieces(4, 25), 100).await.unwrap();
        assert_eq!(body.as_ref(), [7; 100]);
        assert!(read(&announced(0), pieces(0, 0), 0).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_larger_body_is_refused_with_the_limit_whether_announced_or_not() {
        for headers in [HeaderMap::new(), announced(101)] {
            let problem = read(&headers, pieces(101, 1), 100).await.unwrap_err();
            assert_eq!(problem.status(), ErrorStatus::ContentTooLarge);
            assert_eq!(problem.to_json("", None)["maxBodyBytes"], 100);
        }
    }

    #[tokio::test]
    async fn a_compressed_body_is_refused_however_it_is_said() {
        let read = async |values: &[&'static str], size| {
            let headers = values.iter().map(|value| (CONTENT_ENCODING, value.parse().unwrap()));
            read(&headers.collect(), pieces(1, size), 100).await.map(|body| body.len())
        };
        for values in [&["gzip"][..], &["Identity, br"], &["identity", "GZIP"], &["\u{fc}"]] {
            let problem = read(values, 3).await.unwrap_err();
            assert_eq!(problem.status(), ErrorStatus::UnsupportedMediaType, "{values:?}");
            assert_eq!(problem.to_json("", None)["errors"][0]["header"], "Content-Encoding");
        }
        for values in [&[][..], &["identity"], &["Identity , identity"], &[""]] {
            assert_eq!(read(values, 3).await.unwrap(), 3, "{values:?}");
        }
        assert_eq!(read(&["gzip"], 0).await.unwrap(), 0, "there is nothing to unpack");
    }

    #[tokio::test]
    async fn an_endless_body_is_not_read_for_ever() {
        let endless = stream::repeat_with(|| Piece::Ok(Bytes::from(vec![7; 1 << 20])));
        let problem = read(&HeaderMap::new(), endless, 100).await.unwrap_err();
        assert_eq!(problem.status(), ErrorStatus::ContentTooLarge);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_coming_times_out() {
        let stuck = pieces(1, 1).chain(stream::once(future::pending::<Piece>()));
        let problem = read(&HeaderMap::new(), stuck, 100).await.unwrap_err();
        assert_eq!(problem.status(), ErrorStatus::RequestTimeout);
        let detail = "nothing came for 30 s; send the request again";
        assert_eq!(problem.to_json("", None)["detail"], detail);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_for_ever_times_out_at_the_deadline_of_the_whole() {
        let began = Instant::now();
        let dripping = stream::repeat(()).then(|()| async {
            tokio::time::sleep(Duration::from_secs(4)).await;
            Piece::Ok(Bytes::from_static(b"x"))
        });
        let whole = Duration::from_secs(10);
        let problem = read_within(&HeaderMap::new(), dripping, 100, whole).await.unwrap_err();
        assert_eq!(problem.status(), ErrorStatus::RequestTimeout);
        let detail = "it was not whole after 10 s; send the request again";
        assert_eq!(problem.to_json("", None)["detail"], detail);
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_a_bad_request() {
        let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err("reset")]);
        let problem = read(&HeaderMap::new(), broken, 100).await.unwrap_err();
        assert_eq!(
            (problem.status(), problem.cause()),
            (ErrorStatus::BadRequest, Some("reading the body: reset"))
        );
    }
}
