//! Change feed of `sales-files`: tells others on the event hub `salesfile` which files were taken. Told as leads are:
//! `publish_leads`.

use crate::app::App;
use crate::domain::SalesFile;
use crate::store::SalesFiles;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (files, rejected) = SalesFiles::changed(&feed);
    let events: Vec<CloudEvent<Value>> = files
        .iter()
        .filter_map(told::of_file)
        .map(|event| event.in_trace(invocation.trace()))
        .collect();
    app.file_facts.publish_all(&events).await.map_err(Failure::again)?;
    for file in files.iter().filter(|file| file.fact.is_some()) {
        app.sales_files.change(file.id, SalesFile::told).await.map_err(Failure::again)?;
    }
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} files", events.len())))
}
