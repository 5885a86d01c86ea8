//! The life of one handler instance: asleep, started by the first request, watched, restarted, stopped.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{
    Guardian, Launch,
    client::HandlerClient,
    console::LastWords,
    port,
    process::{Ended, Process},
    readiness,
    rest::{self, Rest},
    rules::{ERRORS_MAX, RestartRules, Verdict},
    state::{Condition, Live, Shared},
};
use crate::{App, log::Log};

/// How long it takes until a host that has stopped is replaced.
const REPLACEMENT_DELAY: Duration = Duration::from_millis(500);

/// What to do about a stopped host.
const REMEDY: &str = "The host has stopped, as it would in Azure. Correct the cause, then POST \
                      /admin/host/restart or start the host again.";

/// What others may ask of an instance.
#[derive(Debug)]
pub(super) enum Command {
    /// `functionTimeout` has passed: kill the process with this pid and start another, uncounted.
    Recycle { pid: u32 },
    /// Kill the process as an accident would.
    Crash,
    /// No process became ready within the time a request waits: the host stops.
    GiveUp { why: String },
    /// A trigger met an error that the host does not survive: it stops.
    ShutDown { why: String },
    /// Forget errors and stops and begin anew, asleep.
    Restart,
    /// Kill the process and end.
    Stop,
}

pub(super) struct Supervisor {
    pub(super) app: Arc<App>,
    /// The app's name, with the instance's number when there are several.
    pub(super) name: String,
    pub(super) shared: Arc<Shared>,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) guardian: Arc<Guardian>,
    pub(super) log: Log,
    pub(super) rest: Rest,
}

/// What an instance does next.
enum Phase {
    Asleep,
    /// Start a process on this port, or choose one.
    Start(Option<u16>),
    /// Nothing until a restart is asked for.
    Halted,
    /// The host has stopped; another takes its place soon.
    Replaced,
}

/// What a running process is interrupted by.
enum Interrupt {
    Ready,
    NotReady,
    Ended(Ended),
    Idle,
    Command(Command),
}

/// A process between its start and its end.
struct Running {
    process: Process,
    pid: u32,
    port: u16,
    client: HandlerClient,
    began: Instant,
    live: Option<Arc<Live>>,
}

impl Supervisor {
    /// Runs until it is told to stop, then kills the process.
    pub(super) async fn run(mut self) {
        let mut rules = RestartRules::default();
        let mut phase = Phase::Asleep;
        loop {
            let next = match phase {
                Phase::Asleep => self.asleep(&mut rules).await,
                Phase::Start(port) => self.process(port, &mut rules).await,
                Phase::Halted => self.halted(&mut rules).await,
                Phase::Replaced => self.replaced(&mut rules).await,
            };
            match next {
                Some(next) => phase = next,
                None => return,
            }
        }
    }

    /// None: stop.
    async fn command(&mut self) -> Option<Command> {
        self.commands.recv().await.filter(|command| !matches!(command, Command::Stop))
    }

    async fn asleep(&mut self, rules: &mut RestartRules) -> Option<Phase> {
        self.shared.set(Condition::Asleep);
        let shared = Arc::clone(&self.shared);
        while !shared.is_wanted() {
            tokio::select! {
                () = shared.wake.notified() => {}
                command = self.command() => match command? {
                    Command::Restart => *rules = RestartRules::default(),
                    Command::ShutDown { why } => return Some(self.stop(&why, &why)),
                    _ => {}
                },
            }
        }
        Some(Phase::Start(None))
    }

    async fn halted(&mut self, rules: &mut RestartRules) -> Option<Phase> {
        while !matches!(self.command().await?, Command::Restart) {}
        Some(self.begin_anew(rules))
    }

    /// Requests wait meanwhile, as they do for a cold start.
    async fn replaced(&mut self, rules: &mut RestartRules) -> Option<Phase> {
        self.shared.set(Condition::Starting { pid: None });
        let restart = async {
            loop {
                match self.command().await {
                    Some(Command::Restart) => return true,
                    Some(_) => {}
                    None => return false,
                }
            }
        };
        if timeout(REPLACEMENT_DELAY, restart).await == Ok(false) {
            return None;
        }
        *rules = RestartRules::default();
        Some(Phase::Asleep)
    }

