//! Sends webhooks to addresses that strangers gave: public ones, wherever their names lead; and simulators on a laptop.

use crate::domain::AttemptFailed;
use custom_handler::{Setting, Settings, SettingsError};
use outgoing::{
    BreakerLimits, Client, Guard, GuardError, HeaderName, HeaderValue, Limits, Reason, Request,
    ServiceUrl, Url,
};
use ring::digest;
use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::time::Duration;

const LOOPBACK: Setting = Setting::new(
    "WEBHOOKS_TO_THIS_MACHINE",
    "whether webhooks may go to http addresses of this machine: yes on a laptop, and never where there is a managed identity",
    "no",
);
/// Set by Azure where there is a managed identity.
const IDENTITY_ENDPOINT: &str = "IDENTITY_ENDPOINT";
/// How long a receiver has for its answer.
const TRY_DEADLINE: Duration = Duration::from_secs(20);
/// How long its body is looked at: the status counts.
const GLANCE: Duration = Duration::from_secs(2);
/// The largest body that is sent: the specification's limit.
const MAX_REQUEST_BYTES: usize = webhooks::MAX_BODY_BYTES;
/// How much of an answer is read.
const MAX_ANSWER_BYTES: usize = 8 << 10;

/// One try: when the next one is, is the schedule's matter. Endpoints of many partners may be on one host, so that none is
/// left alone for another's sake.
const LIMITS: Limits = Limits {
    try_deadline: TRY_DEADLINE,
    total_deadline: TRY_DEADLINE,
    tries: 1,
    max_request_bytes: MAX_REQUEST_BYTES,
    max_answer_bytes: MAX_ANSWER_BYTES,
    glance_for: Some(GLANCE),
    breaker: BreakerLimits { failures_to_open: u32::MAX, ..Limits::DEFAULT.breaker },
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct Posting {
    guard: Guard,
    public: Client,
    /// On a laptop.
    this_machine: Option<(Guard, Client)>,
}

/// What came of a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posted {
    /// `None`: there was no answer, for this reason.
    pub(crate) status: Result<u16, AttemptFailed>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body_hash: Option<String>,
}

impl Posting {
    /// Reads `WEBHOOKS_TO_THIS_MACHINE`; contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let clock = azure_data::clock(settings);
        let is_in_azure = settings.platform(IDENTITY_ENDPOINT).is_some();
        let allowed = if is_in_azure {
            settings.value_or(&LOOPBACK, OnlyNo).map(|OnlyNo| false)
        } else {
            settings.value_or(&LOOPBACK, YesOrNo(false)).map(|YesOrNo(yes)| yes)
        };
        let clock = clock?;
        let client = |guard: &Guard| {
            Client::new("a webhook", LIMITS).guarded_by(guard.clone()).with_clock(clock.clone())
        };
        let guard = Guard::public_https();
        let this_machine = allowed?.then(|| {
            let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            let guard = Guard::public_https().allowing_plain_http();
            let guard = guard.allowing_ports(1..=u16::MAX).allowing_addresses(addresses);
            let client = client(&guard);
            (guard, client)
        });
        Ok(Self { public: client(&guard), guard, this_machine })
    }

    /// Whether an address is one that we would send to, as far as it says; what its name leads to is looked at with each POST.
    pub(crate) fn check(&self, url: &str) -> Result<(), GuardError> {
        self.parse(url).map(drop)
    }

    /// Whether people may be sent there, who come back from the bank: `https`, or this machine on a laptop.
    pub(crate) fn may_lead_to(&self, url: &str) -> bool {
        let is_here = self.this_machine.is_some() && is_this_machine(url);
        is_here || url.starts_with("https://") && url.parse::<ServiceUrl>().is_ok()
    }

    fn parse(&self, url: &str) -> Result<(Url, &Client), GuardError> {
        match &self.this_machine {
            Some((guard, client)) if is_this_machine(url) => Ok((guard.parse(url)?, client)),
            _ => Ok((self.guard.parse(url)?, &self.public)),
        }
    }

    /// Sends a body, once.
    pub(crate) async fn post<'a>(
        &self,
        url: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: Vec<u8>,
    ) -> Posted {
        let Ok((url, client)) = self.parse(url) else {
            return Posted::none(AttemptFailed::RefusedAddress);
        };
        let agent = HeaderValue::from_static("Iommi-Webhooks/1");
        let request = Request::post(url)
            .body(body, "application/json")
            .header(HeaderName::from_static("user-agent"), agent)
            .headers(headers);
        match client.call(&request).await {
            Ok(answer) => Posted {
                status: Ok(answer.status().as_u16()),
                retry_after: answer.retry_after(),
                body_hash: (!answer.body().is_empty()).then(|| sha256(answer.body())),
            },
            Err(error) => Posted::none(failed(error.reason())),
        }
    }
}

impl Posted {
    fn none(reason: AttemptFailed) -> Self {
        Self { status: Err(reason), retry_after: None, body_hash: None }
    }
}

fn failed(reason: &Reason) -> AttemptFailed {
    match reason {
        Reason::Refused(_) => AttemptFailed::RefusedAddress,
        Reason::TimedOut(_) => AttemptFailed::TimedOut,
        Reason::Unreachable => AttemptFailed::Unreachable,
        _ => AttemptFailed::Broken,
    }
}

/// Only what is written as this machine: a name that leads here is a stranger's.
fn is_this_machine(url: &str) -> bool {
    url.starts_with("http://") && url.parse::<ServiceUrl>().is_ok()
}

fn sha256(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().iter().fold(String::with_capacity(64), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

struct YesOrNo(bool);

impl FromStr for YesOrNo {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "yes" => Ok(Self(true)),
            "no" => Ok(Self(false)),
            _ => Err("must be yes or no"),
        }
    }
}

struct OnlyNo;

impl FromStr for OnlyNo {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "no" { Ok(Self) } else { Err("must be no where there is a managed identity") }
    }
}

impl fmt::Display for YesOrNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "yes" } else { "no" })
    }
}

impl fmt::Display for OnlyNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no")
    }
}
