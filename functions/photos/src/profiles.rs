//! The app `profiles`, which owns profiles: asked through its contract whether one exists.

use crate::domain::ProfileId;
use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError, TraceContext};
use outgoing::{CallError, Client, Limits, Request, ServiceUrl, StatusCode};
use std::{sync::Arc, time::Duration};

/// The longest we wait for an answer; a client waits for us meanwhile.
const DEADLINE: Duration = Duration::from_secs(5);
/// The largest profile that is read.
const MAX_ANSWER_BYTES: usize = 64 << 10;

const PROFILES_URL: Setting = Setting::new(
    "PROFILES_URL",
    "where the app profiles is, which is asked whether a profile exists",
    "https://api.example.com/",
);
const PROFILES_SCOPE: Setting = Setting::new(
    "PROFILES_SCOPE",
    "what our tokens for the app profiles are for; without it none is sent",
    "api://iommi-profiles/.default",
);

#[derive(Debug)]
pub(crate) struct Profiles {
    url: ServiceUrl,
    client: Client,
}

/// Whether the profile exists cannot be found out now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("asking for profile {0}: {1}")]
    Failed(ProfileId, CallError),
    #[error("asking the profiles API for {0}: it answered {1}")]
    Unexpected(ProfileId, StatusCode),
}

impl Profiles {
    /// Contacts nobody yet.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let url = settings.value::<ServiceUrl>(&PROFILES_URL);
        let scope = settings.optional_text(&PROFILES_SCOPE);
        let url = url?;
        let limits = Limits {
            try_deadline: DEADLINE,
            total_deadline: DEADLINE,
            max_answer_bytes: MAX_ANSWER_BYTES,
            ..Limits::DEFAULT
        };
        let mut client = Client::new("the profiles API", limits);
        if let Some(scope) = scope {
            let identity = Arc::new(Identity::new(url.url().clone(), scope));
            client = client.with_bearer(move || {
                let identity = Arc::clone(&identity);
                async move { identity.bearer().await }
            });
        }
        Ok(Self { url, client })
    }

    pub(crate) async fn exists(
        &self,
        id: ProfileId,
        trace: &TraceContext,
    ) -> Result<bool, NoAnswer> {
        let url = self.url.at(&format!("v1/profiles/{id}"));
        let request = Request::get(url).headers(trace.child().headers());
        let answer = self.client.call(&request).await;
        match answer.map_err(|error| NoAnswer::Failed(id, error))?.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            other => Err(NoAnswer::Unexpected(id, other)),
        }
    }
}
