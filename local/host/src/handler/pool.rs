//! The handler instances of one app, and which of them takes the next request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use super::{
    Condition, Guardian, HandlerClient, Rest,
    rules::ERRORS_MAX,
    state::{Hold, Live, Shared},
    supervisor::{Command, Supervisor},
};
use crate::{App, log::Log};

/// Commands that may wait for a supervisor that is busy killing.
const COMMANDS_MAX: usize = 64;

/// How long supervisors have to end their processes.
const STOP_TIMEOUT: Duration = Duration::from_millis(900);

/// How long the supervisor may take to see that a process has ended.
const DEATH_TIMEOUT: Duration = Duration::from_millis(200);

/// All instances of an app.
#[derive(Debug)]
pub(crate) struct Pool {
    app: Arc<App>,
    instances: Vec<Instance>,
    next: AtomicUsize,
}

#[derive(Debug)]
struct Instance {
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    supervisor: JoinHandle<()>,
}

/// Why no handler takes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unavailable {
    /// The app's host has stopped; why and what can be done.
    Stopped(String),
    /// The process left with code 0: the host dials it in vain.
    Gone,
}

/// Why a request that failed cannot be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The app's host has stopped meanwhile; why and what can be done.
    Stopped(String),
    /// Another host has taken its place, which knows nothing of the request.
    Replaced,
}

/// An instance held awake for one request.
#[derive(Debug)]
pub(crate) struct Lease {
    live: Arc<Live>,
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    _hold: Hold,
}

impl Lease {
    pub(crate) fn client(&self) -> &HandlerClient {
        &self.live.client
    }

    /// For sending a request again: whether a process listens where the last one did, which is then the lease's. False
    /// while it is being started. After code 0 nobody ever listens there, and the old address is dialled in vain.
    pub(crate) fn renew(&mut self) -> Result<bool, Lost> {
        match self.shared.condition() {
            Condition::Ready(live) if live.client.host() == self.live.client.host() => {
                self.live = live;
                Ok(true)
            }
            Condition::Ready(_) | Condition::Asleep => Err(Lost::Replaced),
            Condition::Starting { .. } | Condition::Gone => Ok(false),
            Condition::Stopped { why } => Err(Lost::Stopped(why.to_string())),
        }
    }

    /// After `functionTimeout`: the process is killed with all it is doing, and started again.
    pub(crate) fn recycle(&self) {
        // A full queue means that the supervisor is killing already.
        let _ = self.commands.try_send(Command::Recycle { pid: self.live.pid });
    }

    /// Waits until the supervisor has seen the end of the process that a broken connection tells of. Whoever is
    /// answered after this finds the next process with the next request, never the dead one. A process that lives on
    /// and only closed a connection costs [`DEATH_TIMEOUT`].
    pub(crate) async fn death_noticed(&self) {
        let mut watch = self.shared.watch();
        let is_this = |condition: &Condition| matches!(condition, Condition::Ready(live) if live.pid == self.live.pid);
        let noticed = watch.wait_for(|condition| !is_this(condition));
        let _ = timeout(DEATH_TIMEOUT, noticed).await;
    }
}

impl Pool {
    /// Starts the supervisors, no process.
    pub(crate) fn new(app: Arc<App>, guardian: &Arc<Guardian>, log: &Log, rest: Rest) -> Self {
        let count = app.source.instances.max(1);
        let instances = (1..=count)
            .map(|number| {
                let shared = Arc::new(Shared::new());
                let (commands, received) = mpsc::channel(COMMANDS_MAX);
                let name =
                    if count == 1 { app.name.clone() } else { format!("{} #{number}", app.name) };
                let supervisor = Supervisor {
                    app: Arc::clone(&app),
                    name,
                    shared: Arc::clone(&shared),
                    commands: received,
                    guardian: Arc::clone(guardian),
                    log: log.clone(),
                    rest,
                };
                Instance { shared, commands, supervisor: tokio::spawn(supervisor.run()) }
            })
            .collect();
        Self { app, instances, next: AtomicUsize::new(0) }
    }

