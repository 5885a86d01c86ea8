//! What clients see.

mod assessment;
mod consent;
mod delivery;
mod endpoint;
pub(crate) mod event;
mod partner;
mod review;

pub(crate) use assessment::{AssessmentView, state};
pub(crate) use consent::ConsentView;
pub(crate) use delivery::{DeliveryView, state_named};
pub(crate) use endpoint::EndpointView;
pub(crate) use partner::PartnerView;
pub(crate) use review::{ReviewCaseView, ReviewView};
