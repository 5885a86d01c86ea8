//! Another app of ours: asked through its contract, with a token where it wants one.

use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError};
use outgoing::{Answer, CallError, Client, Limits, Request, ServiceUrl, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::{sync::Arc, time::Duration};

/// The longest we wait for an answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// An app of ours that we call.
#[derive(Debug)]
pub(crate) struct Neighbour {
    name: &'static str,
    url: ServiceUrl,
    client: Client,
}

/// It cannot be asked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NeighbourFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the {0} API answered {1}")]
    Unexpected(&'static str, StatusCode),
    #[error("the {0} API is busy with the same")]
    Busy(&'static str),
    #[error("the {0} API's answer is not what its contract says: {1}")]
    Odd(&'static str, String),
}

impl NeighbourFailure {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Unexpected(..) | Self::Busy(_) | Self::Odd(..) => None,
        }
    }
}

/// A problem document, as far as we listen.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
}

impl Neighbour {
    /// The app `name`, by the setting that says where it is and the one that says what our tokens for it are for. Contacts
    /// nobody yet.
    pub(crate) fn read(
        settings: &Settings,
        name: &'static str,
        (url, scope): (&Setting, &Setting),
        max_answer_bytes: usize,
    ) -> Result<Self, SettingsError> {
        let url = settings.value::<ServiceUrl>(url);
        let scope = settings.optional_text(scope);
        let url = url?;
        let limits = Limits {
            try_deadline: DEADLINE,
            total_deadline: DEADLINE,
            max_answer_bytes,
            ..Limits::DEFAULT
        };
        let mut client = Client::new(format!("the {name} API"), limits);
        if let Some(scope) = scope {
            let identity = Arc::new(Identity::new(url.url().clone(), scope));
            client = client.with_bearer(move || {
                let identity = Arc::clone(&identity);
                async move { identity.bearer().await }
            });
        }
        Ok(Self { name, url, client })
    }

    /// Where `path` is.
    pub(crate) fn at(&self, path: &str) -> Url {
        self.url.at(path)
    }

    pub(crate) async fn call(&self, request: &Request) -> Result<Answer, NeighbourFailure> {
        Ok(self.client.call(request).await?)
    }

    /// The answer as its contract has it.
    pub(crate) fn read_answer<T: DeserializeOwned>(
        &self,
        answer: &Answer,
    ) -> Result<T, NeighbourFailure> {
        answer.json().map_err(|error| self.odd(&error))
    }

    /// Why what was asked cannot be, in one word: the end of the problem's type. `busy` is said of what can be a moment later.
    pub(crate) fn refusal(&self, answer: &Answer) -> Result<String, NeighbourFailure> {
        let said: Said = self.read_answer(answer)?;
        let word = said.kind.rsplit_once('#').map_or("", |(_, word)| word);
        let plain = |b: u8| b.is_ascii_lowercase() || b == b'-';
        match word {
            "busy" => Err(NeighbourFailure::Busy(self.name)),
            word if (1..=64).contains(&word.len()) && word.bytes().all(plain) => {
                Ok(word.to_owned())
            }
            _ => Err(self.odd(&"a problem of no kind")),
        }
    }

    pub(crate) fn unexpected(&self, answer: &Answer) -> NeighbourFailure {
        NeighbourFailure::Unexpected(self.name, answer.status())
    }

    pub(crate) fn odd(&self, error: &dyn std::fmt::Display) -> NeighbourFailure {
        NeighbourFailure::Odd(self.name, error.to_string())
    }
}
