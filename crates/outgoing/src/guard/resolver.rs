//! Names are resolved, checked and connected to in one go.

use super::Guard;
use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
};

/// Finds the addresses of a name.
pub trait LookUp: Send + Sync {
    /// All of its addresses.
    ///
    /// # Errors
    /// There are none, or nobody can be asked.
    fn look_up(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// As the system does it.
pub(super) struct SystemLookUp;

impl LookUp for SystemLookUp {
    fn look_up(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The HTTP client asks it once for each new connection and connects to what it answers: nothing can change in between.
pub(crate) struct CheckedResolver {
    guard: Guard,
}

impl CheckedResolver {
    pub(crate) fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        Box::pin(async move {
            let found = guard.look_up.look_up(name.as_str()).await?;
            // One address that is not public among others is no mishap: none of them is called.
            for address in &found {
                guard.check_address(*address)?;
            }
            // Port 0 means the URL's.
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

impl fmt::Debug for CheckedResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guard.fmt(f)
    }
}
