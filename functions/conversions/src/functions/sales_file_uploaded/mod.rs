//! Event Grid: a blob was created in `conversions-sales-files`.

use crate::app::App;
use crate::domain::FileName;
use custom_handler::{Done, Failure, Function, GridEvent, Invocation, function};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

const BLOBS: &str = "/blobServices/default/containers/conversions-sales-files/blobs/";

/// Has the file taken. Event Grid waits 30 s for an answer and then delivers again; many rows may take minutes, so they begin
/// behind the queue. The event may come twice, late, or about a file that is gone.
pub(crate) async fn handle(app: &App, event: GridEvent, _: Invocation) -> Result<Done, Failure> {
    let path = event.subject.as_deref().and_then(|subject| subject.strip_prefix(BLOBS));
    let name: FileName = path
        .ok_or_else(|| Failure::give_up("the event is about no file of sales"))?
        .parse()
        .map_err(|wrong| Failure::give_up(format!("the file's name {wrong}")))?;
    app.files.send_json(&json!({ "fileName": name })).await.map_err(Failure::again)?;
    Ok(Done::nothing())
}
