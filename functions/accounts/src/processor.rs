//! The card network's processor, asked to make cards and to take them into use. Cards are named to it by our ids: a
//! token stands in no URL.

use crate::domain::{CardId, Face, expires, last_four, network_name};
use crate::store::CardToken;
use custom_handler::{Setting, Settings, SettingsError};
use outgoing::{
    Answer, CallError, Client, HeaderName, HeaderValue, Limits, Method, Request, ServiceUrl,
    StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::str::FromStr;
use std::time::Duration;

const URL: Setting = Setting::new(
    "CARD_NETWORK_URL",
    "where the card network's processor is, which makes cards",
    "https://processor.example.com/",
);
const KEY: Setting =
    Setting::new("CARD_NETWORK_KEY", "the key that the processor knows us by", "the key");
const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");

/// A card is made in seconds; an answer has some 200 bytes.
const LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(5),
    total_deadline: Duration::from_secs(15),
    max_request_bytes: 4 << 10,
    max_answer_bytes: 16 << 10,
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct Processor {
    url: ServiceUrl,
    key: Bearer,
    client: Client,
}

/// A card that the processor has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MadeCard {
    pub(crate) token: CardToken,
    pub(crate) face: Face,
}

/// What the processor says of an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It is the right code; the confirmation follows as an event.
    Accepted,
    WrongCode,
}

/// There is no answer that says anything.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessorFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the processor answered {status}")]
    Status { status: u16, retry_after: Option<Duration> },
    #[error("the processor's answer is no card: {0}")]
    Odd(String),
}

impl ProcessorFailure {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Status { retry_after, .. } => *retry_after,
            Self::Odd(_) => None,
        }
    }
}

impl Processor {
    /// Reads `CARD_NETWORK_URL` and `CARD_NETWORK_KEY`; contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (url, key) = (settings.value::<ServiceUrl>(&URL), settings.value::<Bearer>(&KEY));
        let client =
            Client::new("the card network", LIMITS).with_clock(azure_data::clock(settings)?);
        Ok(Self { url: url?, key: key?, client })
    }

    /// Has a card made; asked again, the same card.
    ///
    /// # Errors
    /// Whether it was made is not known.
    pub(crate) async fn make(
        &self,
        card: CardId,
        replaces: Option<CardId>,
    ) -> Result<MadeCard, ProcessorFailure> {
        let body = replaces.map_or_else(|| json!({}), |old| json!({"replaces": old}));
        let answer = self.put(&format!("v1/cards/{card}"), &body).await?;
        if !answer.status().is_success() {
            return Err(failure(&answer));
        }
        let card: CardWire =
            answer.json().map_err(|error| ProcessorFailure::Odd(error.to_string()))?;
        let odd = |what: &str| ProcessorFailure::Odd(what.to_owned());
        let face = Face {
            last_four: last_four(&card.last_four).map_err(odd)?,
            expires: expires(&card.expires).map_err(odd)?,
            network: network_name(&card.network).map_err(odd)?,
        };
        Ok(MadeCard { token: card.token, face })
    }

    /// Has a card taken into use by who knows the code of its letter.
    ///
    /// # Errors
    /// Whether the code is right is not known.
    pub(crate) async fn activate(
        &self,
        card: CardId,
        code: &str,
    ) -> Result<Asked, ProcessorFailure> {
        let path = format!("v1/cards/{card}/activation");
        let answer = self.put(&path, &json!({"code": code})).await?;
        match answer.status() {
            status if status.is_success() => Ok(Asked::Accepted),
            StatusCode::FORBIDDEN => Ok(Asked::WrongCode),
            _ => Err(failure(&answer)),
        }
    }

    async fn put(&self, path: &str, body: &Value) -> Result<Answer, ProcessorFailure> {
        let request = Request::new(Method::PUT, self.url.at(path))
            .body(body.to_string(), "application/json")
            .header(AUTHORIZATION, self.key.0.clone())
            .repeatable();
        Ok(self.client.call(&request).await?)
    }
}

fn failure(answer: &Answer) -> ProcessorFailure {
    ProcessorFailure::Status { status: answer.status().as_u16(), retry_after: answer.retry_after() }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardWire {
    token: CardToken,
    last_four: String,
    expires: String,
    network: String,
}

/// A key as it is sent; never shown.
struct Bearer(HeaderValue);

impl FromStr for Bearer {
    type Err = &'static str;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let value = HeaderValue::from_str(&format!("Bearer {key}"));
        let mut value = value.map_err(|_| "it is not a header's value")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer")
    }
}
