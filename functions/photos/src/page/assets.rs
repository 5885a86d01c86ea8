//! Style, script and icon of the console.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Bytes of the hash that stand in a name.
const HASH_BYTES: usize = 8;
/// All of them.
pub(crate) const ASSETS: [&LazyLock<Asset>; 3] = [&STYLE, &SCRIPT, &ICON];

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "console",
        "css",
        "text/css; charset=utf-8",
        include_str!("../../static/console.css"),
    )
});
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let script = include_str!("../../static/console.js");
    Asset::new("console", "js", "text/javascript; charset=utf-8", script)
});
pub(super) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("icon", "svg", "image/svg+xml", include_str!("../../static/icon.svg"))
});

/// A file that pages of the console load.
pub(crate) struct Asset {
    /// With the hash of the content in it.
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) content: &'static str,
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
