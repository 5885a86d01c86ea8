//! A profile and what may become of it.

use super::account::{Account, AccountDraft};
use super::address::PostalAddress;
use super::body::Body;
use super::claim::AddressClaim;
use super::ids::{AccountId, PhotoId, ProfileId};
use super::photo::Photos;
use super::subscription::{MAX_SUBSCRIPTIONS, Subscription, TooManySubscriptions};
use jiff::Timestamp;
use serde_json::Value;
use values::{Fields, Line, Refused, Revision, ServiceId, Violations};

/// The oldest age that is believed, in years.
const MAX_AGE: u8 = 150;

/// What a client cannot write in a profile.
const KEPT: [&str; 8] = [
    "id",
    "picture",
    "photos",
    "subscriptions",
    "revision",
    "createdAt",
    "updatedAt",
    "schemaVersion",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) id: ProfileId,
    pub(crate) account: Account,
    pub(crate) given_name: Line<100>,
    pub(crate) family_name: Line<100>,
    /// Whole years.
    pub(crate) age: Option<u8>,
    pub(crate) address: Option<PostalAddress>,
    /// The approved photo that is shown for this profile.
    pub(crate) picture: Option<PhotoId>,
    pub(crate) photos: Photos,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) revision: Revision,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The part of a profile that its owner writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    account: AccountDraft,
    given_name: Line<100>,
    family_name: Line<100>,
    age: Option<u8>,
    address: Option<PostalAddress>,
}

impl Draft {
    /// The body of `POST v1/register`.
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let account = fields.object("account", AccountDraft::read);
        let draft = Self::read(&mut fields, account);
        fields.finish()?;
        Ok(draft?)
    }

    fn read(
        fields: &mut Fields<'_>,
        account: Result<AccountDraft, Refused>,
    ) -> Result<Self, Refused> {
        let given_name = fields.text("givenName", Line::parse);
        let family_name = fields.text("familyName", Line::parse);
        let age = fields.optional_integer("age", parse_age);
        let address = fields.optional_object("address", PostalAddress::read);
        Ok(Self {
            account: account?,
            given_name: given_name?,
            family_name: family_name?,
            age: age?,
            address: address?,
        })
    }
}

fn parse_age(years: i64) -> Result<u8, String> {
    u8::try_from(years)
        .ok()
        .filter(|years| *years <= MAX_AGE)
        .ok_or_else(|| format!("must be between 0 and {MAX_AGE} years"))
}

impl Profile {
    pub(crate) fn register(
        id: ProfileId,
        account_id: AccountId,
        draft: Draft,
        now: Timestamp,
    ) -> Self {
        let Draft { account, given_name, family_name, age, address } = draft;
        let AccountDraft { email_address, user_name } = account;
        Self {
            id,
            account: Account { id: account_id, email_address, user_name },
            given_name,
            family_name,
            age,
            address,
            picture: None,
            photos: Photos::default(),
            subscriptions: Vec::new(),
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
        }
    }

    /// The profile with the body's values; the same profile if nothing changes.
    pub(crate) fn replaced_with(
        &self,
        body: &Body<'_>,
        now: Timestamp,
    ) -> Result<Self, Violations> {
        let mut fields = Fields::of(body.json)?;
        body.keep(&mut fields, &KEPT, "");
        let account = fields.object("account", |account| {
            body.keep(account, &["id"], "/account");
            AccountDraft::read(account)
        });
        let draft = Draft::read(&mut fields, account);
        fields.finish()?;
        Ok(self.with(draft?, now))
    }

    fn with(&self, draft: Draft, now: Timestamp) -> Self {
        let Draft { account, given_name, family_name, age, address } = draft;
        let AccountDraft { email_address, user_name } = account;
        let account = Account { id: self.account.id, email_address, user_name };
        let edited = Self { account, given_name, family_name, age, address, ..self.clone() };
        self.changed_to(edited, now)
    }

    /// Subscribed to the service since now, or since earlier if it is already.
    pub(crate) fn subscribed_to(
        &self,
        service_id: &ServiceId,
        now: Timestamp,
    ) -> Result<Self, TooManySubscriptions> {
        if self.subscription(service_id).is_some() {
            return Ok(self.clone());
        }
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return Err(TooManySubscriptions);
        }
        let mut edited = self.clone();
        edited.subscriptions.push(Subscription { service_id: service_id.clone(), since: now });
        Ok(self.changed_to(edited, now))
    }

    pub(crate) fn unsubscribed_from(&self, service_id: &ServiceId, now: Timestamp) -> Self {
        let mut edited = self.clone();
        edited.subscriptions.retain(|subscription| subscription.service_id != *service_id);
        self.changed_to(edited, now)
    }

    pub(crate) fn subscription(&self, service_id: &ServiceId) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.service_id == *service_id)
    }

    /// The addresses nobody else may have while this profile lives.
    pub(crate) fn claims(&self) -> [AddressClaim; 2] {
        [
            AddressClaim::email_address(&self.account.email_address),
            AddressClaim::user_name(&self.account.user_name),
        ]
    }

    /// A change counts only if something changed: the mainframe behind is spared empty ones.
    pub(super) fn changed_to(&self, edited: Self, now: Timestamp) -> Self {
        if edited == *self {
            return edited;
        }
        Self { revision: self.revision.next(), updated_at: now, ..edited }
    }
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
