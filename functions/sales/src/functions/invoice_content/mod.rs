//! `v1/invoices/{number}/content/{format}`

mod range;

use crate::app::App;
use crate::functions::invoice;
use crate::problems;
use crate::store::Format;
use custom_handler::{
    EntityTag, Function, Problem, Request, Response, StatusCode, function, header,
};
use public_api::problems::storage_unavailable;
use range::Part;

pub(crate) const FUNCTION: Function = function!();

/// A file is written once; whoever has it may keep it, and nobody in between.
const CACHE: &str = "private, max-age=86400";

/// GET: a file of the invoice, whole or a part of it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let format: Format = request.param("format")?;
    let known = request.if_none_match()?;
    let number = invoice::find(app, &request).await?.number().clone();
    let blob = app.archive.read(&number, format).await.map_err(storage_unavailable)?;
    let blob = blob.ok_or_else(|| problems::not_made_yet(&number))?;
    let tag = EntityTag::parse(blob.etag.as_ref()).map_err(Problem::internal)?;
    if known.is_some_and(|known| known.matches(&tag)) {
        return Ok(Response::not_modified().etag(tag).cache_control(CACHE));
    }
    let name = format!("attachment; filename=\"{number}.{}\"", format.extension());
    let answer = match Part::asked(&request, &tag, blob.content.len()) {
        None => Response::bytes(format.media_type(), blob.content),
        Some(part) => Response::bytes(format.media_type(), blob.content.slice(part.range()))
            .with_status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, part.content_range()),
    };
    Ok(answer
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_DISPOSITION, name)
        .cache_control(CACHE)
        .etag(tag))
}
