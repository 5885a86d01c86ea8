//! Queue `events-captures`: a capture file is to be brought into the lake.

use crate::app::App;
use crate::curating::{Curated, NotCurated, curate};
use crate::domain::CaptureName;
use crate::sent::CaptureDue;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// May come twice; a file that cannot be read is given up, and lies in its container for 30 days.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let due = app.due_captures.read::<CaptureDue>(&message, &mut invocation)?;
    let name: CaptureName = due.data.file.parse().map_err(Failure::give_up)?;
    let line = match curate(app, &name).await {
        Ok(Curated::Now(worked)) => format!(
            "{name}: {} events, of which {} were in the lake; {} bodies are no events",
            worked.events, worked.repeats, worked.unreadable
        ),
        Ok(Curated::Before) => format!("{name} is in the lake"),
        Ok(Curated::Gone) => format!("{name} is gone"),
        Ok(Curated::Empty) => format!("{name} is empty"),
        Err(spoilt @ NotCurated::File { .. }) => return Err(Failure::give_up(spoilt)),
        Err(other) => return Err(Failure::again(other)),
    };
    Ok(Done::nothing().log(line))
}
