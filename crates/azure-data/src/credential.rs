//! Who we are to Azure: a managed identity there, the developer's own login elsewhere, and nobody in
//! particular to a data service on the same machine. Decided from the URL alone, so that no code has to
//! ask whether it runs locally.

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request, Url};
use azure_core::time::{Duration, OffsetDateTime};
use azure_identity::{
    DeveloperToolsCredential, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId,
};
use std::{
    fmt,
    sync::{Arc, Once},
};
use tokio::sync::OnceCell;

/// Who we are to one service that we call ourselves, not through the SDK. The credential is made at first use and
/// keeps its token until that expires.
pub struct Identity {
    url: Url,
    scope: String,
    credential: OnceCell<Arc<dyn TokenCredential>>,
}

impl Identity {
    /// For the service at `url`; `scope` is what its tokens are for, such as
    /// `https://cognitiveservices.azure.com/.default`. Nothing is contacted yet.
    #[must_use]
    pub fn new(url: Url, scope: impl Into<String>) -> Self {
        Self { url, scope: scope.into(), credential: OnceCell::new() }
    }

    /// A token for the header `Authorization: Bearer`. A service on this machine gets one that means nothing.
    ///
    /// # Errors
    /// Nobody vouches for us, or plain `http` would leave this machine; the text says which.
    pub async fn bearer(&self) -> Result<String, String> {
        let make = || async { credential_for(&self.url) };
        let credential = self.credential.get_or_try_init(make).await?;
        let token = credential.get_token(&[&self.scope], None).await;
        let token =
            token.map_err(|error| format!("getting a token for {}: {error}", self.scope))?;
        Ok(token.token.secret().to_owned())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("url", &self.url.as_str())
            .field("scope", &self.scope)
            .finish()
    }
}

/// The credential for a service at `url`.
///
/// # Errors
/// Plain `http` to another machine is refused; so is an identity that the platform does not offer.
pub(crate) fn credential_for(url: &Url) -> Result<Arc<dyn TokenCredential>, String> {
    if is_loopback(url) {
        return Ok(Arc::new(Loopback));
    }
    if url.scheme() != "https" {
        return Err(format!("{url} must use https: plain http is for this machine only"));
    }
    install_tls();
    let in_azure = std::env::var_os("IDENTITY_ENDPOINT").is_some();
    let credential: azure_core::Result<Arc<dyn TokenCredential>> = if in_azure {
        let user_assigned_id = std::env::var("AZURE_CLIENT_ID").ok().map(UserAssignedId::ClientId);
        let options = ManagedIdentityCredentialOptions { user_assigned_id, ..Default::default() };
        ManagedIdentityCredential::new(Some(options)).map(|credential| credential as _)
    } else {
        DeveloperToolsCredential::new(None).map(|credential| credential as _)
    };
    credential.map_err(|error| format!("finding an identity for {url}: {error}"))
}

/// Whether `url` is a local data service.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// The credential for a storage service at `url`: none for a local one, whose URL carries a shared access
/// signature, since the storage clients refuse a credential without https.
///
/// # Errors
/// As [`credential_for`].
pub(crate) fn storage_credential_for(
    url: &Url,
) -> Result<Option<Arc<dyn TokenCredential>>, String> {
    if is_loopback(url) { Ok(None) } else { credential_for(url).map(Some) }
}

/// Azure's HTTP client leaves the choice of the TLS implementation to us; so does `reqwest`, which must not be asked
/// for a client before.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that somebody chose before us, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The SDK has no anonymous mode; the local service accepts any token.
#[derive(Debug)]
struct Loopback;

#[async_trait::async_trait]
impl TokenCredential for Loopback {
    async fn get_token(
        &self,
        _scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("loopback".to_owned(), OffsetDateTime::now_utc() + Duration::days(1)))
    }
}

/// What [`Loopback`] is to the Cosmos client, this is to the storage clients: for the one call of the local Blob
/// service that wants a token.
#[derive(Debug)]
pub(crate) struct LoopbackBearer;

#[expect(elided_lifetimes_in_paths, reason = "async_trait takes the trait's own signature only")]
#[async_trait::async_trait]
impl Policy for LoopbackBearer {
    async fn send(
        &self,
        ctx: &Context,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        let (first, rest) = next.split_first().expect("the transport is always the last policy");
        request.insert_header("authorization", "Bearer loopback");
        first.send(ctx, request, rest).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_never_leaves_this_machine() {
        let refused = credential_for(&"http://iommi.documents.azure.com/".parse().unwrap());
        assert!(refused.unwrap_err().contains("must use https"));
        assert!(credential_for(&"http://127.0.0.1:8081/".parse().unwrap()).is_ok());
        let refused =
            storage_credential_for(&"http://iommi.blob.core.windows.net/".parse().unwrap());
        assert!(refused.unwrap_err().contains("must use https"));
    }

    #[tokio::test]
    async fn a_token_is_for_https_and_for_this_machine_only() {
        let bearer = |url: &str| {
            let identity = Identity::new(url.parse().unwrap(), "https://iommi/.default");
            async move { identity.bearer().await }
        };
        assert_eq!(bearer("http://127.0.0.1:7081/").await, Ok("loopback".to_owned()));
        let refused = bearer("http://iommi.cognitiveservices.azure.com/").await.unwrap_err();
        assert!(refused.contains("must use https"), "{refused}");
    }
}
