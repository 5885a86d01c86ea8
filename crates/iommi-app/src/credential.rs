//! Who we are to Azure: a managed identity there, the developer's own login elsewhere, and nobody in
//! particular to a data service on the same machine. Decided from the URL alone, so that no code has to
//! ask whether it runs locally.

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::Url;
use azure_core::time::{Duration, OffsetDateTime};
use azure_identity::{
    DeveloperToolsCredential, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId,
};
use std::sync::{Arc, Once};

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

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// Azure's HTTP client leaves the choice of the TLS implementation to us.
pub(crate) fn install_tls() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_never_leaves_this_machine() {
        let refused = credential_for(&"http://iommi.documents.azure.com/".parse().unwrap());
        assert!(refused.unwrap_err().contains("must use https"));
        assert!(credential_for(&"http://127.0.0.1:8081/".parse().unwrap()).is_ok());
    }
}
