//! Customers: the container `customers`. Beside them lies, for each profile, whose it is: one profile has one customer,
//! and of one that was erased it says so for ever.

use crate::domain::{AccountId, Customer, CustomerId, Erasure, NoAccount, Person, ProfileId};
use azure_data::{
    Change, ChangeError, Container, Cosmos, CosmosFailure, Exhausted, Query, WriteError,
};
use jiff::Timestamp;
use public_api::idempotency::fingerprint;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use values::{Revision, moment};

/// The form in which documents are written today.
const SCHEMA_VERSION: u32 = 1;

/// Why a customer was not added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAdded {
    #[error("the profile was erased")]
    Erased,
    /// The profile has this customer, and it is another company.
    #[error("the profile has the customer {0}")]
    Exists(CustomerId),
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomerDocument {
    id: CustomerId,
    schema_version: u32,
    person: Option<Person>,
    accounts: Vec<AccountId>,
    revision: Revision,
    #[serde(with = "moment")]
    created_at: Timestamp,
    #[serde(with = "moment::optional", default)]
    erased_at: Option<Timestamp>,
    /// Something of an erasure may still be to do.
    #[serde(default)]
    erasing: bool,
}

impl From<&Customer> for CustomerDocument {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            schema_version: SCHEMA_VERSION,
            person: customer.person.clone(),
            accounts: customer.accounts.clone(),
            revision: customer.revision,
            created_at: customer.created_at,
            erased_at: customer.erasure.map(|erasure| erasure.at),
            erasing: customer.erasure.is_some_and(|erasure| !erasure.is_done),
        }
    }
}

impl From<CustomerDocument> for Customer {
    fn from(document: CustomerDocument) -> Self {
        let is_done = !document.erasing;
        Self {
            id: document.id,
            person: document.person,
            accounts: document.accounts,
            revision: document.revision,
            created_at: document.created_at,
            erasure: document.erased_at.map(|at| Erasure { at, is_done }),
        }
    }
}

/// Whose a profile is, under the SHA-256 of its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProfileDocument {
    id: String,
    customer_id: Option<CustomerId>,
    #[serde(with = "moment::optional", default)]
    erased_at: Option<Timestamp>,
}

fn profile_id(profile: ProfileId) -> String {
    format!("profile:{}", fingerprint(&profile.to_string()))
}

#[derive(Debug)]
pub(crate) struct Customers(Container);

impl Customers {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("customers"))
    }

    pub(crate) async fn read(&self, id: CustomerId) -> Result<Option<Customer>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<CustomerDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Adds a customer, or finds the one of this profile and company: it may have another id.
    pub(crate) async fn add(
        &self,
        person: &Person,
        id: CustomerId,
        now: Timestamp,
    ) -> Result<Customer, NotAdded> {
        // First whose the profile is, then the customer: whoever ended in between is taken over from.
        let id = self.claim(person.profile_id, id).await?;
        let customer = Customer::new(id, person.clone(), now);
        let key = id.to_string();
        let Err(error) = self.0.create(&key, &key, &CustomerDocument::from(&customer)).await else {
            return Ok(customer);
        };
        match (self.read(id).await?, error) {
            (Some(there), _) if there.person.as_ref() == Some(person) => Ok(there),
            (Some(there), _) if there.person.is_none() => Err(NotAdded::Erased),
            (Some(there), _) => Err(NotAdded::Exists(there.id)),
            (None, WriteError::Conflict) => {
                Err(CosmosFailure::no_answer("a customer that is and is not there").into())
            }
            (None, WriteError::Failed(failure)) => Err(failure.into()),
        }
    }

    async fn claim(&self, profile: ProfileId, id: CustomerId) -> Result<CustomerId, NotAdded> {
        let key = profile_id(profile);
        let claimed = self.0.change(&key, &key, |now: Option<&ProfileDocument>| match now {
            Some(ProfileDocument { erased_at: Some(_), .. }) => Err(NotAdded::Erased),
            Some(ProfileDocument { customer_id: Some(owner), .. }) => Ok(Change::Keep(*owner)),
            _ => {
                let document =
                    ProfileDocument { id: key.clone(), customer_id: Some(id), erased_at: None };
                Ok(Change::Write(document, id))
            }
        });
        claimed.await.map_err(NotAdded::from)
    }

    /// Applies `edit` to the customer as it is when it is stored. `None`: there is no such customer.
    pub(crate) async fn change<E>(
        &self,
        id: CustomerId,
        edit: impl Fn(Customer) -> Result<Customer, E>,
    ) -> Result<Option<Customer>, ChangeError<E>> {
        let key = id.to_string();
        let decide = |now: Option<&CustomerDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Customer::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(CustomerDocument::from(&edited), Some(edited))
            })
        };
        self.0.change(&key, &key, decide).await
    }

    /// Says that an account is about to be opened. `None`: there is no such customer.
    pub(crate) async fn add_account(
        &self,
        id: CustomerId,
        account: AccountId,
    ) -> Result<Option<Customer>, ChangeError<NoAccount>> {
        self.change(id, |customer| customer.with_account(account)).await
    }

    /// A profile was erased: so is its customer, and no other one comes. `None`: it had none.
    pub(crate) async fn erase<E>(
        &self,
        profile: ProfileId,
        at: Timestamp,
    ) -> Result<Option<Customer>, ChangeError<E>> {
        let key = profile_id(profile);
        let say_so = |now: Option<&ProfileDocument>| {
            let owner = now.and_then(|document| document.customer_id);
            let erased_at = now.and_then(|document| document.erased_at).or(Some(at));
            let said = ProfileDocument { id: key.clone(), customer_id: owner, erased_at };
            Ok(if now == Some(&said) { Change::Keep(owner) } else { Change::Write(said, owner) })
        };
        let Some(owner) = self.0.change(&key, &key, say_so).await? else { return Ok(None) };
        let id = owner.to_string();
        let erase = |now: Option<&CustomerDocument>| {
            let customer = now.map(|document| Customer::from(document.clone()));
            // One that is about to be added finds this one.
            let customer =
                customer.map_or_else(|| Customer::never(owner, at), |customer| customer.erased(at));
            let document = CustomerDocument::from(&customer);
            Ok(if now == Some(&document) {
                Change::Keep(customer)
            } else {
                Change::Write(document, customer)
            })
        };
        let customer = self.0.change(&id, &id, erase).await?;
        // From here on nothing leads from the profile to its customer.
        let forget = |now: Option<&ProfileDocument>| {
            Ok(match now {
                Some(said) if said.customer_id.is_some() => {
                    Change::Write(ProfileDocument { customer_id: None, ..said.clone() }, ())
                }
                _ => Change::Keep(()),
            })
        };
        self.0.change(&key, &key, forget).await?;
        Ok(Some(customer))
    }

    /// At most so many customers of whose erasure something may be left to do, after the id given.
    pub(crate) async fn erasing(
        &self,
        after: Option<CustomerId>,
        most: NonZeroU32,
    ) -> Result<Vec<Customer>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.erasing = true AND c.id > @after ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = Query::from(text).with_parameter("@after", after).expect("a string is JSON");
        let found: Vec<CustomerDocument> = self.0.query(query, most).await?;
        Ok(found.into_iter().map(Customer::from).collect())
    }
}

impl From<ChangeError<NotAdded>> for NotAdded {
    fn from(error: ChangeError<NotAdded>) -> Self {
        match error {
            ChangeError::Refused(reason) => reason,
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}
