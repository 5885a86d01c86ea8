//! Queue `events-replays`: a replay goes on.

use crate::app::App;
use crate::replaying::{Ran, go_on};
use crate::sent::ReplayDue;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Goes on for a minute, and then has itself called again. Two that do the same notice it, and one of them stops.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let due = app.due_replays.read::<ReplayDue>(&message, &mut invocation)?;
    let id = due.data.replay_id;
    if go_on(app, &id).await.map_err(Failure::again)? == Ran::On {
        app.due.replay(&id, app.clock.now()).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}
