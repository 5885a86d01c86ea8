//! The app `profiles`, which owns profiles: asked through its contract whether one exists.

use crate::domain::ProfileId;
use custom_handler::{Settings, SettingsError, TraceContext};
use iommi_app::Identity;
use reqwest::{StatusCode, Url};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The longest we wait for an answer.
const DEADLINE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Profiles {
    url: Url,
    /// Who we are to it; nobody if `PROFILES_SCOPE` is not set.
    identity: Option<Identity>,
    client: OnceCell<reqwest::Client>,
}

/// Whether the profile exists cannot be found out now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("asking the profiles API for {0}: {1}")]
    Failed(ProfileId, String),
    #[error("asking the profiles API for {0}: it answered {1}")]
    Unexpected(ProfileId, StatusCode),
}

impl Profiles {
    /// Contacts nobody yet.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let url: Url = settings.parse("PROFILES_URL", "https://api.example.com/")?;
        let scope = settings.optional("PROFILES_SCOPE");
        let identity = scope.map(|scope| Identity::new(url.clone(), scope));
        Ok(Self { url, identity, client: OnceCell::new() })
    }

    pub(crate) async fn exists(
        &self,
        id: ProfileId,
        trace: &TraceContext,
    ) -> Result<bool, NoAnswer> {
        let failed = |error: &dyn std::fmt::Display| NoAnswer::Failed(id, error.to_string());
        let client = self.client.get_or_try_init(connect).await.map_err(|e| failed(&e))?;
        let url = self.url.join(&format!("v1/profiles/{id}")).map_err(|e| failed(&e))?;
        let mut request = client.get(url);
        for (name, value) in trace.child().headers() {
            request = request.header(name, value);
        }
        if let Some(identity) = &self.identity {
            request = request.bearer_auth(identity.bearer().await.map_err(|e| failed(&e))?);
        }
        let answer = request.send().await.map_err(|error| failed(&error.without_url()))?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            other => Err(NoAnswer::Unexpected(id, other)),
        }
    }
}

async fn connect() -> Result<reqwest::Client, reqwest::Error> {
    iommi_app::install_tls();
    reqwest::Client::builder().timeout(DEADLINE).redirect(reqwest::redirect::Policy::none()).build()
}
