//! `moderation/assets/{name}`

use crate::app::App;
use crate::problems;
use custom_handler::{EntityTag, Problem, Request, Response, header};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Bytes of the hash that stand in a name.
const HASH_BYTES: usize = 8;
/// The name changes with the content, so what was fetched once is good for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "console",
        "css",
        "text/css; charset=utf-8",
        include_str!("../../static/console.css"),
    )
});
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let script = include_str!("../../static/console.js");
    Asset::new("console", "js", "text/javascript; charset=utf-8", script)
});
pub(crate) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("icon", "svg", "image/svg+xml", include_str!("../../static/icon.svg"))
});

/// A file that pages of the console load.
pub(crate) struct Asset {
    /// With the hash of the content in it.
    name: String,
    content_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: &'static str) -> Self {
        let digest = Sha256::digest(content.as_bytes());
        let hash: String =
            digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Self { name: format!("{stem}-{hash}.{extension}"), content_type, content }
    }

    /// Where a page finds it.
    pub(crate) fn path(&self) -> String {
        format!("/moderation/assets/{}", self.name)
    }
}

/// GET: style, script and icon; nothing secret, so nobody need be signed in.
pub(crate) async fn get(_: &App, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("name")?;
    let assets = [&*STYLE, &*SCRIPT, &*ICON];
    let found = assets.into_iter().find(|asset| asset.name == name);
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
