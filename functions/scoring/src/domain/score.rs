//! What is said about a person: bins, and the score that the card makes of them.

use crate::domain::history::History;
use crate::domain::measures::measures;
use scorecard::{Activity, Bins, BinsError, Characteristic, Scorecard};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// What the simulation starts from: SHA-256 of the activity's canonical bytes, the card's version and the number of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed(pub(crate) [u8; 32]);

/// A person's result: the same bytes for the same activity, card and number of paths, on every machine and in every build.
/// No value of the activity is in it, only the bins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scored {
    scorecard: String,
    score: i32,
    bins: Bins,
    /// Simulated years of a thousand in which the money ran out.
    shortfall: u32,
    months_seen: u32,
    seed: Seed,
}

impl Seed {
    pub(crate) fn of(activity: &Activity, card: &Scorecard, paths: u32) -> Self {
        let mut hash = Sha256::new();
        hash.update(activity.to_bytes());
        // JSON has no byte 0, so no two inputs are the same text.
        hash.update([0]);
        hash.update(card.version());
        hash.update([0]);
        hash.update(paths.to_be_bytes());
        Self(hash.finalize().into())
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&digits)
    }
}

impl Scored {
    /// `shortfalls` of `paths` simulated years ran out of money.
    ///
    /// # Errors
    /// The card looks at something that is not measured here.
    pub(crate) fn of(
        card: &Scorecard,
        history: &History,
        months_seen: u32,
        seed: Seed,
        (shortfalls, paths): (u64, u32),
    ) -> Result<Self, BinsError> {
        let shortfall = permille(shortfalls, paths);
        let mut values = measures(history);
        values.insert(Characteristic::Shortfall, shortfall.into());
        let bins = card.bins(&values)?;
        let (scorecard, score) = (card.version().to_owned(), card.score(&bins)?);
        Ok(Self { scorecard, score, bins, shortfall, months_seen, seed })
    }
}

/// To the nearest; half a permille is one.
fn permille(part: u64, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    u32::try_from((part.min(of) * 1000 + of / 2) / of).unwrap_or(1000)
}
