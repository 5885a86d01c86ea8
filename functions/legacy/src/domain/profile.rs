//! A profile as its API shows it. What the document holds besides (reservations, system properties, times to live) is
//! the profiles app's own and never leaves.

use super::ids::{ProfileId, Revision};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The shape that this version knows; a document of another one waits for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(super) struct Shape;

impl Shape {
    const KNOWN: u32 = 1;
}

impl TryFrom<u32> for Shape {
    type Error = &'static str;

    fn try_from(version: u32) -> Result<Self, Self::Error> {
        if version == Self::KNOWN {
            Ok(Self)
        } else {
            Err("the schema version is not one that this version knows")
        }
    }
}

impl From<Shape> for u32 {
    fn from(_: Shape) -> Self {
        Shape::KNOWN
    }
}

/// How long the parts of a profile are is the API's business: what it stored is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(super) id: ProfileId,
    account: Account,
    given_name: String,
    family_name: String,
    age: Option<u8>,
    address: Option<Address>,
    picture: Option<Uuid>,
    photos: Vec<Photo>,
    subscriptions: Vec<Subscription>,
    pub(super) revision: Revision,
    created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    #[serde(rename = "schemaVersion")]
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    id: Uuid,
    email_address: String,
    user_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    street: String,
    city: String,
    postal_code: Option<String>,
    country: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Photo {
    id: Uuid,
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    service_id: String,
    since: Timestamp,
}
