//! What the simulator remembers of the last pictures: measures and verdicts, never a picture.

use crate::{Measure, Severities};
use serde::Serialize;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

/// Judgements that are remembered; older ones are forgotten.
const MAX_REMEMBERED: usize = 100;

/// One judged picture: what was measured, and what followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// `JPEG`, `PNG`, `GIF` or `WebP`.
    pub format: &'static str,
    /// Length of the picture in bytes.
    pub bytes: usize,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The shares of its pixels.
    pub measure: Measure,
    /// What was answered, unless the answer was spoiled on purpose.
    pub severities: Severities,
    /// Whether the answer came from the faults (`answer`) and not from the measure.
    pub fixed: bool,
}

/// The last judgements.
#[derive(Debug, Default)]
pub(crate) struct LastJudged(Mutex<VecDeque<Judged>>);

impl LastJudged {
    pub(crate) fn push(&self, judged: Judged) {
        let mut kept = self.lock();
        if kept.len() == MAX_REMEMBERED {
            kept.pop_front();
        }
        kept.push_back(judged);
    }

    /// The newest first.
    pub(crate) fn all(&self) -> Vec<Judged> {
        self.lock().iter().rev().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Judged>> {
        self.0.lock().expect("no code panics while it holds the judgements")
    }
}
