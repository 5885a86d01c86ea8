//! Signing for one blob (user delegation SAS), for who has no identity of ours.

use super::{Account, StorageFailure, delegation::sdk_time};
use crate::credential;
use azure_core::http::Url;
use azure_storage_common::models::UserDelegationKey;
use azure_storage_sas::{SasBuilder, SasProtocol};
use jiff::Timestamp;

/// What the one who has the URL may do with the blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    /// Make it (`sp=c`).
    Create,
    /// Read it (`sp=r`).
    Read,
}

/// The blob's URL, signed until `expires_at`; `blob` is container and name.
pub(super) async fn sign(
    account: &Account,
    blob: (&str, &str),
    permission: Permission,
    expires_at: Timestamp,
) -> Result<Url, StorageFailure> {
    let key = account.delegation_keys.key_until(&account.settings.blobs, expires_at).await?;
    let client = account.blob_service().await?.blob_client(blob.0, blob.1);
    signed(&key, client.url(), blob, permission, expires_at)
}

fn signed(
    key: &UserDelegationKey,
    url: &Url,
    (container, name): (&str, &str),
    permission: Permission,
    expires_at: Timestamp,
) -> Result<Url, StorageFailure> {
    let what = || format!("signing a URL of a blob of {container}");
    let local = credential::is_loopback(url);
    let account = account(url, local)
        .ok_or_else(|| StorageFailure::unusable(what(), "the service's URL names no account"))?;
    let protocol = if local { SasProtocol::HttpsAndHttp } else { SasProtocol::Https };
    let blob = SasBuilder::new(account, key, sdk_time(expires_at))
        .map_err(|error| StorageFailure::new(what(), &error))?
        .protocol(protocol)
        .blob(container, name);
    let signature = match permission {
        Permission::Create => blob.create().build(),
        Permission::Read => blob.read().build(),
    };
    let mut url = url.clone();
    url.set_query(Some(&signature));
    Ok(url)
}

/// The first label of `https://ACCOUNT.blob.core.windows.net`, the first segment of `http://127.0.0.1/ACCOUNT`.
fn account(url: &Url, local: bool) -> Option<&str> {
    let account =
        if local { url.path_segments()?.next() } else { url.host_str()?.split('.').next() };
    account.filter(|account| !account.is_empty())
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
    fn a_url_in_azure_is_for_one_blob_one_permission_and_by_https_only() {
        let blob = "https://iommi.blob.core.windows.net/uploads/p%2F1".parse().unwrap();
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        for (permission, letter) in [(Permission::Create, "sp=c&"), (Permission::Read, "sp=r&")] {
            let url = signed(&key(), &blob, ("uploads", "p/1"), permission, at).unwrap();
            assert!(url.as_str().starts_with("https://iommi.blob.core.windows.net/uploads/p%2F1?"));
            for part in ["sr=b", letter, "spr=https&", "se=2026-11-21T12"] {
                assert!(url.as_str().contains(part), "{part} in {url}");
            }
        }
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
