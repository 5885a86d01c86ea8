//! Change feed of `sales-files`: tells others on the event hub `salesfile` which files were taken. Told as leads are:
//! `publish_leads`.

use crate::app::App;
use crate::store::SalesFiles;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::Telling;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (files, rejected) = SalesFiles::changed(&feed);
    let events = files.iter().filter_map(told::of_file).collect();
    let told = files.iter().filter(|file| file.fact.is_some()).map(|file| file.id).collect();
    let telling = Telling { events, told, rejected };
    let known = SalesFiles::known_by(&feed);
    let note = |id| app.sales_files.told(id, &known);
    telling.tell(app, &app.file_facts, &invocation, note).await
}
