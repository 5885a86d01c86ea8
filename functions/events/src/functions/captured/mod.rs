//! Event Grid: Event Hubs Capture has written a file

use crate::app::App;
use crate::domain::CaptureName;
use custom_handler::{Done, Failure, Function, GridEvent, Invocation, function};

pub(crate) const FUNCTION: Function = function!();

/// Before a file's name in its URL.
const CONTAINER: &str = "/event-captures/";

/// Puts the file into the queue: Event Grid waits 30 s for an answer, and a file may take minutes. The event may come twice, late
/// or never: `sweep` finds the files of which nobody told.
pub(crate) async fn handle(app: &App, event: GridEvent, _: Invocation) -> Result<Done, Failure> {
    let Some(file) = event.data["fileUrl"].as_str().and_then(file_of) else {
        return Ok(Done::nothing().log("the event names no file in event-captures"));
    };
    app.due.capture(&file, app.clock.now()).await.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("{file} is to be brought into the lake")))
}

fn file_of(url: &str) -> Option<CaptureName> {
    let (_, name) = url.split_once(CONTAINER)?;
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_comes_after_the_container() {
        let name = "ns/account/0/2026/11/30/08/05/00.avro";
        let found = file_of(&format!("https://a.blob.core.windows.net/event-captures/{name}"));
        assert_eq!(found.unwrap().as_str(), name);
        assert_eq!(file_of("https://a.blob.core.windows.net/other/x.avro"), None);
    }
}
