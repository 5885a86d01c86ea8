//! Reading a request's body whole: within a limit, and within a deadline however slowly it drips.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body;
use tokio::time::timeout;

use crate::handler::BoxError;

/// How long a body may take to arrive, from its first byte to its last: as long as Azure's front end waits for a whole
/// request (documentation page "Azure Functions scale and hosting", "Function app timeout duration").
pub(crate) const BODY_DEADLINE: Duration = Duration::from_secs(230);

/// Why a body was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// More came than is taken, or was announced.
    #[error("the body is over {limit_bytes} bytes")]
    TooLarge {
        /// What is taken, in bytes.
        limit_bytes: u64,
    },
    /// It did not end in time.
    #[error("the body did not arrive within {} s; send it again, faster or in smaller parts", deadline.as_secs())]
    Late {
        /// What it was given.
        deadline: Duration,
    },
    /// The client left, or sent what is no body.
    #[error("the body broke off: {0}")]
    Broken(BoxError),
}

impl BodyError {
    /// What the client is answered.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Broken(_) => StatusCode::BAD_REQUEST,
        }
    }
}

/// Reads a body of at most `limit_bytes` within [`BODY_DEADLINE`].
pub(crate) async fn read<B>(body: B, limit_bytes: u64) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    read_within(body, limit_bytes, BODY_DEADLINE).await
}

async fn read_within<B>(body: B, limit_bytes: u64, deadline: Duration) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    if body.size_hint().lower() > limit_bytes {
        return Err(BodyError::TooLarge { limit_bytes });
    }
    let limited = Limited::new(body, usize::try_from(limit_bytes).unwrap_or(usize::MAX));
    match timeout(deadline, limited.collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(BodyError::TooLarge { limit_bytes })
        }
        Ok(Err(error)) => Err(BodyError::Broken(error)),
        Err(_) => Err(BodyError::Late { deadline }),
    }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt as _, stream};
    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;
    use tokio::time::{Instant, sleep};

    use super::*;

    type Piece = Result<Frame<Bytes>, BoxError>;

    fn piece() -> Piece {
        Ok(Frame::data(Bytes::from_static(b"piece")))
    }

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read_whole() {
        let body = StreamBody::new(stream::iter([piece(), piece()]));
        assert_eq!(read(body, 10).await.unwrap(), "piecepiece");
        assert!(read(Full::new(Bytes::new()), 0).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_larger_body_is_413_whether_its_length_is_known_or_not() {
        let known = read(Full::new(Bytes::from_static(b"piecepiece")), 9).await.unwrap_err();
        let endless = StreamBody::new(stream::repeat_with(piece));
        let unknown = read(endless, 9).await.unwrap_err();
        for error in [known, unknown] {
            assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
            assert_eq!(error.to_string(), "the body is over 9 bytes");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_for_ever_is_408_at_the_deadline() {
        let began = Instant::now();
        let dripping = stream::repeat_with(piece).then(|piece| async move {
            sleep(Duration::from_secs(4)).await;
            piece
        });
        let body = StreamBody::new(Box::pin(dripping));
        let error = read_within(body, u64::MAX, Duration::from_secs(10)).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(
            error.to_string(),
            "the body did not arrive within 10 s; send it again, faster or in smaller parts"
        );
        // The timer counts whole milliseconds.
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_400() {
        let body = StreamBody::new(stream::iter([piece(), Err("reset".into())]));
        let error = read(body, 100).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
        assert_eq!(error.to_string(), "the body broke off: reset");
    }
}