    /// One process from start to end. A respawn keeps its port, as in Azure; a handler that was asleep gets a new one,
    /// as a new host would.
    async fn process(&mut self, kept: Option<u16>, rules: &mut RestartRules) -> Option<Phase> {
        self.shared.set(Condition::Starting { pid: None });
        let chosen = kept.or(self.app.host_json.custom_handler.port).map_or_else(port::free, Ok);
        let started = chosen.map_err(|error| format!("choosing a port for the handler: {error}"));
        let mut running = match started.and_then(|port| self.start(port)) {
            Ok(running) => running,
            Err(problem) => return Some(self.after_error(rules, kept, &problem)),
        };
        self.shared.set(Condition::Starting { pid: Some(running.pid) });
        loop {
            let Some(interrupt) = self.interrupt(&mut running).await else {
                running.process.kill().await;
                return None;
            };
            if let Some(next) = self.handle(interrupt, &mut running, rules).await {
                return Some(next);
            }
        }
    }

    /// What follows an interrupt; None: the process goes on.
    async fn handle(
        &mut self,
        interrupt: Interrupt,
        running: &mut Running,
        rules: &mut RestartRules,
    ) -> Option<Phase> {
        match interrupt {
            Interrupt::Ready => {
                self.ready(running);
                None
            }
            Interrupt::NotReady => {
                running.process.kill().await;
                Some(self.after_error(rules, Some(running.port), &self.not_ready(running)))
            }
            Interrupt::Ended(ended) => {
                // At once: what comes in while the console is read to its end must not dial the dead.
                self.shared.set(Condition::Starting { pid: None });
                let last_words = running.process.last_words().await;
                Some(self.after_end(rules, running, &ended, &last_words))
            }
            Interrupt::Idle => {
                running.process.kill().await;
                self.log.info(
                    &self.name,
                    format_args!("asleep after {:?} without a request", self.rest.idle_timeout),
                );
                Some(Phase::Asleep)
            }
            Interrupt::Command(command) => self.obey(command, running, rules).await,
        }
    }

    /// What follows a command; None: the process goes on.
    async fn obey(
        &mut self,
        command: Command,
        running: &mut Running,
        rules: &mut RestartRules,
    ) -> Option<Phase> {
        match command {
            Command::Crash => {
                running.process.crash();
                None
            }
            Command::Recycle { pid } if pid == running.pid => {
                running.process.kill().await;
                self.log.error(
                    &self.name,
                    "functionTimeout passed: the handler was killed; starting another",
                );
                Some(Phase::Start(Some(running.port)))
            }
            Command::GiveUp { why } if running.live.is_none() => {
                running.process.kill().await;
                Some(self.stop(&why, &why))
            }
            Command::ShutDown { why } => {
                running.process.kill().await;
                Some(self.stop(&why, &why))
            }
            Command::Restart => {
                running.process.kill().await;
                Some(self.begin_anew(rules))
            }
            // Meant for an earlier process; a stop never gets here.
            Command::Recycle { .. } | Command::GiveUp { .. } | Command::Stop => None,
        }
    }

    /// What happens next to a process; None: stop.
    async fn interrupt(&mut self, running: &mut Running) -> Option<Interrupt> {
        let limit = self.app.host_json.custom_handler.initialization_timeout;
        let (shared, idle_timeout) = (Arc::clone(&self.shared), self.rest.idle_timeout);
        let Running { process, client, live, .. } = running;
        let change = async {
            match live {
                Some(live) => {
                    rest::idle(&shared, live, idle_timeout).await;
                    Interrupt::Idle
                }
                None if readiness::wait_for(client, limit).await => Interrupt::Ready,
                None => Interrupt::NotReady,
            }
        };
        tokio::select! {
            // An end that is already there comes before a readiness that died with it.
            biased;
            ended = process.ended() => Some(Interrupt::Ended(ended)),
            command = self.command() => command.map(Interrupt::Command),
            interrupt = change => Some(interrupt),
        }
    }

