//! The mail service: Azure Communication Services, E-mail, version 2025-09-01 of its protocol. A mail is an operation whose id
//! is ours: the service knows it by that, and whoever does not know whether it was sent asks.

mod letter;
mod wire;

use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError};
pub(crate) use letter::{About, Letter, Writer};
use outgoing::{
    Answer, CallError, Client, HeaderName, HeaderValue, Limits, Reason, Request, ServiceUrl,
    StatusCode, Url,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;
use wire::{ErrorWire, MailWire, OperationWire};

const URL: Setting = Setting::new(
    "EMAIL_URL",
    "where the mail service is, a resource of Azure Communication Services",
    "https://example.europe.communication.azure.com/",
);
const SENDER: Setting = Setting::new(
    "EMAIL_SENDER",
    "whom mails are from, an address of a domain that the mail service knows",
    "invoices@iommi.example",
);
const SCOPE: Setting = Setting::new(
    "EMAIL_SCOPE",
    "what our tokens for the mail service are for",
    "https://communication.azure.com/.default",
);
const VERSION: &str = "2025-09-01";
const OPERATION_ID: HeaderName = HeaderName::from_static("operation-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// A picture of 200 KB is 270 KB in base64. Who sends a mail waits for less than the time in which nobody else sends it.
const LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(10),
    total_deadline: Duration::from_secs(20),
    tries: 2,
    max_request_bytes: 1 << 20,
    max_answer_bytes: 64 << 10,
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct MailService {
    url: ServiceUrl,
    sender: String,
    client: Client,
}

/// How far the mail service is with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MailState {
    /// It is at work; when it wants to be asked again, if it says so.
    Running(Option<Duration>),
    /// It is on its way. What becomes of it delivery reports say.
    Succeeded,
    /// It will never go out, for this reason.
    Failed(String),
}

/// The mail service did not do what it was asked. No text of its own is in here: it may name a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the mail service answered {status} {code}")]
    Status { status: u16, code: String, retry_after: Option<Duration> },
    #[error("the mail service's answer is not what its protocol says")]
    Odd,
}

impl MailFailure {
    /// When it wants to be left alone until; it has not taken the mail.
    pub(crate) fn is_busy(&self) -> Option<Duration> {
        match self {
            Self::Status { status: 429, retry_after, .. } => Some(retry_after.unwrap_or_default()),
            Self::Call(error) if matches!(error.reason(), Reason::LeftAlone) => {
                Some(error.retry_after().unwrap_or_default())
            }
            _ => None,
        }
    }

    /// The code, if it is the mail that is wrong, and not we or the service.
    pub(crate) fn refuses_mail(&self) -> Option<&str> {
        match self {
            Self::Status { status: 400 | 413 | 422, code, .. } => Some(code),
            _ => None,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Status { retry_after, .. } => *retry_after,
            Self::Odd => None,
        }
    }

    fn of(answer: &Answer) -> Self {
        let code = answer.json::<ErrorWire>().map(ErrorWire::code).unwrap_or_default();
        let (status, retry_after) = (answer.status().as_u16(), answer.retry_after());
        Self::Status { status, code, retry_after }
    }
}

impl MailService {
    /// Reads `EMAIL_URL`, `EMAIL_SENDER` and `EMAIL_SCOPE`; contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (url, sender) = (settings.value::<ServiceUrl>(&URL), settings.text(&SENDER));
        let scope = settings.text(&SCOPE);
        let (url, sender, scope) = (url?, sender?, scope?);
        let identity = Arc::new(Identity::new(url.url().clone(), scope));
        let bearer = move || {
            let identity = Arc::clone(&identity);
            async move { identity.bearer().await }
        };
        let client = Client::new("the mail service", LIMITS)
            .with_bearer(bearer)
            .with_clock(azure_data::clock(settings)?);
        Ok(Self { url, sender, client })
    }

    /// Hands a mail in. The same operation again is the same mail, as far as the service remembers it: ask first.
    pub(crate) async fn send(
        &self,
        operation: Uuid,
        letter: &Letter,
    ) -> Result<MailState, MailFailure> {
        let mail = MailWire::of(&self.sender, letter);
        let request = Request::post(self.versioned("emails:send"))
            .json(&mail)
            .map_err(|_| MailFailure::Odd)?
            .header(OPERATION_ID, id_header(operation))
            .header(REQUEST_ID, id_header(operation));
        let answer = self.client.call(&request).await?;
        match answer.status() {
            StatusCode::ACCEPTED => state(&answer),
            _ => Err(MailFailure::of(&answer)),
        }
    }

    /// How far a mail is. `None`: the service knows no such mail.
    pub(crate) async fn state(&self, operation: Uuid) -> Result<Option<MailState>, MailFailure> {
        let url = self.versioned(&format!("emails/operations/{operation}"));
        let answer = self.client.call(&Request::get(url)).await?;
        match answer.status() {
            StatusCode::OK => state(&answer).map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(MailFailure::of(&answer)),
        }
    }

    fn versioned(&self, path: &str) -> Url {
        let mut url = self.url.at(path);
        url.query_pairs_mut().append_pair("api-version", VERSION);
        url
    }
}

fn id_header(id: Uuid) -> HeaderValue {
    HeaderValue::from_str(&id.to_string()).expect("a UUID is fit for a header")
}

fn state(answer: &Answer) -> Result<MailState, MailFailure> {
    let operation: OperationWire = answer.json().map_err(|_| MailFailure::Odd)?;
    match operation.status.as_str() {
        "NotStarted" | "Running" => Ok(MailState::Running(answer.retry_after())),
        "Succeeded" => Ok(MailState::Succeeded),
        "Failed" | "Canceled" => Ok(MailState::Failed(operation.reason())),
        _ => Err(MailFailure::Odd),
    }
}
