//! Where the next page begins. A cursor carries all of the question, the bank's day included, so that pages that are
//! read across midnight still fit together.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The place of a page in an account's transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) account: String,
    pub(crate) today: Date,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) size: u32,
    /// Which page, counted from 0.
    pub(crate) index: u32,
    /// The page comes for the second time.
    pub(crate) again: bool,
    /// What the faults of the first page made of the history; the pages after it fit to that.
    pub(crate) twins: bool,
    pub(crate) since: Option<Date>,
}

impl Cursor {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        let cursor: Self = serde_json::from_slice(&json).ok()?;
        (cursor.size > 0).then_some(cursor)
    }

    pub(crate) fn write(&self) -> String {
        let json = serde_json::to_vec(self).expect("a cursor is plain values");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Counted from 1.
    pub(crate) fn page(&self) -> u32 {
        self.index.saturating_add(1)
    }

    pub(crate) fn next(&self) -> Self {
        Self { index: self.page(), again: false, ..self.clone() }
    }
}
