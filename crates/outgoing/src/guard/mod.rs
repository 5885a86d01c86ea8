//! The guard: which of the URLs that strangers give we call.
//!
//! A URL is checked three times: as text when it is given, before each request and redirect, and, since a name may
//! resolve to something else by then, when the connection is made: there the name is resolved once, all addresses are
//! checked, and the connection goes to one of them and nowhere else.

mod address;
mod resolver;
mod spelling;

pub use address::is_public;
pub(crate) use resolver::CheckedResolver;
pub use resolver::LookUp;

use reqwest::Url;
use resolver::SystemLookUp;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

/// Names that mean this machine or a private network, whatever they resolve to (RFC 6761, 6762, 8375, 9476 and what
/// clouds call their metadata services).
const PRIVATE_NAMES: [&str; 8] =
    ["localhost", "local", "localdomain", "internal", "home.arpa", "lan", "intranet", "alt"];

/// Lets through what is on the public Internet. See the crate's first page for its use.
#[derive(Clone)]
pub struct Guard {
    plain_http: bool,
    ports: Vec<u16>,
    addresses: Vec<IpAddr>,
    pub(crate) look_up: Arc<dyn LookUp>,
}

/// Why a URL is not called. The text reads on from a field's name, and is for the eyes of whoever gave the URL: it tells
/// nothing of what a name resolved to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GuardError {
    /// No absolute URL with a host, or one with white space, control characters or backslashes.
    #[error("must be an absolute URL such as https://hooks.example.com/iommi")]
    NoUrl,
    /// Another scheme.
    #[error("must begin with https://")]
    NotHttps,
    /// Secrets do not belong into URLs, and `https://bank.example@evil.example/` misleads.
    #[error("must have no user name and no password")]
    UserInfo,
    /// A port where no web server of the public Internet is.
    #[error("must not have the port {0}")]
    Port(u16),
    /// An IPv4 address that is not written as four decimal numbers: `0x7f.1`, `2130706433`, `0177.0.0.1`.
    #[error("must write an IPv4 address as four decimal numbers")]
    OddAddress,
    /// The host is, or resolves to, an address that is not on the public Internet; or its name is a private one.
    #[error("must name a host on the public Internet")]
    NotPublic,
}

impl Guard {
    /// `https` on port 443 of public addresses.
    #[must_use]
    pub fn public_https() -> Self {
        let look_up = Arc::new(SystemLookUp);
        Self { plain_http: false, ports: Vec::new(), addresses: Vec::new(), look_up }
    }

    /// Lets through plain `http` (port 80) too.
    #[must_use]
    pub fn allowing_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Lets through these ports beside the default ones.
    #[must_use]
    pub fn allowing_ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports.extend(ports);
        self
    }

    /// Lets through these addresses although they are not public: those of simulators on a laptop. Never in Azure.
    #[must_use]
    pub fn allowing_addresses(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.addresses.extend(addresses);
        self
    }

    /// Resolves names in another way than the system's.
    #[must_use]
    pub fn looking_up_with(mut self, look_up: impl LookUp + 'static) -> Self {
        self.look_up = Arc::new(look_up);
        self
    }

    /// Reads a URL that a stranger gave. What its name resolves to is not looked at: that is done at each call.
    ///
    /// # Errors
    /// It is not one that we would call; the text is for whoever gave it.
    pub fn parse(&self, text: &str) -> Result<Url, GuardError> {
        let url = spelling::parse(text)?;
        self.check(&url)?;
        Ok(url)
    }

    /// Checks what can be known of a URL without resolving its name.
    ///
    /// # Errors
    /// It is not one that we would call.
    pub fn check(&self, url: &Url) -> Result<(), GuardError> {
        match url.scheme() {
            "https" => {}
            "http" if self.plain_http => {}
            _ => return Err(GuardError::NotHttps),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(GuardError::UserInfo);
        }
        // `port` tells only what differs from the scheme's own.
        if let Some(port) = url.port().filter(|port| !self.ports.contains(port)) {
            return Err(GuardError::Port(port));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(GuardError::NoUrl)?;
        match address(host) {
            Some(address) => self.check_address(address),
            None if is_private_name(host) && self.addresses.is_empty() => {
                Err(GuardError::NotPublic)
            }
            None => Ok(()),
        }
    }

    /// # Errors
    /// [`GuardError::NotPublic`].
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), GuardError> {
        let allowed = is_public(address) || self.addresses.contains(&address);
        if allowed { Ok(()) } else { Err(GuardError::NotPublic) }
    }

    /// Where a redirect leads.
    ///
    /// # Errors
    /// As [`Guard::parse`].
    pub(crate) fn join(&self, base: &Url, location: &str) -> Result<Url, GuardError> {
        let url = spelling::join(base, location)?;
        self.check(&url)?;
        Ok(url)
    }
}

/// The address, if the host of a parsed URL is one.
fn address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

/// A name without a dot is one of the network that we are in.
fn is_private_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let is_below = |name: &str| {
        host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    !host.contains('.') || PRIVATE_NAMES.into_iter().any(is_below)
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("plain_http", &self.plain_http)
            .field("ports", &self.ports)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}
