//! The events that scoring sends us; their schemas lie in `functions/scoring/messages`.

use crate::domain::Score;
use messages::EventType;
use serde::Deserialize;

/// A score was made; the data is [`Scored`].
pub(crate) const SCORED: EventType = EventType::new("com.iommi.scoring.scored.v1");
/// The bank had too little for one; the data is [`Unscoreable`].
pub(crate) const UNSCOREABLE: EventType = EventType::new("com.iommi.scoring.unscoreable.v1");
/// None was made; the data is [`GaveUp`].
pub(crate) const GAVE_UP: EventType = EventType::new("com.iommi.scoring.gave-up.v1");
/// All of them.
pub(crate) const TYPES: &[EventType] = &[SCORED, UNSCOREABLE, GAVE_UP];

/// What is needed of scored.schema.json.
#[derive(Debug, Deserialize)]
pub(crate) struct Scored {
    pub(crate) result: Score,
}

/// What is needed of unscoreable.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unscoreable {
    pub(crate) reason: String,
    pub(crate) months_seen: u32,
}

/// gave-up.schema.json
#[derive(Debug, Deserialize)]
pub(crate) struct GaveUp {
    pub(crate) attempt: u32,
    pub(crate) reason: String,
}
