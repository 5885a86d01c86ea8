//! The running platform: its processes come and go, its addresses stay.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use local_host::FaultSpec;
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::acting::{MEND, PASS, SPOIL};
use super::layout::{DATA, HOST};
use super::process::Process;
use super::{Addresses, Layout, Parts};

/// The longest that anything may take on a machine that does much else.
pub const DEADLINE: Duration = Duration::from_secs(120);
/// Between two looks.
pub const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A platform whose parts are processes. They end when it is dropped; logs and data stay for whoever looks for the reason
/// of a failure, until [`Platform::forget`].
#[derive(Debug)]
pub struct Platform {
    parts: Parts,
    layout: Layout,
    /// In the order in which they start; none is dead.
    processes: Vec<(&'static str, Option<Process>)>,
    addresses: Addresses,
    folder: TempDir,
    /// How far the data services' clock is ahead, in milliseconds.
    ahead_ms: AtomicU64,
}

impl Platform {
    /// Starts everything and waits until it serves.
    pub async fn start(parts: Parts, seed: u64) -> Self {
        install_tls();
        let mut folder = tempfile::tempdir().unwrap();
        folder.disable_cleanup(true);
        let simulators = parts.simulator_names();
        let mut layout = Layout::new(folder.path(), seed, &simulators);
        layout.programs = programs(&parts);
        let addresses = Addresses::of(&layout, &simulators);
        let processes = [DATA, HOST].into_iter().chain(simulators).map(|part| (part, None));
        let processes = processes.collect();
        let ahead_ms = AtomicU64::new(0);
        let mut platform = Self { parts, layout, processes, addresses, folder, ahead_ms };
        platform.begin(DATA).await;
        for queue in &platform.parts.foreign_queues {
            platform.addresses.create_queue(queue).await;
        }
        platform.revive().await;
        platform
    }

    /// How it is reached.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What everything was started with.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// SIGKILL for [`DATA`], [`HOST`], a simulator, or the handler of an app, whom the host replaces. False if there was
    /// nothing to kill.
    pub async fn kill(&mut self, victim: &str) -> bool {
        if let Some((_, process)) = self.processes.iter_mut().find(|(name, _)| *name == victim) {
            return process.take().is_some();
        }
        assert!(self.parts.has_app(victim), "nobody is called {victim:?}");
        self.addresses.admin(&format!("apps/{victim}/kill"), &json!({})).await
    }

    /// Starts whatever is dead, and waits until it serves.
    pub async fn revive(&mut self) {
        let is_dead =
            |(name, process): &(&'static str, Option<Process>)| process.is_none().then_some(*name);
        let dead: Vec<&'static str> = self.processes.iter().filter_map(is_dead).collect();
        for part in dead {
            self.begin(part).await;
        }
    }

    /// A process that could not start, since what it needs is away, is started again.
    async fn begin(&mut self, part: &str) {
        let (mut process, began) = (Process::start(part, &self.layout), Instant::now());
        while !self.addresses.answers(part).await {
            assert!(began.elapsed() < DEADLINE, "{part} does not start; {}", self.kept());
            if process.has_ended() {
                process = Process::start(part, &self.layout);
            }
            sleep(LOOK_EVERY).await;
        }
        let place = self.processes.iter_mut().find(|(name, _)| *name == part);
        place.expect("a part of this platform").1 = Some(process);
    }

    /// Begins a fault of the data services in place of the one before, such as `queue=fail:chance:0.1`, or one of the host,
    /// such as `messages=duplicate:10`.
    pub async fn spoil(&self, fault: &str) {
        match fault.parse().unwrap() {
            FaultSpec::Service(_) => {
                self.mend();
                self.tell_data(&format!("{SPOIL} {fault}"));
            }
            // It may be dead.
            _ => drop(self.addresses.admin("faults", &json!({"fault": fault})).await),
        }
    }

    /// Ends the faults of the data services.
    pub fn mend(&self) {
        self.tell_data(MEND);
    }

    /// Ends all faults, those of the host and of the simulators too.
    pub async fn mend_all(&self) {
        self.mend();
        self.addresses.ask(Method::DELETE, "/admin/faults", &json!({})).await;
        for simulator in self.parts.simulator_names() {
            self.addresses.put_faults(simulator, &json!({})).await;
        }
    }

    /// Time passes for the data services. Not before a restart: their clock then is the machine's again.
    pub fn pass(&self, time: Duration) {
        self.tell_data(&format!("{PASS} {}", time.as_secs()));
        self.ahead_ms.fetch_add(time.as_secs() * 1_000, Ordering::Relaxed);
    }

    /// Handlers go by the data services' clock instead of the machine's: for rounds that go by minutes. Not before a
    /// restart of the host: their clock then is the machine's again.
    pub fn handlers_follow(&self) {
        let file = self.layout.clock_file();
        let new = file.with_extension("new");
        std::fs::write(&new, self.ahead_ms.load(Ordering::Relaxed).to_string()).unwrap();
        // As a whole: nobody may read half a number.
        std::fs::rename(&new, &file).unwrap();
    }

    fn tell_data(&self, line: &str) {
        let data = self.processes.iter().find(|(name, _)| *name == DATA);
        if let Some((_, Some(data))) = data {
            data.say(line);
        }
    }

    pub(super) fn part_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.processes.iter().map(|(name, _)| *name)
    }

    /// How to repeat the run, and where to look after a failure.
    #[must_use]
    pub fn kept(&self) -> String {
        let (seed, folder) = (self.layout.seed(), self.folder.path().display());
        format!("IOMMI_SEED={seed}; logs and data are in {folder}")
    }

    /// All went well: nobody needs the logs.
    pub fn forget(mut self) {
        self.folder.disable_cleanup(false);
    }
}

pub(super) fn install_tls() {
    // Another test of the program may have done it.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The binaries of the neighbours, built with the features that all programs have together.
fn programs(parts: &Parts) -> std::collections::BTreeMap<String, PathBuf> {
    let own = PathBuf::from(parts.app.binary);
    if !parts.neighbours.is_empty() {
        let mut cargo = local_host::cargo();
        cargo.current_dir(parts.app.workspace()).args(["build", "--quiet"]);
        cargo.args(parts.neighbours.iter().flat_map(|name| ["--bin", name]));
        let is_release = own.parent().is_some_and(|folder| folder.ends_with("release"));
        cargo.args(is_release.then_some("--release"));
        assert!(cargo.status().unwrap().success(), "{:?} must build", parts.neighbours);
    }
    let program = |name: &String| {
        (name.clone(), own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
    };
    parts.neighbours.iter().map(program).collect()
}
