//! HTTP calls of services that are not ours, and of our other apps.
//!
//! - [`Client`]: one deadline for the whole call, tries again where that cannot do harm and while the [`Limits`] allow
//!   it, a circuit breaker for each destination, bodies bounded both ways, no redirects unless asked.
//! - [`Guard`]: for URLs that strangers give. Only public addresses are ever connected to, whatever a name resolves to.
//! - Each call is a span of the trace that goes on, and the service is told so (`traceparent`): callers pass nothing.
//! - [`ServiceUrl`]: where a service of our settings is: `https`, or this machine.
//!
//! A service of our settings:
//!
//! ```
//! use outgoing::{CallError, Client, Limits, Request, ServiceUrl};
//!
//! #[derive(serde::Deserialize)]
//! struct Rate { rate: String }
//!
//! /// `None` if the bank does not know the currency.
//! async fn rate(bank: &Client, url: &ServiceUrl, code: &str) -> Result<Option<Rate>, CallError> {
//!     let answer = bank.call(&Request::get(url.at(&format!("rates/{code}")))).await?;
//!     Ok(answer.status().is_success().then(|| answer.json().ok()).flatten())
//! }
//!
//! let bank = Client::new("the bank", Limits::DEFAULT);
//! let url: ServiceUrl = "https://api.bank.example/".parse()?;
//! let _call = rate(&bank, &url, "SEK");
//! # Ok::<_, outgoing::ServiceUrlError>(())
//! ```
//!
//! A URL that a partner gave for its webhook:
//!
//! ```
//! use outgoing::{Client, Guard, GuardError, Limits, Request};
//!
//! let guard = Guard::public_https();
//! assert!(guard.parse("https://hooks.partner.example/iommi").is_ok());
//! assert_eq!(guard.parse("http://169.254.169.254/metadata"), Err(GuardError::NotHttps));
//! assert_eq!(guard.parse("https://0x7f.1/"), Err(GuardError::OddAddress));
//!
//! // What the name resolves to is checked when the connection is made, and for each redirect.
//! let webhooks = Client::new("a webhook", Limits::DEFAULT).guarded_by(guard.clone());
//! let url = guard.parse("https://hooks.partner.example/iommi")?;
//! let request = Request::post(url).body("{}", "application/json");
//! let _call = webhooks.call(&request);
//! # Ok::<_, GuardError>(())
//! ```

mod answer;
mod attempt;
mod breaker;
mod budget;
mod client;
mod destinations;
mod error;
mod guard;
mod limits;
mod pauses;
mod request;
mod service_url;
mod spans;

pub use answer::{Answer, Verdict};
pub use client::Client;
pub use error::{CallError, Reason};
pub use guard::{Guard, GuardError, LookUp, is_public};
pub use limits::{BreakerLimits, Limits, RetryBudget};
pub use request::Request;
pub use reqwest::{
    Method, StatusCode, Url,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
pub use service_url::{ServiceUrl, ServiceUrlError};
