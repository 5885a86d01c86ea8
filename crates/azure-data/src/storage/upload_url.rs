use super::{
    Account, StorageFailure,
    signing::{self, Permission},
};
use azure_core::http::Url;
use jiff::Timestamp;
use std::{fmt, sync::Arc};

/// How a client sends a blob past us, straight to Blob Storage.
///
/// The URL is signed (user delegation SAS) for one blob and the permission *create*. In Azure's words that is "write a
/// new blob, snapshot a blob, or copy a blob to a new blob" ("Create a user delegation SAS", `sp=c`). So until it ends,
/// and as often as the name is free:
/// - a PUT creates the blob; while it is there, a second one is refused with 403, and so is reading, deleting or another
///   name;
/// - a copy creates it from any URL that its sender may read, and a slow source keeps it pending, for days if need be;
/// - `comp=snapshot` makes read-only copies of the blob, which go only with it.
///
/// [`BlobContainer::delete`](super::BlobContainer::delete) copes with both. Whoever has the URL may use it: it belongs
/// in no log. What arrives may be anything of any length; check it before use.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadUrl {
    /// Where to send the content.
    pub url: String,
    /// `PUT`.
    pub method: &'static str,
    /// What to send with it, names in lower case.
    pub headers: Vec<(String, String)>,
}

/// Signs for clients that upload into one blob container; connects when first used. In Azure the app's identity needs the
/// role *Storage Blob Delegator* (`signsUrls` in `app.json`).
pub struct UploadSigner {
    account: Arc<Account>,
    container: &'static str,
}

impl UploadSigner {
    pub(super) fn new(account: Arc<Account>, container: &'static str) -> Self {
        Self { account, container }
    }

    /// Where and how a client may create this one blob, once, until `expires_at`.
    ///
    /// # Errors
    /// Storage does not give us a key to sign with, or `expires_at` is more than a day away.
    pub async fn url(
        &self,
        name: &str,
        content_type: &str,
        expires_at: Timestamp,
    ) -> Result<UploadUrl, StorageFailure> {
        let blob = (self.container, name);
        let signed = signing::sign(&self.account, blob, Permission::Create, expires_at).await?;
        Ok(upload(signed, content_type))
    }
}

impl fmt::Debug for UploadSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UploadSigner").field(&self.container).finish()
    }
}

/// An upload, signed for.
fn upload(signed: Url, content_type: &str) -> UploadUrl {
    let headers = [("content-type", content_type), ("x-ms-blob-type", "BlockBlob")];
    UploadUrl {
        url: signed.into(),
        method: "PUT",
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    }
}

/// Without the signature.
impl fmt::Debug for UploadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("UploadUrl").field("url", &url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_says_what_to_send_and_shows_no_signature() {
        let signed = "https://iommi.blob.core.windows.net/uploads/p1?sig=x".parse().unwrap();
        let upload = upload(signed, "image/png");
        assert_eq!(upload.headers[0], ("content-type".to_owned(), "image/png".to_owned()));
        assert!(!format!("{upload:?}").contains("sig="));
    }
}
