//! What lies in Cosmos DB: structs of their own, so that the domain may change without a document changing.

mod assessment;
mod consent;
mod delivery;
mod endpoints;
mod partner;

pub(super) use assessment::AssessmentDocument;
pub(super) use consent::ConsentDocument;
pub(super) use delivery::{DeliveryDocument, place as place_of};
pub(super) use endpoints::EndpointsDocument;
pub(super) use partner::PartnerDocument;

/// The form in which documents are written today.
const SCHEMA_VERSION: u32 = 1;
