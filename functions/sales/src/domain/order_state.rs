//! How an order stands.

use serde::{Deserialize, Serialize};

/// How an order stands, in one word. Clients are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OrderState {
    /// A step is due.
    Open,
    /// A step failed and a person has to look.
    Failed,
    Fulfilled,
    Cancelled,
}

impl OrderState {
    pub(crate) const ALL: [Self; 4] = [Self::Open, Self::Failed, Self::Fulfilled, Self::Cancelled];

    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Failed => "failed",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
        }
    }
}

impl std::str::FromStr for OrderState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let state = Self::ALL.into_iter().find(|state| state.name() == text);
        state.ok_or("must be one of: open, failed, fulfilled, cancelled")
    }
}
