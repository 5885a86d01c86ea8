//! What is decided about a person's credit, and by whose leave: decisions and values, without Azure, HTTP or a clock.
//!
//! Everything hangs on two types. A [`Consent`] is a person's leave to ask the bank once; an [`Assessment`] is the work
//! that is done with it, from the question to the one end that it has. Both are changed by methods that take what
//! happened and give what it becomes; what happened twice, late or too early changes nothing.

mod assessment;
mod consent;
mod consent_request;
mod delivery;
mod endpoint;
mod endpoint_request;
mod event;
mod ids;
mod partner;
mod request;
mod review;
mod score;
mod sealed;
mod statistics;

pub(crate) use assessment::{Assessment, Duty, Failed, Outcome, Phase};
pub(crate) use consent::{Consent, ConsentDuty, ConsentState, NotUsable};
pub(crate) use consent_request::{NewConsent, parse_return_urls};
pub(crate) use delivery::{Delivery, DeliveryAttempt, DeliveryState, Follows};
pub(crate) use endpoint::{
    AttemptFailed, Disabled, DisabledBecause, Endpoint, EndpointSecret, Endpoints, MAX_ENDPOINTS,
    Signing, TooMany,
};
pub(crate) use endpoint_request::{EndpointPatch, NewEndpoint, ResendRange};
pub(crate) use event::{Event, EventKind};
pub(crate) use ids::{AssessmentId, ConsentId, DeliveryId, EndpointId, PartnerId, Person, Subject};
pub(crate) use partner::{MAX_RETURN_URLS, Partner};
pub(crate) use request::{Leave, NewAssessment, Reference, parse_erasure};
pub(crate) use review::{Decision, Review, ReviewState, parse_statement};
pub(crate) use score::Score;
pub(crate) use sealed::Sealed;
pub(crate) use statistics::{Cell, Tally};