    fn ready(&self, running: &mut Running) {
        let Running { pid, port, began, .. } = *running;
        let took = began.elapsed().as_millis();
        self.log
            .info(&self.name, format_args!("handler ready (pid {pid}, port {port}, {took} ms)"));
        let live = Arc::new(Live { pid, client: running.client.clone() });
        self.shared.touch();
        self.shared.set(Condition::Ready(Arc::clone(&live)));
        running.live = Some(live);
    }

    fn not_ready(&self, running: &Running) -> String {
        let limit = self.app.host_json.custom_handler.initialization_timeout;
        format!(
            "the handler (pid {}) did not listen on 127.0.0.1:{} within {limit:?}; it must take its port from \
             FUNCTIONS_CUSTOMHANDLER_PORT (customHandler.initializationTimeout in host.json allows more time); listen \
             on 127.0.0.1; `localhost` may be ::1",
            running.pid, running.port
        )
    }

    fn begin_anew(&self, rules: &mut RestartRules) -> Phase {
        *rules = RestartRules::default();
        self.log.info(&self.name, "restarted; the handler starts with the next request");
        Phase::Asleep
    }

    fn start(&self, port: u16) -> Result<Running, String> {
        let launch = Launch::new(&self.app, port);
        let for_errors = self.app.host_json.custom_handler.description.stderr_is_for_errors;
        let started =
            Process::start(&launch, &self.name, for_errors, Arc::clone(&self.guardian), &self.log);
        let process = started.map_err(|error| {
            let (program, directory) = (launch.program.display(), launch.directory.display());
            let file = self.app.host_json.path.display();
            format!("starting {program} in {directory}: {error}; check customHandler.description in {file}")
        })?;
        let (pid, client) = (process.pid(), HandlerClient::new(port));
        Ok(Running { process, pid, port, client, began: Instant::now(), live: None })
    }

    fn after_end(
        &self,
        rules: &mut RestartRules,
        running: &Running,
        ended: &Ended,
        last_words: &LastWords,
    ) -> Phase {
        let what =
            format!("the handler (pid {}) {} after {:.1?}", running.pid, ended.exit, ended.after);
        let said = |lines: &str| match lines {
            "" => String::new(),
            lines => format!("\nits last error lines:\n{lines}"),
        };
        let short = said(&last_words.short);
        match rules.ended(ended.exit, Instant::now()) {
            Verdict::StayGone => {
                self.shared.set(Condition::Gone);
                let message = format_args!(
                    "{what}; after code 0 the host starts no other, so every call fails from now on (as in Azure); \
                     POST /admin/host/restart starts anew{short}"
                );
                self.log.warn(&self.name, message);
                Phase::Halted
            }
            Verdict::Respawn { errors: 0 } => {
                self.log.info(&self.name, format_args!("{what}; starting another{short}"));
                Phase::Start(Some(running.port))
            }
            Verdict::Respawn { errors } => {
                self.log.error(
                    &self.name,
                    format_args!(
                        "{what}; starting another (error {errors} of {ERRORS_MAX}){short}"
                    ),
                );
                Phase::Start(Some(running.port))
            }
            Verdict::Stop => {
                self.stop(&format!("{what}{short}"), &format!("{what}{}", said(&last_words.long)))
            }
        }
    }

    fn after_error(&self, rules: &mut RestartRules, port: Option<u16>, problem: &str) -> Phase {
        match rules.error(Instant::now()) {
            Verdict::Respawn { errors } => {
                self.log.error(
                    &self.name,
                    format_args!("{problem}; trying again (error {errors} of {ERRORS_MAX})"),
                );
                Phase::Start(port)
            }
            Verdict::StayGone | Verdict::Stop => self.stop(problem, problem),
        }
    }

    /// Both begin with the same line, which is all that triggers repeat.
    fn stop(&self, for_log: &str, why: &str) -> Phase {
        if self.rest.replace_crashed {
            let message = format_args!(
                "{for_log}\nThe host stops; as in Azure another takes its place, in \
                 {REPLACEMENT_DELAY:?} (--replace-crashed)"
            );
            self.log.error(&self.name, message);
            return Phase::Replaced;
        }
        self.log.error(&self.name, format_args!("stopped: {for_log}\n{REMEDY}"));
        let why = format!("{why}\n{REMEDY}");
        self.shared.set(Condition::Stopped { why: why.into() });
        Phase::Halted
    }
}
