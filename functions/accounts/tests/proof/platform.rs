//! The running platform: its processes come and go, its addresses stay.

use crate::{
    addresses::Addresses,
    parts::{Kind, Part, Ports, Setup},
};
use rand::Rng;
use std::{net::TcpListener, path::Path, time::Duration};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The longest that anything may take on a machine that does much else.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
/// Between two looks.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Ports that the system gives to nobody by itself: they must stay free while a process is dead.
const FIXED_PORTS: std::ops::Range<u16> = 20_000..32_000;

pub(crate) struct Platform {
    setup: Setup,
    data: Part,
    host: Part,
    network: Part,
    addresses: Addresses,
    folder: TempDir,
}

impl Platform {
    pub(crate) async fn start(seed: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut folder = tempfile::tempdir().unwrap();
        // Logs and data stay for whoever looks for the reason of a failure.
        folder.disable_cleanup(true);
        let setup =
            Setup { kind: Kind::Data, ports: free_ports(), folder: folder.path().to_owned(), seed };
        let addresses = Addresses::of(&setup.ports);
        let of = |kind| Setup { kind, ..setup.clone() };
        let data = started(&of(Kind::Data), &addresses).await;
        let host = started(&of(Kind::Host), &addresses).await;
        let network = started(&of(Kind::Network), &addresses).await;
        Self { setup, data, host, network, addresses, folder }
    }

    pub(crate) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub(crate) fn kill(&mut self, kind: Kind) {
        self.part(kind).kill();
    }

    /// Starts what was killed, and waits until it serves.
    pub(crate) async fn restart(&mut self, kind: Kind) {
        let setup = Setup { kind, ..self.setup.clone() };
        *self.part(kind) = started(&setup, &self.addresses).await;
    }

    fn part(&mut self, kind: Kind) -> &mut Part {
        match kind {
            Kind::Data => &mut self.data,
            Kind::Host => &mut self.host,
            Kind::Network => &mut self.network,
        }
    }

    /// A fault of the data services, such as `cosmos=fail:chance:0.1`.
    pub(crate) fn spoil(&mut self, fault: &str) {
        self.data.say(&format!("fault {fault}"));
    }

    pub(crate) fn mend(&mut self) {
        self.data.say("mend");
    }

    /// Time passes for the data services. Not before a restart: their clock then is the machine's again.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.data.say(&format!("clock {}", time.as_secs()));
    }

    /// Where to look after a failure.
    pub(crate) fn kept(&self) -> String {
        format!("logs and data are in {}", self.folder.path().display())
    }

    /// Where logs and data are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn forget(mut self) {
        self.folder.disable_cleanup(false);
    }
}

/// A process that serves. One that could not start, since what it needs is away, is started again.
async fn started(setup: &Setup, addresses: &Addresses) -> Part {
    let (mut part, began) = (Part::start(setup), Instant::now());
    while !addresses.answers(setup.kind).await {
        let Setup { kind, folder, .. } = setup;
        assert!(began.elapsed() < DEADLINE, "{kind:?} does not start, see {}", folder.display());
        if part.has_ended() {
            part = Part::start(setup);
        }
        sleep(LOOK_EVERY).await;
    }
    part
}

fn free_ports() -> Ports {
    let taken: [TcpListener; 5] = std::array::from_fn(|_| {
        let mut random = rand::rng();
        let mut tries = std::iter::repeat_with(|| random.random_range(FIXED_PORTS)).take(1_000);
        tries.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).unwrap()
    });
    let [cosmos, blob, queue, host, network] =
        taken.each_ref().map(|listener| listener.local_addr().unwrap().port());
    Ports { cosmos, blob, queue, host, network }
}
