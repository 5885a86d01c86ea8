//! What a photo is and may become: plain values and decisions.
//! No Azure, no HTTP, no clock and no random ids of its own: times and ids come in as arguments.

mod case;
mod case_transitions;
mod checking;
mod erasure;
mod history;
mod ids;
mod photo;
mod picture;
mod reason;
mod schedule;
mod severity;
mod state;
mod ticket;
mod transitions;

pub(crate) use case::{
    Case, CaseEntry, CaseEvent, CaseKind, CaseState, Judgement, Lease, ReviewReason, Ruling,
};
pub(crate) use case_transitions::CaseRefused;
pub(crate) use checking::Checking;
pub(crate) use erasure::{ErasureRecord, Found};
pub(crate) use history::Actor;
pub(crate) use history::Entry;
pub(crate) use ids::{CaseId, PhotoId, PhotoKey, ProfileId};
pub(crate) use photo::{Duty, Photo};
pub(crate) use picture::{FrameHash, Picture, Stored, Variant};
pub(crate) use reason::Reason;
pub(crate) use schedule::{MAX_CHECKING_TIME, RUN_DEADLINE, Schedule};
pub(crate) use severity::{Bands, Category, Severities, Verdict};
pub(crate) use state::PhotoState;
pub(crate) use ticket::{ContentType, MAX_PHOTO_BYTES, Ticket, parse_length};
pub(crate) use transitions::{Check, Decision};
