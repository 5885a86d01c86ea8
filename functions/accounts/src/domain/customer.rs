//! Customers: companies that have accounts, and the profile of the person who speaks for each.

use super::terms::masked_line;
use super::{AccountId, CustomerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use values::{Fields, Line, Refused, Revision, Violations};

values::id! {
    /// A person's profile, which the app `profiles` keeps.
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}

/// Most accounts of one customer.
pub(crate) const MAX_ACCOUNTS: usize = 50;

/// A company. Its person is known by the id of a profile alone; of one who was erased there is no id either, and no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Customer {
    pub(crate) id: CustomerId,
    /// `None`: that person was erased. The law keeps the accounts, under this customer's id, which says nothing of anybody.
    pub(crate) person: Option<Person>,
    /// Those that it has, and those that are about to be opened.
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) revision: Revision,
    pub(crate) created_at: Timestamp,
    pub(crate) erasure: Option<Erasure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Erasure {
    /// When we heard of it.
    pub(crate) at: Timestamp,
    /// Nothing is left of the person, and all accounts are closed.
    pub(crate) is_done: bool,
}

/// All that goes if the person is erased: a company's name may be its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) profile_id: ProfileId,
    pub(crate) company: Company,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Company {
    /// In its country's register.
    pub(crate) number: Line<32>,
    pub(crate) name: Line<100>,
}

/// Why a customer gets no further account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAccount {
    Erased,
    TooMany,
}

impl Customer {
    pub(crate) fn new(id: CustomerId, person: Person, now: Timestamp) -> Self {
        let (accounts, revision) = (Vec::new(), Revision::FIRST);
        Self { id, person: Some(person), accounts, revision, created_at: now, erasure: None }
    }

    /// One whose person was erased before it was added.
    pub(crate) fn never(id: CustomerId, at: Timestamp) -> Self {
        let erasure = Some(Erasure { at, is_done: true });
        let (accounts, revision) = (Vec::new(), Revision::FIRST);
        Self { id, person: None, accounts, revision, created_at: at, erasure }
    }

    /// With an account that is about to be opened; the same if it has that.
    pub(crate) fn with_account(mut self, account: AccountId) -> Result<Self, NoAccount> {
        if self.person.is_none() {
            return Err(NoAccount::Erased);
        }
        if self.accounts.contains(&account) {
            return Ok(self);
        }
        if self.accounts.len() >= MAX_ACCOUNTS {
            return Err(NoAccount::TooMany);
        }
        self.accounts.push(account);
        Ok(self.revised())
    }

    /// Without the person; what follows from that is still to be done.
    pub(crate) fn erased(self, at: Timestamp) -> Self {
        if self.erasure.is_some() {
            return self;
        }
        Self { person: None, erasure: Some(Erasure { at, is_done: false }), ..self }.revised()
    }

    pub(crate) fn erasure_done(self) -> Self {
        let erasure = self.erasure.map(|erasure| Erasure { is_done: true, ..erasure });
        Self { erasure, ..self }
    }

    pub(crate) fn revised(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }
}

impl Person {
    /// The body of `POST customers`.
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let profile_id = fields.text("profileId", str::parse);
        let company = fields.object("company", Company::read);
        fields.finish()?;
        Ok(Self { profile_id: profile_id?, company: company? })
    }
}

impl Company {
    /// The body of `PATCH customers/{customerId}`, merged into what is.
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let company = fields.object("company", Self::read);
        fields.finish()?;
        Ok(company?)
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let number = fields.text("number", |text| match masked_line(text) {
            Ok(line) if line.as_str() != text.trim() => {
                Err("looks like a card's number, which is kept nowhere".to_owned())
            }
            other => other,
        });
        let name = fields.text("name", masked_line);
        Ok(Self { number: number?, name: name? })
    }
}
