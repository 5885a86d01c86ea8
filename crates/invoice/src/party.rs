//! Who sells and who buys.

use crate::{Country, Name, Reference, VatId};
use serde::{Deserialize, Serialize};

/// A seller or a buyer (EN 16931: BG-4, BG-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The full name of the firm or the person (BT-27, BT-44).
    pub name: Name,
    /// Where it is.
    pub address: Address,
    /// Its VAT id (BT-31, BT-48). A seller has one, unless it is a small undertaking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<VatId>,
    /// What it is known by in its register of companies (BT-30, BT-47), such as `HRB 86891`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Reference>,
    /// Its electronic address (BT-34, BT-49), of the scheme `EM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Name>,
}

/// Where a party is (BG-5, BG-8). The country decides about VAT, so it is the one thing that must be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street and number (BT-35, BT-50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Name>,
    /// A second line (BT-36, BT-51).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional: Option<Name>,
    /// The city (BT-37, BT-52).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Name>,
    /// The postal code (BT-38, BT-53).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Reference>,
    /// A state or province (BT-39, BT-54).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<Name>,
    /// The country (BT-40, BT-55).
    pub country: Country,
}
