//! The parts of the platform as processes of their own: data services, host, card network. This test binary plays each of
//! them, so that nothing has to be built besides; the handler is the app's real binary, started by the host.

use card_network::Faults;
use local_host::{AppSource, Executable, ExternalServices, FaultSpec, LogFormat};
use serde::{Deserialize, Serialize};
use std::{
    fs::OpenOptions,
    io::{BufRead, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// What makes this binary a part: its settings as JSON.
const PART: &str = "IOMMI_PROOF_PART";
/// The key that the processor knows the app by locally: `CARD_NETWORK_KEY` in app.json.
pub(crate) const NETWORK_KEY: &str = "local-only-key-not-a-secret-0004";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Data,
    Host,
    Network,
}

/// What a part is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    pub(crate) kind: Kind,
    pub(crate) ports: Ports,
    pub(crate) folder: PathBuf,
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) cosmos: u16,
    pub(crate) blob: u16,
    pub(crate) queue: u16,
    pub(crate) host: u16,
    pub(crate) network: u16,
}

/// One process.
pub(crate) struct Part(Child);

impl Part {
    pub(crate) fn start(setup: &Setup) -> Self {
        let log = setup.folder.join(format!("{:?}.log", setup.kind).to_lowercase());
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["parts::acts_as_a_part_of_the_platform", "--exact", "--nocapture"])
            .env(PART, serde_json::to_string(setup).unwrap())
            // Errors are everyday here, and each would cost a backtrace.
            .env("RUST_LIB_BACKTRACE", "0")
            // It ends with us, however we end.
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// Tells the data services what to do wrong. They may be gone by now.
    pub(crate) fn say(&mut self, line: &str) {
        if let Some(input) = &mut self.0.stdin {
            let _ = writeln!(input, "{line}");
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// No test but a part of the platform, when the test starts one.
#[test]
fn acts_as_a_part_of_the_platform() {
    let Ok(setup) = std::env::var(PART) else { return };
    let setup: Setup = serde_json::from_str(&setup).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match setup.kind {
        Kind::Data => act_as_data(&runtime, &setup),
        Kind::Host => {
            let _host = runtime.block_on(local_host::start(host(&setup))).unwrap();
            lines().for_each(drop);
        }
        Kind::Network => {
            let _network = runtime.block_on(card_network::start(network(&setup))).unwrap();
            lines().for_each(drop);
        }
    }
    std::process::exit(0);
}

/// What the test says, until it has ended.
fn lines() -> impl Iterator<Item = String> {
    std::io::stdin().lock().lines().map_while(Result::ok)
}

fn act_as_data(runtime: &tokio::runtime::Runtime, setup: &Setup) {
    let clock = local_data::Clock::system();
    let options = local_data::Options {
        cosmos: setup.ports.cosmos,
        blob: setup.ports.blob,
        queue: setup.ports.queue,
        data: Some(setup.folder.join("data")),
        clock: clock.clone(),
        fault_seed: setup.seed,
        ..local_data::Options::default()
    };
    let services = runtime.block_on(local_data::DataServices::start(options)).unwrap();
    for line in lines() {
        match line.split_once(' ') {
            Some(("fault", text)) => match text.parse().unwrap() {
                FaultSpec::Service(rule) => drop(services.faults().add(rule)),
                other => panic!("{other} is none of the data services'"),
            },
            Some(("clock", seconds)) => {
                clock.advance(Duration::from_secs(seconds.parse().unwrap()))
            }
            _ => services.faults().clear(),
        }
    }
}

impl Ports {
    pub(crate) fn services(&self) -> ExternalServices {
        let url = |port: u16| format!("http://127.0.0.1:{port}/");
        let account = |port| format!("{}devstoreaccount1", url(port));
        ExternalServices {
            cosmos: url(self.cosmos),
            blob: account(self.blob),
            queue: account(self.queue),
        }
    }
}

fn host(setup: &Setup) -> local_host::Options {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let accounts = Executable::Built(env!("CARGO_BIN_EXE_accounts").into());
    let network = format!("http://127.0.0.1:{}/", setup.ports.network);
    // As much is logged as ever is: there may be no token and no card number in it.
    let settings = [("CARD_NETWORK_URL", network.as_str()), ("LOG_LEVEL", "info")];
    local_host::Options {
        apps: vec![AppSource::of_workspace(&workspace, "accounts", accounts)],
        http_port: setup.ports.host,
        services: Some(setup.ports.services()),
        settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        log: LogFormat::Json,
        replace_crashed: true,
        ..local_host::Options::default()
    }
}

fn network(setup: &Setup) -> card_network::Options {
    let platform = format!("http://127.0.0.1:{}", setup.ports.host);
    card_network::Options {
        port: setup.ports.network,
        key: Some(NETWORK_KEY.to_owned()),
        data: Some(setup.folder.join("network")),
        faults: Faults {
            duplicate: 0.1,
            reorder: 0.05,
            lose: 0.05,
            late: 0.05,
            over_capture: 0.1,
            no_authorisation: 0.05,
            unknown_token: 0.03,
            wrong_signature: 0.03,
            replayed_signature: 0.03,
            pan: 0.3,
            ignore_answer: 0.03,
            ..Faults::default()
        },
        seed: setup.seed,
        ..card_network::Options::ephemeral(platform)
    }
}
