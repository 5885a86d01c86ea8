//! The steps of an order.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One step of the way from an order to its mail, in the order in which they are made. Each is made by a function of its
/// own, in a queue of its own, so that they scale and fail apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// The vendor takes the order; there are licences from now on.
    Provision,
    /// The profile is subscribed to the services.
    Subscribe,
    /// The invoice gets its number and is written.
    Invoice,
    /// The picture of the invoice is made.
    Document,
    /// The mail goes out.
    Email,
}

impl Step {
    /// All, as they follow each other.
    pub(crate) const ALL: [Self; 5] =
        [Self::Provision, Self::Subscribe, Self::Invoice, Self::Document, Self::Email];

    /// As in JSON, paths and queues.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provision => "provision",
            Self::Subscribe => "subscribe",
            Self::Invoice => "invoice",
            Self::Document => "document",
            Self::Email => "email",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Step {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let step = Self::ALL.into_iter().find(|step| step.name() == text);
        step.ok_or("must be one of: provision, subscribe, invoice, document, email")
    }
}
