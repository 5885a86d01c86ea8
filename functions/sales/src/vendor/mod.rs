//! The vendor, which delivers what we sell: its price list, and orders that are asked for before they are repeated.

mod key;
mod licence_key;
mod orders;
mod price_list;
mod webhook;
mod wire;

use custom_handler::{Setting, Settings, SettingsError};
use key::Bearer;
pub(crate) use licence_key::LicenceKey;
pub(crate) use orders::Refused;
use outgoing::{Answer, CallError, Client, HeaderName, Limits, Method, Request, ServiceUrl, Url};
pub(crate) use price_list::VendorService;
use std::time::Duration;
pub(crate) use webhook::{VendorEvent, VendorWebhooks};

const URL: Setting = Setting::new(
    "VENDOR_URL",
    "where the vendor is, who delivers what we sell",
    "https://vendor.example.com/",
);
const KEY: Setting = Setting::new("VENDOR_KEY", "the key that the vendor knows us by", "the key");
const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");

/// A vendor takes its time; its price list has some hundred services.
const LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(10),
    total_deadline: Duration::from_secs(20),
    max_request_bytes: 8 << 10,
    max_answer_bytes: 1 << 20,
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct Vendor {
    url: ServiceUrl,
    key: Bearer,
    client: Client,
}

/// There is no answer that says anything.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VendorFailure {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the vendor answered {status}")]
    Status { status: u16, retry_after: Option<Duration> },
    #[error("the vendor's answer is not what it promises: {0}")]
    Odd(String),
}

impl VendorFailure {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Status { retry_after, .. } => *retry_after,
            Self::Odd(_) => None,
        }
    }

    fn of(answer: &Answer) -> Self {
        let (status, retry_after) = (answer.status().as_u16(), answer.retry_after());
        Self::Status { status, retry_after }
    }
}

impl Vendor {
    /// Reads `VENDOR_URL` and `VENDOR_KEY`; contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (url, key) = (settings.value::<ServiceUrl>(&URL), settings.value::<Bearer>(&KEY));
        let client = Client::new("the vendor", LIMITS).with_clock(azure_data::clock(settings)?);
        Ok(Self { url: url?, key: key?, client })
    }

    fn request(&self, method: Method, path: &str) -> Request {
        self.request_to(method, self.url.at(path))
    }

    fn request_to(&self, method: Method, url: Url) -> Request {
        Request::new(method, url).header(AUTHORIZATION, self.key.header())
    }
}
