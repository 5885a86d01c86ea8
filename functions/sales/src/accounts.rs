//! The app `accounts`, which has the accounts that sales are charged to: asked through its contract. Everything that is
//! asked for has a name of ours, so that it is done once however often it is asked for.

use crate::domain::{OnAccount, ProfileId};
use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError};
use money::Money;
use outgoing::{Answer, CallError, Client, Limits, Method, Request, ServiceUrl, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// The longest we wait for an answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// What we are among merchants (ISO 18245): a shop for software.
const CATEGORY: u16 = 5734;

const ACCOUNTS_URL: Setting = Setting::new(
    "ACCOUNTS_URL",
    "where the app accounts is, which has the accounts that sales are charged to",
    "https://api.example.com/",
);
const ACCOUNTS_SCOPE: Setting = Setting::new(
    "ACCOUNTS_SCOPE",
    "what our tokens for the app accounts are for; without it none is sent",
    "api://iommi-accounts/.default",
);

#[derive(Debug)]
pub(crate) struct Accounts {
    url: ServiceUrl,
    client: Client,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Charged {
    Done,
    /// It cannot be, in one word, such as `account-limit`, `no-such-account` or `charge-exceeded`.
    Refused(String),
}

/// `accounts` cannot be asked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountsFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the accounts API answered {0}")]
    Unexpected(StatusCode),
    #[error("the accounts API is busy with this account")]
    Busy,
    #[error("the accounts API's answer is not what its contract says: {0}")]
    Odd(String),
}

impl AccountsFailure {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Unexpected(_) | Self::Busy | Self::Odd(_) => None,
        }
    }
}

/// A charge, as far as we listen.
#[derive(Deserialize)]
struct Charge {
    state: String,
    #[serde(default)]
    reason: Option<String>,
}

/// A problem document, as far as we listen.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
}

impl Accounts {
    /// Contacts nobody yet.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let url = settings.value::<ServiceUrl>(&ACCOUNTS_URL);
        let scope = settings.optional_text(&ACCOUNTS_SCOPE);
        let url = url?;
        let limits = Limits {
            try_deadline: DEADLINE,
            total_deadline: DEADLINE,
            max_answer_bytes: MAX_ANSWER_BYTES,
            ..Limits::DEFAULT
        };
        let mut client = Client::new("the accounts API", limits);
        if let Some(scope) = scope {
            let identity = Arc::new(Identity::new(url.url().clone(), scope));
            client = client.with_bearer(move || {
                let identity = Arc::clone(&identity);
                async move { identity.bearer().await }
            });
        }
        Ok(Self { url, client })
    }

    /// Holds what a sale comes to, for `merchant`. What was declined stays declined.
    pub(crate) async fn hold(
        &self,
        sale: &OnAccount,
        profile: ProfileId,
        merchant: &str,
    ) -> Result<Charged, AccountsFailure> {
        let merchant = json!({"name": merchant, "category": CATEGORY});
        let body = json!({"profileId": profile, "amount": sale.amount, "merchant": merchant});
        self.ask(sale, "", &body).await
    }

    /// Takes what is owed of what is held; the rest is free again.
    pub(crate) async fn capture(
        &self,
        sale: &OnAccount,
        amount: Money,
    ) -> Result<Charged, AccountsFailure> {
        self.ask(sale, "/capture", &json!({ "amount": amount })).await
    }

    /// Gives back of what was taken, under a name of its own.
    pub(crate) async fn refund(
        &self,
        sale: &OnAccount,
        refund: Uuid,
        amount: Money,
    ) -> Result<Charged, AccountsFailure> {
        self.ask(sale, &format!("/refunds/{refund}"), &json!({ "amount": amount })).await
    }

    /// Nothing of a charge is taken any more. One of an account that is not the profile's was never held.
    pub(crate) async fn reverse(
        &self,
        sale: &OnAccount,
        charge: Uuid,
        profile: ProfileId,
    ) -> Result<Charged, AccountsFailure> {
        let mut url =
            self.url.at(&format!("accounts/v1/accounts/{}/charges/{charge}", sale.account));
        url.query_pairs_mut().append_pair("profileId", &profile.to_string());
        let answer = self.client.call(&Request::new(Method::DELETE, url)).await?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(Charged::Done);
        }
        refused(&answer)
    }

    async fn ask(
        &self,
        sale: &OnAccount,
        what: &str,
        body: &Value,
    ) -> Result<Charged, AccountsFailure> {
        let path = format!("accounts/v1/accounts/{}/charges/{}{what}", sale.account, sale.charge());
        let request = Request::new(Method::PUT, self.url.at(&path)).json(body);
        let request = request.map_err(|error| AccountsFailure::Odd(error.to_string()))?;
        let answer = self.client.call(&request).await?;
        if !answer.status().is_success() {
            return refused(&answer);
        }
        let charge: Charge =
            answer.json().map_err(|error| AccountsFailure::Odd(error.to_string()))?;
        Ok(match charge.state.as_str() {
            "declined" | "reversed" => Charged::Refused(charge.reason.unwrap_or(charge.state)),
            _ => Charged::Done,
        })
    }
}

fn refused(answer: &Answer) -> Result<Charged, AccountsFailure> {
    match answer.status() {
        StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
            match word(answer)?.as_str() {
                "busy" => Err(AccountsFailure::Busy),
                word => Ok(Charged::Refused(word.to_owned())),
            }
        }
        other => Err(AccountsFailure::Unexpected(other)),
    }
}

/// The word that names the kind of a problem: the end of its type.
fn word(answer: &Answer) -> Result<String, AccountsFailure> {
    let said: Said = answer.json().map_err(|error| AccountsFailure::Odd(error.to_string()))?;
    let word = said.kind.rsplit_once('#').map_or("", |(_, word)| word);
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'-';
    if (1..=64).contains(&word.len()) && word.bytes().all(plain) {
        return Ok(word.to_owned());
    }
    Err(AccountsFailure::Odd("a problem of no kind".to_owned()))
}
