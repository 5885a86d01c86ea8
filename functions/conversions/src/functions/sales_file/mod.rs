//! `conversions/v1/sales-files/{fileName}`

use crate::app::App;
use crate::domain::FileName;
use crate::problems;
use crate::views::SalesFileView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: what became of a sales file, row by row where one was refused.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let name: FileName = request.param("fileName")?;
    let file = app.sales_files.read(&name).await.map_err(unavailable)?;
    let file = file.ok_or_else(|| problems::no_such_file(&name))?;
    Ok(Response::ok(&SalesFileView::from(&file)))
}
