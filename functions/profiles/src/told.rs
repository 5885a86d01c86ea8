//! The facts that this app publishes on event hubs, each with a schema in `messages/`. They are made of documents, and
//! whichever version of a document is looked at, the same fact comes out under the same id.

use crate::domain::Service;
use crate::events::SOURCE;
use crate::store::{ErasedProfile, OpenAccount};
use messages::{CloudEvent, EventType};
use serde_json::{Value, json};
use values::Revision;

/// The event hub of accounts.
pub(crate) const ACCOUNT: &str = "account";
/// The event hub of the catalogue.
pub(crate) const PRODUCT: &str = "product";

const ACTIVATED: EventType = EventType::new("com.iommi.profiles.account-activated.v1");
const DEACTIVATED: EventType = EventType::new("com.iommi.profiles.account-deactivated.v1");
const UPDATED: EventType = EventType::new("com.iommi.profiles.product-updated.v1");
pub(crate) const ACCOUNT_TYPES: &[EventType] = &[ACTIVATED, DEACTIVATED];
pub(crate) const PRODUCT_TYPES: &[EventType] = &[UPDATED];

/// That somebody has an account: a fact of the profile's first revision, whichever was seen.
pub(crate) fn activated(account: &OpenAccount) -> CloudEvent<Value> {
    let (id, at) = (account.id, account.created_at);
    let data = json!({"profileId": id, "accountId": account.account_id(), "at": at});
    let name = format!("{id}-{}-account-activated", Revision::FIRST);
    CloudEvent::new(SOURCE, ACTIVATED, name, id.to_string(), at, data).of_revision(Revision::FIRST)
}

/// That the account is closed, and its owner erased.
pub(crate) fn deactivated(profile: &ErasedProfile) -> CloudEvent<Value> {
    let ErasedProfile { id, revision, erased_at: at, .. } = *profile;
    let name = format!("{id}-{revision}-account-deactivated");
    let data = json!({"profileId": id, "at": at});
    CloudEvent::new(SOURCE, DEACTIVATED, name, id.to_string(), at, data).of_revision(revision)
}

/// How a service of the catalogue is now.
pub(crate) fn updated(service: &Service) -> CloudEvent<Value> {
    let Service { id, draft, revision, updated_at: at, .. } = service;
    let mut data = json!({
        "serviceId": id.as_str(), "name": draft.name, "monthlyPrice": draft.monthly_price, "tier": draft.tier,
        "retired": draft.retired,
    });
    if let Some(vendor_id) = &draft.vendor_id {
        data["vendorId"] = json!(vendor_id);
    }
    let name = format!("{id}-{revision}-product-updated");
    CloudEvent::new(SOURCE, UPDATED, name, id.to_string(), *at, data).of_revision(*revision)
}
