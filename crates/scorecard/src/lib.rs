//! Scorecards as files, and what they are applied to. Nothing here knows Azure, HTTP or the Functions host, and nothing
//! reads a clock: the app that scores and the app that explains get the same answer from the same card for ever.
//!
//! - [`Activity`]: what is kept of the bank's answer. No names, no account numbers, no texts.
//! - [`Scorecard`]: one file of `scorecards/`: values become [`Bins`], bins become points, points become a [`Band`].
//! - [`Explanation`]: points by characteristic, at most four reasons, and what would change them, in a [`Language`]. It is
//!   made of the bins alone, so no prose has to be kept.
//!
//! ```
//! use scorecard::{Characteristic, Language, Scorecard, Values};
//!
//! let card = Scorecard::current();
//! let mut values: Values = card.characteristics().map(|characteristic| (characteristic, 0)).collect();
//! values.insert(Characteristic::ReturnedDebits, 1);
//! let bins = card.bins(&values)?;
//! let explanation = card.explain(&bins, Language::En)?;
//! assert_eq!(explanation.score, card.score(&bins)?);
//! assert!(explanation.reasons.iter().any(|reason| reason.code == "CR-006"));
//! # Ok::<_, scorecard::BinsError>(())
//! ```

pub mod activity;
mod bins;
mod card;
mod characteristic;
mod error;
mod explanation;
mod file;
mod language;
mod loading;
mod shipped;

pub use activity::{Activity, ActivityError};
pub use bins::{Bins, Values};
pub use card::{Band, Scorecard};
pub use characteristic::Characteristic;
pub use error::{BinsError, CardError};
pub use explanation::{Change, Explanation, MAX_REASONS, Part, Reason};
pub use language::Language;
