//! Where everything is, known before anything runs: processes come and go, addresses stay.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use local_host::ExternalServices;
use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::queues::signature;

/// The data services, as a part: Cosmos DB, Blob, Queue and Event Hubs in one process.
pub const DATA: &str = "data";
/// The local host, as a part; the handlers are its processes.
pub const HOST: &str = "host";
/// The ports of the data services.
pub(super) const COSMOS: &str = "cosmos";
pub(super) const BLOB: &str = "blob";
pub(super) const QUEUE: &str = "queue";
pub(super) const EVENT_HUBS: &str = "event-hubs";
/// Ports that the system gives to nobody by itself: they must stay free while a process is dead.
const FIXED_PORTS: std::ops::Range<u16> = 20_000..32_000;
/// Ports that are tried for each.
const MOST_TRIES: usize = 1_000;

/// What settings and simulators are made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    folder: PathBuf,
    seed: u64,
    ports: BTreeMap<String, u16>,
    /// The binaries of the neighbours.
    pub(super) programs: BTreeMap<String, PathBuf>,
}

impl Layout {
    pub(super) fn new(folder: &Path, seed: u64, simulators: &[&str]) -> Self {
        let names = [COSMOS, BLOB, QUEUE, EVENT_HUBS, HOST].iter().chain(simulators);
        // All are held until all are there: none is given twice.
        let held: Vec<(&str, TcpListener)> = names.map(|name| (*name, free_port())).collect();
        let port = |(name, listener): &(&str, TcpListener)| {
            ((*name).to_owned(), listener.local_addr().unwrap().port())
        };
        let ports = held.iter().map(port).collect();
        Self { folder: folder.to_owned(), seed, ports, programs: BTreeMap::new() }
    }

    /// What the run's choices are drawn from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The port of [`HOST`] or a simulator.
    #[must_use]
    pub fn port(&self, part: &str) -> u16 {
        *self.ports.get(part).unwrap_or_else(|| panic!("no part is called {part:?}"))
    }

    /// `http://127.0.0.1:PORT` of [`HOST`] or a simulator.
    #[must_use]
    pub fn url(&self, part: &str) -> String {
        format!("http://127.0.0.1:{}", self.port(part))
    }

    /// The folder for what a part keeps; it outlives the part.
    #[must_use]
    pub fn folder(&self, part: &str) -> PathBuf {
        self.folder.join(part)
    }

    /// The file that says how far the handlers' clock is ahead, for simulators that go by it. The host writes it when it starts.
    #[must_use]
    pub fn clock_file(&self) -> PathBuf {
        self.folder(HOST).join(local_host::CLOCK_FILE)
    }

    /// The queue service as others are given it: an endpoint with a signature.
    #[must_use]
    pub fn queue_service(&self) -> String {
        format!("{}?{}", self.services().queue, signature())
    }

    /// The blob service as others are given it: an endpoint with a signature.
    #[must_use]
    pub fn blob_service(&self) -> String {
        format!("{}?{}", self.services().blob, signature())
    }

    pub(super) fn log(&self, part: &str) -> PathBuf {
        self.folder.join(format!("{part}.log"))
    }

    pub(super) fn services(&self) -> ExternalServices {
        let account = |name| format!("{}/devstoreaccount1", self.url(name));
        ExternalServices {
            cosmos: format!("{}/", self.url(COSMOS)),
            blob: account(BLOB),
            queue: account(QUEUE),
            event_hubs: format!("{}/", self.url(EVENT_HUBS)),
        }
    }
}

fn free_port() -> TcpListener {
    let mut random = rand::rng();
    let mut tries = std::iter::repeat_with(|| random.random_range(FIXED_PORTS)).take(MOST_TRIES);
    tries.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).expect("a free port")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_port_and_a_folder_of_its_own() {
        let layout = Layout::new(Path::new("run"), 7, &["bank", "partner"]);
        let mut ports = [COSMOS, BLOB, QUEUE, EVENT_HUBS, HOST, "bank", "partner"]
            .map(|part| layout.port(part));
        ports.sort_unstable();
        assert!(ports.windows(2).all(|pair| pair[0] < pair[1]), "{ports:?}");
        assert!(layout.folder("bank").ends_with("run/bank"));
        let blob = layout.blob_service();
        assert!(blob.starts_with(&format!("{}/devstoreaccount1?", layout.url(BLOB))), "{blob}");
    }
}
