//! Change feed of `sales-files`: tells others on the event hub `salesfile` which files were taken. Told as leads are:
//! `publish_leads`.

use crate::app::App;
use crate::domain::{FileId, SalesFile};
use crate::store::SalesFiles;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{Tale, Telling};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (files, rejected) = SalesFiles::changed(&feed);
    let telling = Telling { tales: files.iter().map(tale).collect(), rejected };
    let known = SalesFiles::known_by(&feed);
    let note = |id| app.sales_files.told(id, &known);
    telling.tell(app, &app.file_facts, &invocation, &feed.writers(), note).await
}

fn tale(file: &SalesFile) -> Tale<FileId> {
    let told = file.fact.is_some().then_some(file.id);
    Tale { document: file.id.to_string(), events: told::of_file(file).into_iter().collect(), told }
}
