//! The life of one simulator: started with the host, watched, started again when it dies, stopped when asked.

use std::{sync::Arc, time::Duration};

use http::{Request, uri::PathAndQuery};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use crate::{
    Log,
    handler::{Ended, Guardian, HandlerClient, Launch, Process, empty_body},
};

/// The pause before a simulator that was ready is started again; one that never gets ready waits twice as long each
/// time, up to the maximum.
const PAUSE_FIRST: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// The wait between two looks at its health, and how long one answer may take.
const HEALTH_INTERVAL: Duration = Duration::from_millis(25);
const HEALTH_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a process may take to become ready; then another is started.
const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// What a simulator is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) running: bool,
    /// How often it was killed so far.
    pub(super) kills: u64,
}

/// What a simulator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The process is there and not ready yet.
    Starting { pid: u32 },
    /// Its health path has answered 2xx.
    Running { pid: u32 },
    /// It has died, or could not be started, and is started again soon.
    Restarting,
    /// Stopped on purpose.
    Stopped,
}

impl State {
    pub(crate) fn pid(self) -> Option<u32> {
        match self {
            Self::Starting { pid } | Self::Running { pid } => Some(pid),
            Self::Restarting | Self::Stopped => None,
        }
    }
}

pub(super) struct Supervisor {
    pub(super) name: String,
    pub(super) launch: Launch,
    pub(super) client: HandlerClient,
    pub(super) health: PathAndQuery,
    pub(super) wanted: watch::Receiver<Wanted>,
    pub(super) state: watch::Sender<State>,
    pub(super) guardian: Arc<Guardian>,
    pub(super) log: Log,
}

/// How one process came to its end.
enum End {
    /// As it was asked to.
    Stopped,
    /// Of its own accord, or killed.
    Died { was_ready: bool },
}

/// What a process is interrupted by.
enum Interrupt {
    Ready(bool),
    Ended(Ended),
    Stop,
    Kill,
}

impl Supervisor {
    /// Runs until it is aborted or its handle is gone.
    pub(super) async fn run(mut self) {
        let mut pause = PAUSE_FIRST;
        while self.wanted.wait_for(|wanted| wanted.running).await.is_ok() {
            match self.process().await {
                End::Stopped => {
                    self.state.send_replace(State::Stopped);
                    self.log.warn(&self.name, "stopped until it is started again");
                    continue;
                }
                End::Died { was_ready: true } => pause = PAUSE_FIRST,
                End::Died { was_ready: false } => pause = (pause * 2).min(PAUSE_MAX),
            }
            self.state.send_replace(State::Restarting);
            let stopped = async { self.wanted.wait_for(|wanted| !wanted.running).await.is_ok() };
            if timeout(pause, stopped).await.unwrap_or(false) {
                self.state.send_replace(State::Stopped);
            }
        }
    }

    /// One process from start to end.
    async fn process(&mut self) -> End {
        let mut kills = self.wanted.borrow().kills;
        let guardian = Arc::clone(&self.guardian);
        let started = Process::start(&self.launch, &self.name, false, guardian, &self.log);
        let mut process = match started {
            Ok(process) => process,
            Err(error) => {
                let program = self.launch.program.display();
                self.log.error(&self.name, format_args!("starting {program}: {error}"));
                return End::Died { was_ready: false };
            }
        };
        let (pid, began) = (process.pid(), Instant::now());
        self.state.send_replace(State::Starting { pid });
        let mut was_ready = false;
        loop {
            let interrupt = tokio::select! {
                biased;
                ended = process.ended() => Interrupt::Ended(ended),
                order = order(&mut self.wanted, kills) => order,
                ready = ready(&self.client, &self.health), if !was_ready => Interrupt::Ready(ready),
            };
            match interrupt {
                Interrupt::Ready(true) => {
                    was_ready = true;
                    self.state.send_replace(State::Running { pid });
                    let took = began.elapsed().as_millis();
                    self.log.info(&self.name, format_args!("ready (pid {pid}, {took} ms)"));
                }
                Interrupt::Ready(false) => {
                    process.kill().await;
                    let message = format!(
                        "pid {pid} did not answer 2xx at {} within {READY_TIMEOUT:?}; starting another",
                        self.health
                    );
                    self.log.error(&self.name, message);
                    return End::Died { was_ready };
                }
                Interrupt::Ended(Ended { exit, after }) => {
                    let message =
                        format_args!("pid {pid} {exit} after {after:.1?}; starting another");
                    self.log.error(&self.name, message);
                    return End::Died { was_ready };
                }
                Interrupt::Stop => {
                    process.kill().await;
                    return End::Stopped;
                }
                Interrupt::Kill => {
                    kills = self.wanted.borrow().kills;
                    process.crash();
                }
            }
        }
    }
}

/// What is asked of a process that runs. A handle that is gone asks for a stop.
async fn order(wanted: &mut watch::Receiver<Wanted>, kills: u64) -> Interrupt {
    let asked = wanted.wait_for(|wanted| !wanted.running || wanted.kills != kills).await;
    if asked.is_ok_and(|wanted| wanted.running) { Interrupt::Kill } else { Interrupt::Stop }
}

/// Looks until the health path answers 2xx; false when [`READY_TIMEOUT`] has passed.
async fn ready(client: &HandlerClient, path: &PathAndQuery) -> bool {
    let healthy = async {
        loop {
            let answer = client.send(Request::new(empty_body()), path.clone());
            if let Ok(Ok(response)) = timeout(HEALTH_TIMEOUT, answer).await
                && response.status().is_success()
            {
                return;
            }
            sleep(HEALTH_INTERVAL).await;
        }
    };
    timeout(READY_TIMEOUT, healthy).await.is_ok()
}
