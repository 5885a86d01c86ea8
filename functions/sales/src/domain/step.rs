//! The steps of an order.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One step of the way from an order to its mail, in the order in which they are made. Each is made by a function of its
/// own, in a queue of its own, so that they scale and fail apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// What it comes to is held of the buyer's account, if it is charged to one.
    Authorise,
    /// The vendor takes the order; there are licences from now on.
    Provision,
    /// The profile is subscribed to the services.
    Subscribe,
    /// The invoice gets its number and is written.
    Invoice,
    /// The account is charged with what the invoice says, or gets back what a credit note says.
    Capture,
    /// The picture of the invoice is made.
    Document,
    /// The mail goes out.
    Email,
}

impl Step {
    /// All, as they follow each other.
    pub(crate) const ALL: [Self; 7] = Self::ON_ACCOUNT;
    /// Of an order that is charged to an account.
    pub(crate) const ON_ACCOUNT: [Self; 7] = [
        Self::Authorise,
        Self::Provision,
        Self::Subscribe,
        Self::Invoice,
        Self::Capture,
        Self::Document,
        Self::Email,
    ];
    /// Of an order that its buyer pays when the invoice is there.
    pub(crate) const ON_INVOICE: [Self; 5] =
        [Self::Provision, Self::Subscribe, Self::Invoice, Self::Document, Self::Email];

    /// As in JSON, paths and queues.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::Provision => "provision",
            Self::Subscribe => "subscribe",
            Self::Invoice => "invoice",
            Self::Capture => "capture",
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
        step.ok_or(
            "must be one of: authorise, provision, subscribe, invoice, capture, document, email",
        )
    }
}
