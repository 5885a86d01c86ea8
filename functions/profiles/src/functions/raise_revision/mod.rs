//! Queue `profile-revisions`: the mainframe has a revision of a profile that this store does not

use crate::app::App;
use crate::domain::ProfileId;
use crate::events::RevisionBehind;
use crate::store::Raised;
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use messages::Received;
use values::Revision;

pub(crate) const FUNCTION: Function = function!();

/// Writes what there is of the profile once more, with a revision above the one that the mainframe has: so the change
/// feed brings it again, and the mainframe takes it. That is how a store which lost writes (a restore, a failover)
/// gets the last word back. Nothing happens if the profile is above it already.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let received: Received<RevisionBehind> = app.behind.read(&message, &mut invocation)?;
    let RevisionBehind { profile_id: id, revision } = received.data;
    if received.subject()? != id.to_string() {
        return Err(Failure::give_up("the subject is not the profile of the data"));
    }
    raise(app, id, revision).await
}

async fn raise(app: &App, id: ProfileId, revision: Revision) -> Result<Done, Failure> {
    match app.profiles.raise(id, revision, &app.clock).await {
        Ok(Raised::Above) => Ok(Done::nothing()),
        Ok(Raised::NotYet) => Err(Failure::again(format!("the profile {id} is not here yet"))),
        Ok(Raised::Lost) => {
            // Only people can tell whether it is a customer's whose registration was lost, or somebody's who was erased.
            tracing::error!(
                alarm = "profile-missing", profile = %id, revision = revision.get(),
                "the mainframe has a profile that is not here"
            );
            Ok(Done::nothing())
        }
        Err(ChangeError::Refused(never)) => match never {},
        Err(ChangeError::Exhausted(exhausted)) => Err(Failure::again(exhausted)),
        Err(ChangeError::Failed(failure)) => Err(Failure::again(failure)),
    }
}
