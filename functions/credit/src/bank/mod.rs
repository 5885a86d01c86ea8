//! The bank: consent by OAuth, and what happened on a person's accounts. What it says is bounded before it is read, and
//! only what is needed is read.

mod accounts;
mod failure;
mod oauth;
mod secret;
mod wire;

pub(crate) use accounts::{BankAccount, Page, PageOf, Status, Transaction};
pub(crate) use failure::BankFailure;
pub(crate) use oauth::{Granted, Pushed, new_verifier};

use custom_handler::{Setting, Settings, SettingsError};
use outgoing::{Answer, Client, Limits, Request, ServiceUrl, StatusCode, Verdict};
use secret::Secret;
use std::time::Duration;

const URL: Setting =
    Setting::new("BANK_URL", "where the bank's interface is", "https://api.bank.example.com/");
const ISSUER: Setting = Setting::new(
    "BANK_ISSUER",
    "what the bank calls itself when it sends somebody back (RFC 9207)",
    "https://bank.example.com",
);
const CLIENT_SECRET: Setting = Setting::new(
    "BANK_CLIENT_SECRET",
    "the secret that the bank knows us by",
    "as-the-bank-gave-it",
);
const CALLBACK_URL: Setting = Setting::new(
    "CALLBACK_URL",
    "where the bank sends people back to, as it is registered there",
    "https://api.example.com/credit/v1/callback",
);

/// Consents take a moment.
const OAUTH_LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(8),
    total_deadline: Duration::from_secs(15),
    max_request_bytes: 16 << 10,
    max_answer_bytes: 64 << 10,
    tries: 2,
    ..Limits::DEFAULT
};
/// Accounts and transactions take the bank some ten seconds. They are asked for once: each time counts against a quota,
/// and a run that failed comes again by its message.
const DATA_LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(25),
    total_deadline: Duration::from_secs(25),
    max_request_bytes: 16 << 10,
    max_answer_bytes: 2 << 20,
    tries: 1,
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct Bank {
    url: ServiceUrl,
    issuer: String,
    secret: Secret,
    callback: ServiceUrl,
    oauth: Client,
    data: Client,
}

impl Bank {
    /// Reads the settings `BANK_…` and `CALLBACK_URL`; contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (url, callback) = (settings.value(&URL), settings.value(&CALLBACK_URL));
        let (issuer, secret) = (settings.text(&ISSUER), settings.value(&CLIENT_SECRET));
        let clock = azure_data::clock(settings);
        let (url, issuer, secret, callback, clock) = (url?, issuer?, secret?, callback?, clock?);
        let client = |limits| Client::new("the bank", limits).with_clock(clock.clone());
        let (oauth, data) = (client(OAUTH_LIMITS), client(DATA_LIMITS));
        Ok(Self { url, issuer, secret, callback, oauth, data })
    }

    /// What `iss` must be.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    async fn ask_data(&self, request: Request) -> Result<Answer, BankFailure> {
        let answer = self.data.call(&request.judged_by(health)).await?;
        match answer.status() {
            StatusCode::OK => Ok(answer),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(BankFailure::ConsentGone),
            _ => Err(BankFailure::of_status(&answer)),
        }
    }
}

/// 429 is said to one person's token, whose quota is used up: the bank is well, and is not left alone for it.
fn health(answer: &Answer) -> Verdict {
    match answer.status() {
        StatusCode::TOO_MANY_REQUESTS => Verdict::Well,
        _ => Verdict::by_status(answer),
    }
}
