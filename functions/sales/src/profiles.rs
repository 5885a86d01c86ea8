//! The app `profiles`, which owns the catalogue and the profiles: asked through its contract.

use crate::domain::{ProfileId, ServiceId};
use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError};
use money::Money;
use outgoing::{Answer, CallError, Client, Limits, Method, Request, ServiceUrl, StatusCode};
use serde::Deserialize;
use std::{sync::Arc, time::Duration};

/// The longest we wait for an answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// The largest page of the catalogue that is read.
const MAX_ANSWER_BYTES: usize = 256 << 10;
/// Most pages of the catalogue that are read.
const MAX_PAGES: usize = 20;

const PROFILES_URL: Setting = Setting::new(
    "PROFILES_URL",
    "where the app profiles is, which owns the catalogue",
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

/// A service of the catalogue, as far as a sale needs it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueService {
    pub(crate) id: ServiceId,
    pub(crate) name: String,
    pub(crate) monthly_price: Money,
    pub(crate) retired: bool,
    /// What the vendor calls it who delivers it, if one does.
    #[serde(default)]
    pub(crate) vendor_id: Option<String>,
}

/// What came of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subscribing {
    Subscribed,
    Unsubscribed,
    /// It cannot be, in one word, such as `no-such-profile`, `service-retired` or `too-many-subscriptions`.
    Refused(String),
}

/// A problem document, as far as we listen.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct CataloguePage {
    items: Vec<CatalogueService>,
    continuation: Option<String>,
}

/// The app cannot be asked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfilesFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the profiles API answered {0}")]
    Unexpected(StatusCode),
    #[error("the profiles API is busy with this profile")]
    Busy,
    #[error("the profiles API's answer is not what its contract says: {0}")]
    Odd(String),
}

impl ProfilesFailure {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Unexpected(_) | Self::Busy | Self::Odd(_) => None,
        }
    }
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

    /// The whole catalogue.
    pub(crate) async fn catalogue(&self) -> Result<Vec<CatalogueService>, ProfilesFailure> {
        let (mut services, mut continuation) = (Vec::new(), None::<String>);
        for _ in 0..MAX_PAGES {
            let mut url = self.url.at("v1/services");
            url.query_pairs_mut().append_pair("limit", "100");
            if let Some(place) = &continuation {
                url.query_pairs_mut().append_pair("continuation", place);
            }
            let answer = self.client.call(&Request::get(url)).await?;
            if answer.status() != StatusCode::OK {
                return Err(ProfilesFailure::Unexpected(answer.status()));
            }
            let page: CataloguePage =
                answer.json().map_err(|error| ProfilesFailure::Odd(error.to_string()))?;
            services.extend(page.items);
            continuation = page.continuation;
            if continuation.is_none() {
                break;
            }
        }
        Ok(services)
    }

    /// Whether there is such a profile. One that was erased is not there.
    pub(crate) async fn exists(&self, id: ProfileId) -> Result<bool, ProfilesFailure> {
        let url = self.url.at(&format!("v1/profiles/{id}"));
        match self.client.call(&Request::get(url)).await?.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            other => Err(ProfilesFailure::Unexpected(other)),
        }
    }

    /// Subscribes the profile, if it is not.
    pub(crate) async fn subscribe(
        &self,
        profile: ProfileId,
        service: &ServiceId,
    ) -> Result<Subscribing, ProfilesFailure> {
        self.subscription(Method::PUT, profile, service, Subscribing::Subscribed).await
    }

    /// Ends the profile's subscription, if it has one.
    pub(crate) async fn unsubscribe(
        &self,
        profile: ProfileId,
        service: &ServiceId,
    ) -> Result<Subscribing, ProfilesFailure> {
        self.subscription(Method::DELETE, profile, service, Subscribing::Unsubscribed).await
    }

    async fn subscription(
        &self,
        method: Method,
        profile: ProfileId,
        service: &ServiceId,
        done: Subscribing,
    ) -> Result<Subscribing, ProfilesFailure> {
        let url = self.url.at(&format!("v1/profiles/{profile}/subscriptions/{service}"));
        let answer = self.client.call(&Request::new(method, url)).await?;
        match answer.status() {
            status if status.is_success() => Ok(done),
            StatusCode::NOT_FOUND | StatusCode::CONFLICT => match word(&answer)?.as_str() {
                "busy" => Err(ProfilesFailure::Busy),
                word => Ok(Subscribing::Refused(word.to_owned())),
            },
            other => Err(ProfilesFailure::Unexpected(other)),
        }
    }
}

/// The word that names the kind of a problem: the end of its type.
fn word(answer: &Answer) -> Result<String, ProfilesFailure> {
    let said: Said = answer.json().map_err(|error| ProfilesFailure::Odd(error.to_string()))?;
    let word = said.kind.rsplit_once('#').map_or("", |(_, word)| word);
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'-';
    if (1..=64).contains(&word.len()) && word.bytes().all(plain) {
        return Ok(word.to_owned());
    }
    Err(ProfilesFailure::Odd("a problem of no kind".to_owned()))
}
