//! What the bank is started with.

use std::{path::PathBuf, time::Duration};

use jiff::SignedDuration;
use simulator_shell::{Clock, Settings, StartError};

use crate::{Client, Faults};

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7083;
/// How long an account's transactions take to be put together.
const DELAY: Duration = Duration::from_secs(10);
const MAX_DELAY: Duration = Duration::from_secs(600);
const PAGE_SIZE: u32 = 100;
const MAX_PAGE_SIZE: u32 = 1_000;
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

const DELAY_NAME: &str = "BANK_DELAY";
const PAGE_SIZE_NAME: &str = "BANK_PAGE_SIZE";
const TOKEN_LIFETIME_NAME: &str = "BANK_TOKEN_LIFETIME";
/// Where the platform's gateway takes people back, by either name of this machine.
const REDIRECT_URIS: &str =
    "http://127.0.0.1:7071/credit/v1/callback,http://localhost:7071/credit/v1/callback";
const PARTNER_REDIRECT_URIS: &str = "http://127.0.0.1:7084/callback,http://localhost:7084/callback";

/// What the bank is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What it calls itself in `iss`; `None` is its address without the slash at the end.
    pub issuer: Option<String>,
    /// How long the first page of an account's transactions takes.
    pub delay: Duration,
    /// Transactions on a page.
    pub page_size: u32,
    /// How long a token is good for, if the consent is.
    pub token_lifetime: SignedDuration,
    /// Who may ask for consents.
    pub clients: Vec<Client>,
    /// The directory of what is to outlive the run; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// What goes wrong at first.
    pub faults: Faults,
    /// What the customers are made of; mixed into the seed of the faults as well.
    pub seed: u64,
    /// The time it goes by.
    pub clock: Clock,
}

impl Options {
    /// A free port, no delay, the local clients, nothing kept and nothing wrong: what a test wants.
    pub fn ephemeral() -> Self {
        Self {
            port: 0,
            issuer: None,
            delay: Duration::ZERO,
            page_size: PAGE_SIZE,
            token_lifetime: TOKEN_LIFETIME,
            clients: local_clients(),
            data: None,
            faults: Faults::default(),
            seed: 0,
            clock: Clock::system(),
        }
    }

    /// Reads the settings of the README.
    ///
    /// # Errors
    /// A setting that makes no sense, named with an example.
    pub fn from_settings(settings: &Settings) -> Result<Self, StartError> {
        let common = settings.common::<Faults>("BANK", DEFAULT_PORT)?;
        let delay = duration(settings, DELAY_NAME, "10s")?.unwrap_or(DELAY);
        if delay > MAX_DELAY {
            return Err(refused(DELAY_NAME, "is at most ten minutes", "10s"));
        }
        let lifetime = duration(settings, TOKEN_LIFETIME_NAME, "PT1H")?;
        let lifetime = lifetime.and_then(|lifetime| SignedDuration::try_from(lifetime).ok());
        let page_size = settings.parsed(PAGE_SIZE_NAME, "100")?.unwrap_or(PAGE_SIZE);
        if !(1..=MAX_PAGE_SIZE).contains(&page_size) {
            return Err(refused(PAGE_SIZE_NAME, "is from 1 to 1000", "100"));
        }
        Ok(Self {
            port: common.port,
            issuer: settings.text("BANK_ISSUER").map(|text| text.trim().to_owned()),
            delay,
            page_size,
            token_lifetime: lifetime.unwrap_or(TOKEN_LIFETIME),
            clients: clients(settings),
            data: settings.text("DATA_DIR").map(PathBuf::from),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }
}

fn local_clients() -> Vec<Client> {
    clients(&Settings::of([]))
}

fn clients(settings: &Settings) -> Vec<Client> {
    let client = |id: &str, secret: &str, uris: &str, usual: &str| Client {
        id: id.to_owned(),
        secret: settings.text(secret).unwrap_or_else(|| format!("local-only-secret-of-{id}")),
        redirect_uris: settings
            .text(uris)
            .unwrap_or_else(|| usual.to_owned())
            .split(',')
            .map(|uri| uri.trim().to_owned())
            .filter(|uri| !uri.is_empty())
            .collect(),
    };
    vec![
        client("iommi-credit", "BANK_CLIENT_SECRET", "BANK_REDIRECT_URIS", REDIRECT_URIS),
        client(
            "partner",
            "BANK_PARTNER_SECRET",
            "BANK_PARTNER_REDIRECT_URIS",
            PARTNER_REDIRECT_URIS,
        ),
    ]
}

/// `10s`, `250ms` or ISO 8601, `PT10S`.
fn duration(
    settings: &Settings,
    name: &str,
    example: &'static str,
) -> Result<Option<Duration>, StartError> {
    let Some(duration) = settings.parsed::<SignedDuration>(name, example)? else { return Ok(None) };
    Duration::try_from(duration).map(Some).map_err(|_| refused(name, "is not negative", example))
}

fn refused(name: &str, why: &str, example: &'static str) -> StartError {
    StartError::Setting { name: name.to_owned(), why: why.to_owned(), example }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_is_wrong_is_named_with_an_example() {
        let options = |settings: &[(&str, &str)]| {
            Options::from_settings(&Settings::of(settings.iter().copied()))
        };
        let plain = options(&[]).unwrap();
        assert_eq!((plain.port, plain.delay, plain.page_size), (7083, DELAY, 100));
        assert_eq!(plain.clients[0].secret, "local-only-secret-of-iommi-credit");
        for text in ["PT0.25S", "250ms"] {
            assert_eq!(options(&[("BANK_DELAY", text)]).unwrap().delay.as_millis(), 250, "{text}");
        }
        let uris = options(&[("BANK_REDIRECT_URIS", "http://a/ , http://b/")]).unwrap();
        assert_eq!(uris.clients[0].redirect_uris, ["http://a/", "http://b/"]);
        let wrong = [
            ("BANK_DELAY", "-1s"),
            ("BANK_DELAY", "11m"),
            ("BANK_PAGE_SIZE", "0"),
            ("BANK_TOKEN_LIFETIME", "long"),
            ("BANK_FAULTS", "rubbish!"),
            ("BANK_SEED", "x"),
        ];
        for (name, text) in wrong {
            let error = options(&[(name, text)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
    }
}