    /// An instance that answers, in turn; the first request wakes it. As in the real host a request waits for a
    /// handler that is starting up to (3 + 1) times `initializationTimeout`, then the host stops.
    pub(crate) async fn acquire(&self) -> Result<Lease, Unavailable> {
        let instance = self.choose();
        let hold = Hold::new(&instance.shared);
        // The common case needs no timer and no subscription.
        if let Condition::Ready(live) = instance.shared.condition() {
            return Ok(instance.lease(live, hold));
        }
        let limit = self.app.host_json.custom_handler.initialization_timeout * (ERRORS_MAX + 1);
        match timeout(limit, instance.answers()).await {
            Ok(Ok(live)) => Ok(instance.lease(live, hold)),
            Ok(Err(unavailable)) => Err(unavailable),
            Err(_) => {
                let why = format!("the handler did not answer `GET /` within {limit:?}");
                let _ = instance.commands.try_send(Command::GiveUp { why: why.clone() });
                Err(Unavailable::Stopped(why))
            }
        }
    }

    /// The next instance whose host has not stopped; the next one of all when all have.
    fn choose(&self) -> &Instance {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let count = self.instances.len();
        let in_turn = (0..count).map(|offset| &self.instances[(first + offset) % count]);
        let mut running = in_turn
            .filter(|instance| !matches!(instance.shared.condition(), Condition::Stopped { .. }));
        running.next().unwrap_or(&self.instances[first % count])
    }

    /// The state of every instance.
    pub(crate) fn conditions(&self) -> Vec<Condition> {
        self.instances.iter().map(|instance| instance.shared.condition()).collect()
    }

    /// Why the app's host has stopped, when all its instances have.
    pub(crate) fn stopped(&self) -> Option<String> {
        let why = |condition| match condition {
            Condition::Stopped { why } => Some(why.to_string()),
            _ => None,
        };
        self.conditions().into_iter().map(why).collect::<Option<Vec<_>>>()?.pop()
    }

    /// Whether any request is in progress.
    pub(crate) fn is_busy(&self) -> bool {
        self.instances.iter().any(|instance| instance.shared.is_wanted())
    }

    /// The process ids of all instances that have one.
    pub(crate) fn pids(&self) -> Vec<u32> {
        self.conditions().iter().filter_map(Condition::pid).collect()
    }

    /// SIGKILL to every process, as an accident would do it: the restart rules apply.
    pub(crate) async fn crash(&self) {
        for instance in &self.instances {
            let _ = instance.commands.send(Command::Crash).await;
        }
    }

    /// SIGKILL to one process; false when no instance has it (any more).
    pub(crate) async fn crash_one(&self, pid: u32) -> bool {
        let has_it = |instance: &&Instance| instance.shared.condition().pid() == Some(pid);
        let Some(instance) = self.instances.iter().find(has_it) else { return false };
        instance.commands.send(Command::Crash).await.is_ok()
    }

    /// Ends every process; the host has stopped and says why, until a restart.
    pub(crate) fn shut_down(&self, why: &str) {
        for instance in &self.instances {
            // A full queue means that the supervisor is killing already.
            let _ = instance.commands.try_send(Command::ShutDown { why: why.to_owned() });
        }
    }

    /// Ends every process and forgets all errors; the next request starts anew.
    pub(crate) async fn restart(&self) {
        for instance in &self.instances {
            let _ = instance.commands.send(Command::Restart).await;
        }
    }

    /// Ends every process and waits until they are gone.
    pub(crate) async fn stop(&self) {
        let stopped = self.instances.iter().map(|instance| async move {
            let ended = async {
                let _ = instance.commands.send(Command::Stop).await;
                instance.commands.closed().await;
            };
            if timeout(STOP_TIMEOUT, ended).await.is_err() {
                instance.supervisor.abort();
            }
        });
        join_all(stopped).await;
    }

    /// Ends the supervisors at once; the guardian ends the processes.
    pub(crate) fn abort(&self) {
        for instance in &self.instances {
            instance.supervisor.abort();
        }
    }
}

impl Instance {
    fn lease(&self, live: Arc<Live>, hold: Hold) -> Lease {
        Lease {
            live,
            shared: Arc::clone(&self.shared),
            commands: self.commands.clone(),
            _hold: hold,
        }
    }

    async fn answers(&self) -> Result<Arc<Live>, Unavailable> {
        let mut watch = self.shared.watch();
        loop {
            match watch.borrow_and_update().clone() {
                Condition::Ready(live) => return Ok(live),
                Condition::Asleep => self.shared.wake.notify_one(),
                Condition::Starting { .. } => {}
                Condition::Gone => return Err(Unavailable::Gone),
                Condition::Stopped { why } => return Err(Unavailable::Stopped(why.to_string())),
            }
            if watch.changed().await.is_err() {
                return Err(Unavailable::Stopped("the host is stopping".to_owned()));
            }
        }
    }
}
