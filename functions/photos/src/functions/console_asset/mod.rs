//! `moderation/assets/{name}`

use crate::app::App;
use crate::page::ASSETS;
use crate::problems;
use custom_handler::{EntityTag, Function, Problem, Request, Response, function, header};

pub(crate) const FUNCTION: Function = function!();

/// The name changes with the content, so what was fetched once is good for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// GET: style, script and icon; nothing secret, so nobody need be signed in.
pub(crate) async fn get(_: &App, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("name")?;
    let found = ASSETS.into_iter().find(|asset| asset.name == name);
    let asset = found.ok_or_else(|| problems::no_such_asset(&name))?;
    let tag = EntityTag::strong(asset.name.clone()).map_err(Problem::internal)?;
    let known = request.if_none_match()?;
    let response = match known {
        Some(known) if known.matches(&tag) => Response::not_modified(),
        _ => Response::bytes(asset.content_type, asset.content)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    };
    Ok(response.etag(tag).cache_control(FOR_EVER))
}
