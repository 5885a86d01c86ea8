//! What invocations were sent and what they answered, kept for the page: the beginning of each body, in memory only.
//!
//! Bodies may hold personal data. They never leave this process except to who opens the page, and are gone with it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use http::{HeaderMap, header::CONTENT_TYPE};
use uuid::Uuid;

use crate::journal::JOURNAL_CAPACITY;

/// How much of a body is kept, in bytes.
pub(crate) const BODY_HEAD_MAX_BYTES: usize = 16 << 10;

/// How much is kept of all bodies together, in bytes; the oldest give way.
pub(crate) const EXCHANGES_MAX_BYTES: usize = 32 << 20;

/// What an entry costs besides its bodies, in bytes: estimated, so that empty bodies are bounded too.
const ENTRY_BYTES: usize = 256;

/// The beginning of a body, and how long it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BodyHead {
    pub(crate) content_type: Option<String>,
    /// At most [`BODY_HEAD_MAX_BYTES`].
    pub(crate) head: Vec<u8>,
    pub(crate) total_bytes: u64,
}

impl BodyHead {
    pub(crate) fn of(content_type: Option<&str>, body: &[u8]) -> Self {
        let mut head = Self { content_type: content_type.map(str::to_owned), ..Self::default() };
        head.see(body);
        head
    }

    fn see(&mut self, data: &[u8]) {
        let room = BODY_HEAD_MAX_BYTES - self.head.len();
        self.head.extend_from_slice(&data[..data.len().min(room)]);
        self.total_bytes += data.len() as u64;
    }
}

/// Looks on while a body passes; clones look at the same body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tap(Arc<Mutex<BodyHead>>);

impl Tap {
    /// A tap for the body that these headers announce.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let tap = Self::default();
        tap.announced(headers);
        tap
    }

    /// Notes the type of the body.
    pub(crate) fn announced(&self, headers: &HeaderMap) {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        self.body(|body| body.content_type = content_type.map(str::to_owned));
    }

    /// Notes a piece of the body.
    pub(crate) fn see(&self, data: &[u8]) {
        self.body(|body| body.see(data));
    }

    /// What was seen; the tap is empty afterwards.
    pub(crate) fn take(&self) -> BodyHead {
        self.body(std::mem::take)
    }

    fn body<T>(&self, with: impl FnOnce(&mut BodyHead) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Both bodies of an invocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// Path and query of an HTTP request.
    pub(crate) target: Option<String>,
    pub(crate) input: BodyHead,
    pub(crate) output: BodyHead,
}

impl Exchange {
    fn size_bytes(&self) -> usize {
        let target = self.target.as_ref().map_or(0, String::len);
        ENTRY_BYTES + target + self.input.head.len() + self.output.head.len()
    }
}

/// The exchanges of the latest invocations.
#[derive(Debug, Default)]
pub(crate) struct Exchanges(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    by_id: HashMap<Uuid, Exchange>,
    order: VecDeque<Uuid>,
    size_bytes: usize,
}

impl Exchanges {
    pub(crate) fn keep(&self, id: Uuid, exchange: Exchange) {
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ring.size_bytes += exchange.size_bytes();
        ring.order.push_back(id);
        if let Some(earlier) = ring.by_id.insert(id, exchange) {
            ring.size_bytes -= earlier.size_bytes();
        }
        while ring.order.len() > JOURNAL_CAPACITY || ring.size_bytes > EXCHANGES_MAX_BYTES {
            let Some(oldest) = ring.order.pop_front() else { return };
            let gone = ring.by_id.remove(&oldest);
            ring.size_bytes -= gone.map_or(0, |exchange| exchange.size_bytes());
        }
    }

    /// What is kept of an invocation.
    pub(crate) fn of(&self, id: Uuid) -> Option<Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_id.get(&id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(input: &[u8]) -> Exchange {
        Exchange { input: BodyHead::of(None, input), ..Exchange::default() }
    }

    #[test]
    fn of_a_long_body_the_beginning_is_kept_and_the_length_told() {
        let tap = Tap::default();
        for _ in 0..3 {
            tap.see(&[b'x'; 10_000]);
        }
        let body = tap.take();
        assert_eq!((body.head.len(), body.total_bytes), (BODY_HEAD_MAX_BYTES, 30_000));
        assert_eq!(tap.take(), BodyHead::default());
    }

    #[test]
    fn old_exchanges_give_way_to_new_ones_by_count_and_by_size() {
        let exchanges = Exchanges::default();
        for number in 0..=JOURNAL_CAPACITY {
            exchanges.keep(Uuid::from_u128(number as u128), exchange(b""));
        }
        assert_eq!(exchanges.of(Uuid::from_u128(0)), None);
        assert_eq!(exchanges.of(Uuid::from_u128(1)), Some(exchange(b"")));
        let big = vec![b'x'; BODY_HEAD_MAX_BYTES];
        let many = EXCHANGES_MAX_BYTES / BODY_HEAD_MAX_BYTES;
        for number in 0..many {
            exchanges.keep(Uuid::from_u128((1_000_000 + number) as u128), exchange(&big));
        }
        let ring = exchanges.0.lock().unwrap();
        assert!(ring.size_bytes <= EXCHANGES_MAX_BYTES && ring.by_id.len() == ring.order.len());
        assert!(ring.by_id.len() > many / 2, "{}", ring.by_id.len());
    }
}
