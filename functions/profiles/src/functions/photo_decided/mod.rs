//! Queue `photo-decisions`: the photos app says what became of a photo

use crate::app::App;
use crate::domain::{Decision, ProfileId};
use crate::events::Decided;
use crate::store::NotStored;
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use messages::Received;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// Keeps the profile's `photos` current. A decision that is older than what is known, or about a profile that
/// was erased, changes nothing. A profile that is not there yet, as far as can be seen here, may come.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let received: Received<Decided> = app.decided.read(&message, &mut invocation)?;
    let profile_id = received.data.profile_id;
    if received.subject()? != profile_id.to_string() {
        return Err(Failure::give_up("the subject is not the profile of the data"));
    }
    let Decided { photo_id, revision, .. } = received.data;
    let decision = Decision { photo_id, state: received.data.state(), revision };
    apply(app, profile_id, &decision).await
}

async fn apply(app: &App, id: ProfileId, decision: &Decision) -> Result<Done, Failure> {
    let changed = app.profiles.change(id, &app.clock, |profile, now| {
        Ok::<_, Infallible>(profile.with_photo_decided(decision, now))
    });
    match changed.await {
        Ok(_) => Ok(Done::nothing()),
        Err(ChangeError::Refused(NotStored::Missing)) => {
            if app.profiles.may_come(id, app.clock.now()).await.map_err(Failure::again)? {
                return Err(Failure::again(format!("the profile {id} is not here yet")));
            }
            Ok(Done::nothing().log(format!("there is no profile {id}")))
        }
        Err(ChangeError::Refused(NotStored::Refused(never))) => match never {},
        Err(ChangeError::Refused(NotStored::Taken(_))) => {
            Err(Failure::again("a decision about a photo met an address that is taken"))
        }
        Err(ChangeError::Exhausted(exhausted)) => Err(Failure::again(exhausted)),
        Err(ChangeError::Failed(failure)) => Err(Failure::again(failure)),
    }
}
