//! What the test program does when it is a part of the platform.

use std::io::BufRead;
use std::time::Duration;

use local_host::FaultSpec;
use tokio::runtime::Runtime;

use super::layout::{BLOB, COSMOS, DATA, EVENT_HUBS, HOST, Layout, QUEUE};
use super::parts::Parts;
use super::process::{ROLE, Role};

/// What the data services are told, a word and its argument.
pub(super) const SPOIL: &str = "fault";
pub(super) const MEND: &str = "mend";
pub(super) const PASS: &str = "clock";

/// Plays a part until the proof has ended, and ends the process; does nothing if this process is none.
pub fn act(parts: impl FnOnce() -> Parts) {
    let Ok(role) = std::env::var(ROLE) else { return };
    let Role { part, layout } = serde_json::from_str(&role).unwrap();
    super::platform::install_tls();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match part.as_str() {
        DATA => act_as_data(&runtime, &layout),
        HOST => {
            let host = runtime.block_on(local_host::start(parts().host(&layout)));
            let _host = host.unwrap_or_else(|error| panic!("the local host: {error}"));
            lines().for_each(drop);
        }
        name => {
            let _running = runtime.block_on(parts().start_simulator(name, &layout));
            lines().for_each(drop);
        }
    }
    std::process::exit(0);
}

/// What the proof says, until it has ended.
fn lines() -> impl Iterator<Item = String> {
    std::io::stdin().lock().lines().map_while(Result::ok)
}

fn act_as_data(runtime: &Runtime, layout: &Layout) {
    let clock = local_data::Clock::system();
    let options = local_data::Options {
        cosmos: layout.port(COSMOS),
        blob: layout.port(BLOB),
        queue: layout.port(QUEUE),
        event_hubs: layout.port(EVENT_HUBS),
        amqp: 0,
        data: Some(layout.folder(DATA)),
        clock: clock.clone(),
        fault_seed: layout.seed(),
        ..local_data::Options::default()
    };
    let services = runtime.block_on(local_data::DataServices::start(options)).unwrap();
    for line in lines() {
        match line.split_once(' ') {
            Some((SPOIL, text)) => match text.parse().unwrap() {
                FaultSpec::Service(rule) => drop(services.faults().add(rule)),
                other => panic!("{other} is none of the data services'"),
            },
            Some((PASS, seconds)) => clock.advance(Duration::from_secs(seconds.parse().unwrap())),
            _ if line == MEND => services.faults().clear(),
            _ => panic!("{line:?} is nothing that data services understand"),
        }
    }
}
