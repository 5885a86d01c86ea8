use super::super::claims::ClaimId;
use super::SCHEMA_VERSION;
use crate::domain::{
    Account, AccountId, Country, EmailAddress, Photo, PhotoId, PhotoRevisions, PhotoState, Photos,
    PostalAddress, Profile, ProfileId, ServiceId, Subscription, UserName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use values::{Line, Revision};

/// How long a registration may take before its leftovers vanish, in seconds.
pub(in crate::store) const REGISTERING_TTL_S: u32 = 3_600;

/// How long a claim that is not settled yet is respected. It is a courtesy: taking a claim away is safe at
/// any time, it only makes the slower of two registrations fail.
pub(in crate::store) const CLAIM_GRACE: Duration = Duration::from_secs(5);

/// A profile, visible or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct Living {
    pub(in crate::store) id: ProfileId,
    account: AccountPart,
    given_name: Line<100>,
    family_name: Line<100>,
    age: Option<u8>,
    address: Option<AddressPart>,
    picture: Option<PhotoId>,
    photos: Vec<PhotoPart>,
    subscriptions: Vec<SubscriptionPart>,
    pub(in crate::store) revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
    /// The reservations this document lays claim to. Only a claim that stands here can become an address
    /// of this profile, which is what lets others reclaim a forgotten reservation safely.
    pub(in crate::store) claims: Vec<ClaimId>,
    /// When the claims were last written.
    pub(in crate::store) claimed_at: Timestamp,
    /// By what late news about a photo is recognised.
    #[serde(default, skip_serializing_if = "PhotoRevisions::is_empty")]
    photo_revisions: PhotoRevisions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountPart {
    id: AccountId,
    email_address: EmailAddress,
    user_name: UserName,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddressPart {
    street: Line<200>,
    city: Line<100>,
    postal_code: Option<Line<16>>,
    country: Country,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PhotoPart {
    id: PhotoId,
    state: PhotoState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionPart {
    service_id: ServiceId,
    since: Timestamp,
}

impl Living {
    /// Vanishes by itself unless it is settled.
    pub(in crate::store) fn registering(profile: &Profile, now: Timestamp) -> Self {
        Self { ttl: Some(REGISTERING_TTL_S), ..Self::settled(profile, now) }
    }

    /// Claims exactly its own addresses.
    pub(in crate::store) fn settled(profile: &Profile, now: Timestamp) -> Self {
        let Photos { shown, revisions } = profile.photos.clone();
        Self {
            id: profile.id,
            account: profile.account.clone().into(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            age: profile.age,
            address: profile.address.clone().map(AddressPart::from),
            picture: profile.picture,
            photos: shown.into_iter().map(PhotoPart::from).collect(),
            subscriptions: profile.subscriptions.iter().map(SubscriptionPart::from).collect(),
            revision: profile.revision,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
            schema_version: SCHEMA_VERSION,
            claims: profile.claims().iter().map(ClaimId::of).collect(),
            claimed_at: now,
            photo_revisions: revisions,
            ttl: None,
        }
    }

    pub(in crate::store) fn into_profile(self) -> Profile {
        let AccountPart { id: account_id, email_address, user_name } = self.account;
        Profile {
            id: self.id,
            account: Account { id: account_id, email_address, user_name },
            given_name: self.given_name,
            family_name: self.family_name,
            age: self.age,
            address: self.address.map(PostalAddress::from),
            picture: self.picture,
            photos: Photos {
                shown: self.photos.into_iter().map(Photo::from).collect(),
                revisions: self.photo_revisions,
            },
            subscriptions: self.subscriptions.into_iter().map(Subscription::from).collect(),
            revision: self.revision,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Whether whoever wrote the claims may still be at work on them.
    pub(in crate::store) fn is_young(&self, now: Timestamp) -> bool {
        now.duration_since(self.claimed_at).as_secs_f64() < CLAIM_GRACE.as_secs_f64()
    }

    /// Whether the claim is more than an intention: an address this profile has.
    pub(in crate::store) fn has(&self, claim: &ClaimId) -> bool {
        self.addresses().contains(claim)
    }

    /// The services it has been subscribed to since before `then`.
    pub(in crate::store) fn subscribed_before(&self, then: Timestamp) -> Vec<ServiceId> {
        let settled = self.subscriptions.iter().filter(|subscription| subscription.since < then);
        settled.map(|subscription| subscription.service_id.clone()).collect()
    }

    /// The reservations of the addresses that this profile has.
    pub(in crate::store) fn addresses(&self) -> [ClaimId; 2] {
        self.clone().into_profile().claims().map(|own| ClaimId::of(&own))
    }
}

impl From<Account> for AccountPart {
    fn from(account: Account) -> Self {
        let Account { id, email_address, user_name } = account;
        Self { id, email_address, user_name }
    }
}

impl From<PostalAddress> for AddressPart {
    fn from(address: PostalAddress) -> Self {
        let PostalAddress { street, city, postal_code, country } = address;
        Self { street, city, postal_code, country }
    }
}

impl From<AddressPart> for PostalAddress {
    fn from(part: AddressPart) -> Self {
        let AddressPart { street, city, postal_code, country } = part;
        Self { street, city, postal_code, country }
    }
}

impl From<Photo> for PhotoPart {
    fn from(photo: Photo) -> Self {
        Self { id: photo.id, state: photo.state }
    }
}

impl From<PhotoPart> for Photo {
    fn from(part: PhotoPart) -> Self {
        Self { id: part.id, state: part.state }
    }
}

impl From<&Subscription> for SubscriptionPart {
    fn from(subscription: &Subscription) -> Self {
        Self { service_id: subscription.service_id.clone(), since: subscription.since }
    }
}

impl From<SubscriptionPart> for Subscription {
    fn from(part: SubscriptionPart) -> Self {
        Self { service_id: part.service_id, since: part.since }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ProfileDocument;
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    /// What the app `legacy` and every document that was ever written rely on.
    fn document() -> Value {
        json!({
            "state": "active", "id": "01980c6e-1111-7000-8000-000000000001",
            "account": {"id": "01980c6e-1111-7000-8000-0000000000a1", "emailAddress": "kim@example.com", "userName": "kim"},
            "givenName": "Kim", "familyName": "Larsen", "age": null,
            "address": {"street": "Havnegade 1", "city": "København", "postalCode": "1058", "country": "DK"},
            "picture": null, "photos": [{"id": "01980c6e-2222-7000-8000-000000000001", "state": "review"}],
            "subscriptions": [{"serviceId": "care", "since": "2026-03-01T08:00:00Z"}],
            "revision": 3, "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-01T08:00:00.5Z",
            "schemaVersion": 1, "claims": ["email-1", "user-1"], "claimedAt": "2026-03-01T08:00:00Z",
            "photoRevisions": {"01980c6e-2222-7000-8000-000000000001": 4},
        })
    }

    #[test]
    fn a_document_is_read_and_written_as_it_always_was() {
        let read: ProfileDocument = serde_json::from_value(document()).unwrap();
        assert_eq!(json!(read), document());
        let ProfileDocument::Active(living) = read else { panic!("{read:?}") };
        let (claims, claimed_at) = (living.claims.clone(), living.claimed_at);
        let again = Living::settled(&living.into_profile(), claimed_at);
        assert_eq!(json!(ProfileDocument::Active(Living { claims, ..again })), document());
    }
}
