use super::{Account, StorageFailure, delegation::sdk_time};
use crate::credential;
use azure_core::http::Url;
use azure_storage_common::models::UserDelegationKey;
use azure_storage_sas::{SasBuilder, SasProtocol};
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
/// role *Storage Blob Delegator* (`signsUploads` in `app.json`).
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
        let account = &self.account;
        let key = account.delegation_keys.key_until(&account.settings.blobs, expires_at).await?;
        let blob = account.blob_service().await?.blob_client(self.container, name);
        sign(&key, blob.url(), (self.container, name), content_type, expires_at)
    }
}

impl fmt::Debug for UploadSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UploadSigner").field(&self.container).finish()
    }
}

/// Signs for the blob at `url`, whose container and name are `of`.
fn sign(
    key: &UserDelegationKey,
    url: &Url,
    (container, name): (&str, &str),
    content_type: &str,
    expires_at: Timestamp,
) -> Result<UploadUrl, StorageFailure> {
    let what = || format!("signing an upload of {container}/{name}");
    let local = credential::is_loopback(url);
    let account = account(url, local)
        .ok_or_else(|| StorageFailure::unusable(what(), "the service's URL names no account"))?;
    let protocol = if local { SasProtocol::HttpsAndHttp } else { SasProtocol::Https };
    let signature = SasBuilder::new(account, key, sdk_time(expires_at))
        .map_err(|error| StorageFailure::new(what(), &error))?
        .protocol(protocol)
        .blob(container, name)
        .create()
        .build();
    let mut url = url.clone();
    url.set_query(Some(&signature));
    let headers = [("content-type", content_type), ("x-ms-blob-type", "BlockBlob")];
    Ok(UploadUrl {
        url: url.into(),
        method: "PUT",
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    })
}

/// The first label of `https://ACCOUNT.blob.core.windows.net`, the first segment of `http://127.0.0.1/ACCOUNT`.
fn account(url: &Url, local: bool) -> Option<&str> {
    let account =
        if local { url.path_segments()?.next() } else { url.host_str()?.split('.').next() };
    account.filter(|account| !account.is_empty())
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

    fn key() -> UserDelegationKey {
        let text = |text: &str| Some(text.to_owned());
        let at = Some(sdk_time(Timestamp::UNIX_EPOCH));
        UserDelegationKey {
            signed_expiry: at,
            signed_oid: text("oid"),
            signed_service: text("b"),
            signed_start: at,
            signed_tid: text("tid"),
            signed_version: text("2026-04-06"),
            value: Some(vec![1; 32]),
            ..Default::default()
        }
    }

    #[test]
    fn an_upload_in_azure_is_for_one_blob_creating_only_and_by_https_only() {
        let blob = "https://iommi.blob.core.windows.net/uploads/p%2F1".parse().unwrap();
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        let upload = sign(&key(), &blob, ("uploads", "p/1"), "image/png", at).unwrap();
        assert!(upload.url.starts_with("https://iommi.blob.core.windows.net/uploads/p%2F1?"));
        for part in ["sr=b", "sp=c&", "spr=https&", "se=2026-11-21T12"] {
            assert!(upload.url.contains(part), "{part} in {}", upload.url);
        }
        assert_eq!(upload.headers[0], ("content-type".to_owned(), "image/png".to_owned()));
        assert!(!format!("{upload:?}").contains("sig="));
    }

    #[test]
    fn the_account_is_in_the_host_or_locally_in_the_path() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        let azure = url("https://iommi.blob.core.windows.net/c/b");
        assert_eq!(account(&azure, false), Some("iommi"));
        assert_eq!(account(&url("http://127.0.0.1:1/dev/c/b"), true), Some("dev"));
        assert_eq!(account(&url("http://127.0.0.1:1/"), true), None);
    }
}
