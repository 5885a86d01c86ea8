use crate::domain::{AccountId, Company, Customer, CustomerId, ProfileId};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::Revision;

/// `Customer` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerView {
    id: CustomerId,
    state: &'static str,
    profile_id: Option<ProfileId>,
    company: Option<Company>,
    accounts: Vec<AccountId>,
    revision: Revision,
    created_at: Timestamp,
}

impl Versioned for CustomerView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<&Customer> for CustomerView {
    fn from(customer: &Customer) -> Self {
        let person = customer.person.clone();
        Self {
            id: customer.id,
            state: if person.is_some() { "active" } else { "erased" },
            profile_id: person.as_ref().map(|person| person.profile_id),
            company: person.map(|person| person.company),
            accounts: customer.accounts.clone(),
            revision: customer.revision,
            created_at: customer.created_at,
        }
    }
}
