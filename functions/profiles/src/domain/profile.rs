//! A profile and what may become of it.

use super::SCHEMA_VERSION;
use super::account::{Account, AccountDraft};
use super::address::PostalAddress;
use super::claim::AddressClaim;
use super::fields::{Fields, Refused, Violations};
use super::ids::{AccountId, PhotoId, ProfileId, ServiceId};
use super::photo::Photos;
use super::subscription::{MAX_SUBSCRIPTIONS, Subscription, TooManySubscriptions};
use super::text::Line;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The oldest age that is believed, in years.
const MAX_AGE: u8 = 150;

/// Counts the writes to a thing: 1 when it is created, one more at every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Revision(u64);

impl Revision {
    pub(crate) const FIRST: Self = Self(1);

    pub(crate) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub(crate) fn get(self) -> u64 {
        self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) id: ProfileId,
    pub(crate) account: Account,
    given_name: Line<100>,
    family_name: Line<100>,
    /// Whole years.
    age: Option<u8>,
    address: Option<PostalAddress>,
    /// The approved photo that is shown for this profile.
    pub(super) picture: Option<PhotoId>,
    pub(super) photos: Photos,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
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

/// Where the body of a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// Sent as it is (PUT): fields that the service keeps may be left out.
    Whole,
    /// The current state with a merge patch applied (PATCH): a kept field that is missing was removed.
    Merged,
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
            schema_version: SCHEMA_VERSION,
        }
    }

    /// The profile with the body's values; the same profile if nothing changes.
    pub(crate) fn replaced_with(
        &self,
        body: &Value,
        form: Body,
        now: Timestamp,
    ) -> Result<Self, Violations> {
        let must_be_there = form == Body::Merged;
        let mut fields = Fields::of(body)?;
        for (name, current) in [
            ("id", json!(self.id)),
            ("picture", json!(self.picture)),
            ("photos", json!(self.photos)),
            ("subscriptions", json!(self.subscriptions)),
            ("revision", json!(self.revision)),
            ("createdAt", json!(self.created_at)),
            ("updatedAt", json!(self.updated_at)),
            ("schemaVersion", json!(self.schema_version)),
        ] {
            fields.kept(name, &current, must_be_there);
        }
        let account = fields.object("account", |account| {
            account.kept("id", &json!(self.account.id), must_be_there);
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
