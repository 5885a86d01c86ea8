//! The app `accounts`, which has the accounts that sales are charged to: asked through its contract. Everything that is
//! asked for has a name of ours, so that it is done once however often it is asked for.

use crate::domain::{OnAccount, ProfileId};
use crate::neighbour::{Neighbour, NeighbourFailure};
use custom_handler::{Setting, Settings, SettingsError};
use money::Money;
use outgoing::{Answer, Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

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
pub(crate) struct Accounts(Neighbour);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Charged {
    Done,
    /// It cannot be, in one word, such as `account-limit`, `no-such-account` or `charge-exceeded`.
    Refused(String),
}

/// A charge, as far as we listen.
#[derive(Deserialize)]
struct Charge {
    state: String,
    #[serde(default)]
    reason: Option<String>,
}

impl Accounts {
    /// Contacts nobody yet.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let at = (&ACCOUNTS_URL, &ACCOUNTS_SCOPE);
        Ok(Self(Neighbour::read(settings, "accounts", at, MAX_ANSWER_BYTES)?))
    }

    /// Holds what a sale comes to, for `merchant`. What was declined stays declined.
    pub(crate) async fn hold(
        &self,
        sale: &OnAccount,
        profile: ProfileId,
        merchant: &str,
    ) -> Result<Charged, NeighbourFailure> {
        let merchant = json!({"name": merchant, "category": CATEGORY});
        let body = json!({"profileId": profile, "amount": sale.amount, "merchant": merchant});
        self.ask(sale, "", &body).await
    }

    /// Takes what is owed of what is held; the rest is free again.
    pub(crate) async fn capture(
        &self,
        sale: &OnAccount,
        amount: Money,
    ) -> Result<Charged, NeighbourFailure> {
        self.ask(sale, "/capture", &json!({ "amount": amount })).await
    }

    /// Gives back of what was taken, under a name of its own.
    pub(crate) async fn refund(
        &self,
        sale: &OnAccount,
        refund: Uuid,
        amount: Money,
    ) -> Result<Charged, NeighbourFailure> {
        self.ask(sale, &format!("/refunds/{refund}"), &json!({ "amount": amount })).await
    }

    /// Nothing of a charge is taken any more. One of an account that is not the profile's was never held.
    pub(crate) async fn reverse(
        &self,
        sale: &OnAccount,
        charge: Uuid,
        profile: ProfileId,
    ) -> Result<Charged, NeighbourFailure> {
        let mut url = self.0.at(&format!("accounts/v1/accounts/{}/charges/{charge}", sale.account));
        url.query_pairs_mut().append_pair("profileId", &profile.to_string());
        let answer = self.0.call(&Request::new(Method::DELETE, url)).await?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(Charged::Done);
        }
        self.refused(&answer)
    }

    async fn ask(
        &self,
        sale: &OnAccount,
        what: &str,
        body: &Value,
    ) -> Result<Charged, NeighbourFailure> {
        let path = format!("accounts/v1/accounts/{}/charges/{}{what}", sale.account, sale.charge());
        let request = Request::new(Method::PUT, self.0.at(&path)).json(body);
        let request = request.map_err(|error| self.0.odd(&error))?;
        let answer = self.0.call(&request).await?;
        if !answer.status().is_success() {
            return self.refused(&answer);
        }
        let charge: Charge = self.0.read_answer(&answer)?;
        Ok(match charge.state.as_str() {
            "declined" | "reversed" => Charged::Refused(charge.reason.unwrap_or(charge.state)),
            _ => Charged::Done,
        })
    }

    fn refused(&self, answer: &Answer) -> Result<Charged, NeighbourFailure> {
        match answer.status() {
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                Ok(Charged::Refused(self.0.refusal(answer)?))
            }
            _ => Err(self.0.unexpected(answer)),
        }
    }
}
