//! What others are told of a contact.

use super::{AccountId, QuoteId, SaleId, ServiceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Something that happened to a contact, and that others may not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fact {
    /// The contact's revision by it: no two facts of a contact have the same.
    pub(crate) revision: Revision,
    /// When it happened, which may be long before anybody heard of it.
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) kind: FactKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum FactKind {
    Activated {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account_id: Option<AccountId>,
    },
    Deactivated,
    AbandonedQuote {
        quote_id: QuoteId,
        service_id: ServiceId,
    },
    Purchased {
        sale_id: SaleId,
        service_id: ServiceId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    ProductExpired {
        sale_id: SaleId,
        service_id: ServiceId,
    },
}

impl FactKind {
    /// In one word, as it is stored.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Activated { .. } => "activated",
            Self::Deactivated => "deactivated",
            Self::AbandonedQuote { .. } => "abandoned-quote",
            Self::Purchased { .. } => "purchased",
            Self::ProductExpired { .. } => "product-expired",
        }
    }
}
