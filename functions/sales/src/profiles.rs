//! The app `profiles`, which owns the catalogue and the profiles: asked through its contract.

use crate::domain::{ProfileId, ServiceId};
use crate::neighbour::{Neighbour, NeighbourFailure};
use custom_handler::{Setting, Settings, SettingsError};
use money::Money;
use outgoing::{Method, Request, StatusCode};
use serde::Deserialize;

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
pub(crate) struct Profiles(Neighbour);

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

#[derive(Deserialize)]
struct CataloguePage {
    items: Vec<CatalogueService>,
    continuation: Option<String>,
}

impl Profiles {
    /// Contacts nobody yet.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let at = (&PROFILES_URL, &PROFILES_SCOPE);
        Ok(Self(Neighbour::read(settings, "profiles", at, MAX_ANSWER_BYTES)?))
    }

    /// The whole catalogue.
    pub(crate) async fn catalogue(&self) -> Result<Vec<CatalogueService>, NeighbourFailure> {
        let (mut services, mut continuation) = (Vec::new(), None::<String>);
        for _ in 0..MAX_PAGES {
            let mut url = self.0.at("v1/services");
            url.query_pairs_mut().append_pair("limit", "100");
            if let Some(place) = &continuation {
                url.query_pairs_mut().append_pair("continuation", place);
            }
            let answer = self.0.call(&Request::get(url)).await?;
            if answer.status() != StatusCode::OK {
                return Err(self.0.unexpected(&answer));
            }
            let page: CataloguePage = self.0.read_answer(&answer)?;
            services.extend(page.items);
            continuation = page.continuation;
            if continuation.is_none() {
                break;
            }
        }
        Ok(services)
    }

    /// Whether there is such a profile. One that was erased is not there.
    pub(crate) async fn exists(&self, id: ProfileId) -> Result<bool, NeighbourFailure> {
        let url = self.0.at(&format!("v1/profiles/{id}"));
        let answer = self.0.call(&Request::get(url)).await?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(self.0.unexpected(&answer)),
        }
    }

    /// Subscribes the profile, if it is not.
    pub(crate) async fn subscribe(
        &self,
        profile: ProfileId,
        service: &ServiceId,
    ) -> Result<Subscribing, NeighbourFailure> {
        self.subscription(Method::PUT, profile, service, Subscribing::Subscribed).await
    }

    /// Ends the profile's subscription, if it has one.
    pub(crate) async fn unsubscribe(
        &self,
        profile: ProfileId,
        service: &ServiceId,
    ) -> Result<Subscribing, NeighbourFailure> {
        self.subscription(Method::DELETE, profile, service, Subscribing::Unsubscribed).await
    }

    async fn subscription(
        &self,
        method: Method,
        profile: ProfileId,
        service: &ServiceId,
        done: Subscribing,
    ) -> Result<Subscribing, NeighbourFailure> {
        let url = self.0.at(&format!("v1/profiles/{profile}/subscriptions/{service}"));
        let answer = self.0.call(&Request::new(method, url)).await?;
        match answer.status() {
            status if status.is_success() => Ok(done),
            StatusCode::NOT_FOUND | StatusCode::CONFLICT => {
                Ok(Subscribing::Refused(self.0.refusal(&answer)?))
            }
            _ => Err(self.0.unexpected(&answer)),
        }
    }
}
