//! How everything is kept: the only place that knows documents, blobs and sealed texts.

mod activity;
mod assessments;
mod consents;
mod deliveries;
mod documents;
mod endpoints;
mod erasures;
mod partners;
mod reviews;
mod secrets;
mod statistics;

pub(crate) use activity::{Activities, ActivityError};
pub(crate) use assessments::Assessments;
pub(crate) use consents::Consents;
pub(crate) use deliveries::{Deliveries, WantedDeliveries};
pub(crate) use endpoints::EndpointStore;
pub(crate) use erasures::Erasures;
pub(crate) use partners::Partners;
pub(crate) use reviews::Reviews;
pub(crate) use secrets::Secrets;
pub(crate) use statistics::{Paper, Statistics};
