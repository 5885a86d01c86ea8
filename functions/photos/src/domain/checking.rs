//! The pipeline's work on a photo.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Runs that may die before a person looks: the third may be chance.
const MAX_DEATHS: u32 = 3;

/// Times that the machine may end the decoding of a picture before a person looks. With the pauses between them that is
/// some minutes: longer than a machine is short of memory for another's sake.
const MAX_DECODER_STOPS: u32 = 6;

/// Set while a photo is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checking {
    pub(crate) since: Timestamp,
    /// Runs that were begun.
    pub(crate) attempts: u32,
    /// Until when a run keeps others away; `None` between runs.
    pub(crate) leased_until: Option<Timestamp>,
    /// Runs that were begun and never ended: killed, or their process died.
    #[serde(default)]
    pub(crate) died: u32,
    /// Runs in which the machine ended the decoding: that may be the picture's doing, or anything else's.
    #[serde(default)]
    pub(crate) decoder_stops: u32,
}

impl Checking {
    /// The first run.
    pub(crate) fn begun(now: Timestamp, leased_until: Option<Timestamp>) -> Self {
        Self { since: now, attempts: 1, leased_until, died: 0, decoder_stops: 0 }
    }

    /// Whether runs die again and again, so that it makes no sense to begin one more.
    pub(crate) fn is_hopeless(self) -> bool {
        self.died >= MAX_DEATHS
    }

    /// After one more such run.
    pub(crate) fn with_decoder_stopped(self) -> Self {
        Self { decoder_stops: self.decoder_stops.saturating_add(1), ..self }
    }

    /// Whether the machine ended the decoding so often that it may be because of the picture.
    pub(crate) fn is_never_decoded(self) -> bool {
        self.decoder_stops >= MAX_DECODER_STOPS
    }
}
