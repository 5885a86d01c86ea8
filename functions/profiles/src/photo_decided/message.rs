//! The message, as functions/photos/events/photo-decided.schema.json describes it.

use crate::domain::{Decision, PhotoId, PhotoState, ProfileId};
use custom_handler::{Failure, QueueMessage};
use iommi_app::CloudEvent;
use serde::Deserialize;

const TYPE: &str = "com.iommi.photos.decided.v1";

pub(super) struct Decided {
    pub(super) profile_id: ProfileId,
    pub(super) decision: Decision,
    pub(super) traceparent: Option<String>,
    pub(super) tracestate: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    photo_id: PhotoId,
    profile_id: ProfileId,
    state: State,
    revision: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Review,
    Approved,
    Rejected,
    Erased,
}

impl Decided {
    /// Reads the message; one that breaks the contract is given up.
    pub(super) fn read(message: &QueueMessage) -> Result<Self, Failure> {
        let event: CloudEvent<Data> = message.json()?;
        if event.r#type != TYPE {
            return Err(Failure::give_up(format!("the message is not a {TYPE}")));
        }
        let data = event.data.ok_or_else(|| Failure::give_up("the message has no data"))?;
        if event.subject != Some(data.profile_id.to_string()) {
            return Err(Failure::give_up("the subject is not the profile of the data"));
        }
        let state = match data.state {
            State::Review => Some(PhotoState::Review),
            State::Approved => Some(PhotoState::Approved),
            State::Rejected => Some(PhotoState::Rejected),
            State::Erased => None,
        };
        Ok(Self {
            profile_id: data.profile_id,
            decision: Decision { photo_id: data.photo_id, state, revision: data.revision },
            traceparent: event.traceparent,
            tracestate: event.tracestate,
        })
    }
}
