use super::SCHEMA_VERSION;
use crate::domain::{
    Account, AccountId, Country, EmailAddress, Photo, PhotoId, PhotoState, PostalAddress, Profile,
    ProfileId, ServiceId, Subscription, UserName,
};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::{Line, Revision};

/// `Profile` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileView {
    id: ProfileId,
    account: AccountView,
    given_name: Line<100>,
    family_name: Line<100>,
    age: Option<u8>,
    address: Option<AddressView>,
    picture: Option<PhotoId>,
    photos: Vec<PhotoView>,
    subscriptions: Vec<SubscriptionView>,
    revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountView {
    id: AccountId,
    email_address: EmailAddress,
    user_name: UserName,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressView {
    street: Line<200>,
    city: Line<100>,
    postal_code: Option<Line<16>>,
    country: Country,
}

#[derive(Debug, Serialize)]
struct PhotoView {
    id: PhotoId,
    state: PhotoState,
}

/// `Subscription` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubscriptionView {
    service_id: ServiceId,
    since: Timestamp,
}

impl Versioned for Profile {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl Versioned for ProfileView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.id,
            account: AccountView::from(profile.account),
            given_name: profile.given_name,
            family_name: profile.family_name,
            age: profile.age,
            address: profile.address.map(AddressView::from),
            picture: profile.picture,
            photos: profile.photos.shown.into_iter().map(PhotoView::from).collect(),
            subscriptions: profile.subscriptions.into_iter().map(SubscriptionView::from).collect(),
            revision: profile.revision,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
            schema_version: SCHEMA_VERSION,
        }
    }
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account { id, email_address, user_name } = account;
        Self { id, email_address, user_name }
    }
}

impl From<PostalAddress> for AddressView {
    fn from(address: PostalAddress) -> Self {
        let PostalAddress { street, city, postal_code, country } = address;
        Self { street, city, postal_code, country }
    }
}

impl From<Photo> for PhotoView {
    fn from(photo: Photo) -> Self {
        Self { id: photo.id, state: photo.state }
    }
}

impl From<Subscription> for SubscriptionView {
    fn from(subscription: Subscription) -> Self {
        Self { service_id: subscription.service_id, since: subscription.since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Draft;
    use pretty_assertions::assert_eq;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn a_profile_is_shown_as_the_contract_says() {
        let body = json!({
            "account": {"emailAddress": "kim@example.com", "userName": "kim"},
            "givenName": "Kim", "familyName": "Larsen", "age": 41,
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
        });
        let ids = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let draft = Draft::parse(&body).unwrap();
        let profile = Profile::register(ids.0, ids.1, draft, Timestamp::UNIX_EPOCH);
        let profile = profile.subscribed_to(&"care".parse().unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!(
            json!(ProfileView::from(profile.unwrap())),
            json!({
                "id": ids.0, "account": {"id": ids.1, "emailAddress": "kim@example.com", "userName": "kim"},
                "givenName": "Kim", "familyName": "Larsen", "age": 41,
                "address": {"street": "Havnegade 1", "city": "København", "postalCode": null, "country": "DK"},
                "picture": null, "photos": [],
                "subscriptions": [{"serviceId": "care", "since": "1970-01-01T00:00:00Z"}],
                "revision": 2, "createdAt": "1970-01-01T00:00:00Z", "updatedAt": "1970-01-01T00:00:00Z",
                "schemaVersion": 1,
            })
        );
    }
}
