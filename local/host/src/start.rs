//! Starting everything.

use std::{
    net::Ipv4Addr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use jiff::Timestamp;
use local_data::{DataServices, Service};
use tokio::net::TcpListener;

use crate::{
    App, BuildError, Host, Log, Options, banner, building,
    discovery::DiscoveryError,
    exchanges::Exchanges,
    faults::FaultSwitches,
    gateway::{Gateway, Keys, REQUEST_BODY_MAX_BYTES, Routes, Throttle, serve},
    handler::{Guardian, Pool},
    invocation::Invoke,
    journal::Journal,
    lifecycle::LifecycleState,
    loading,
    local_endpoints::{self, LocalEndpoints},
    log::HOST,
    page,
    platform::{Endpoints, Platform, RunningApp},
    reminder::Reminder,
    resources::{Resources, ResourcesError, provision},
    triggers::{
        self, AppTriggers, Connections, Faults, Listeners, Runner, Surroundings,
        queue::{QueueOptions, QueueWatch},
    },
};

/// Why the host did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The gateway's port is in use.
    #[error(
        "port {port} of 127.0.0.1 is taken, perhaps by another run of this host or by `func start`; stop that one or \
         choose another port with --port (--port 0 takes a free one)"
    )]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The gateway cannot listen.
    #[error("listening on port {port} of 127.0.0.1: {source}; choose another port with --port")]
    Listen {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The port of Cosmos DB, Blob or Queue is in use.
    #[error(
        "port {port} of 127.0.0.1, for {service}, is taken, perhaps by another run of this host, by Azurite or by the \
         Cosmos DB emulator; stop that one or choose another port with {option} ({option} 0 takes a free one)"
    )]
    DataPortTaken {
        /// The service.
        service: local_data::Service,
        /// The port.
        port: u16,
        /// The option of the command line that chooses another.
        option: &'static str,
    },
    /// The port of a data service could not be had for another reason.
    #[error("{source} ({option} 0)")]
    DataListen {
        /// The option of the command line that chooses another port.
        option: &'static str,
        /// What the operating system said, and about which service.
        source: local_data::Error,
    },
    /// Cosmos DB, Blob or Queue did not start.
    #[error(transparent)]
    Data(local_data::Error),
    /// An app could not be loaded.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// An app could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An app's resources could not be created.
    #[error(transparent)]
    Resources(#[from] ResourcesError),
    /// `extensions.queues` of an app's `host.json`.
    #[error("{path}: {problem}")]
    Queues {
        /// The file.
        path: PathBuf,
        /// Key and remedy.
        problem: String,
    },
    /// Two apps have the same name.
    #[error("two apps are called {name}; rename the folder of one")]
    SameName {
        /// The name.
        name: String,
    },
}

/// Starts the data services, the triggers and the gateway. Handlers are started by what first calls them.
pub async fn start(options: Options) -> Result<Host, StartError> {
    let log = Log::new(options.log);
    let listener = bind(options.http_port).await?;
    building::build_stale(&options.apps, &log).await?;
    // The topic of the local Event Grid takes them.
    let with_events = local_data::Options { blob_events: true, ..options.data.clone() };
    let data = DataServices::start(with_events).await.map_err(data_error)?;
    let endpoints = endpoints(&listener, &data);
    let apps = load(&options, &endpoints)?;
    let mut resources = Vec::new();
    for app in &apps {
        let owned = Resources::read(app.source.folder())?;
        provision(app.source.folder(), &owned, &endpoints).await?;
        owned.strays(app).iter().for_each(|stray| log.error(&app.name, stray));
        resources.push(owned);
    }
    let (routes, complaints) = Routes::new(&apps);
    let guardian = Arc::new(Guardian::new(log.clone()));
    let platform = Arc::new(Platform {
        apps: apps.into_iter().map(|app| running(app, &guardian, &log, &options)).collect(),
        journal: Journal::default(),
        exchanges: Exchanges::default(),
        log: log.clone(),
        lifecycle: LifecycleState::new(),
        endpoints,
        started_at: Timestamp::now(),
        envelope_content_length: options.envelope_content_length,
    });
    tell(&platform, &complaints);
    let faults = Arc::new(Faults::default());
    let switches = Arc::new(FaultSwitches::new(Arc::clone(data.faults()), Arc::clone(&faults)));
    options.faults.iter().for_each(|fault| switches.add(fault));
    let triggers = triggers(&platform, resources, &faults)?;
    let state = platform.lifecycle.watch();
    let surroundings =
        Surroundings { events: Some(data.blob_events()), log, faults: Arc::clone(&faults), state };
    let listeners = Listeners::start(&triggers, &surroundings);
    let keys = options.keys.then(Keys::generate);
    let page = page::State::new(&platform.endpoints, switches);
    let gateway =
        Arc::new(Gateway { platform: Arc::clone(&platform), routes, keys, triggers, page });
    let banner = banner::text(&gateway, options.idle_timeout);
    platform.log.started(&banner, &platform.endpoints, gateway.keys.as_ref());
    let server = tokio::spawn(serve(listener, Arc::clone(&gateway)));
    Ok(Host { platform, gateway, guardian, server, listeners, faults, data: Some(data) })
}

async fn bind(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortTaken { port },
        _ => StartError::Listen { port, source },
    })
}

fn port_option(service: Service) -> &'static str {
    match service {
        Service::Cosmos => "--cosmos-port",
        Service::Blob => "--blob-port",
        Service::Queue => "--queue-port",
    }
}

fn data_error(error: local_data::Error) -> StartError {
    match error {
        local_data::Error::PortTaken { service, port } => {
            StartError::DataPortTaken { service, port, option: port_option(service) }
        }
        local_data::Error::Listen { service, .. } => {
            StartError::DataListen { option: port_option(service), source: error }
        }
        other => StartError::Data(other),
    }
}

fn endpoints(listener: &TcpListener, data: &DataServices) -> Endpoints {
    let address = listener.local_addr().expect("a bound listener has an address");
    Endpoints {
        gateway: format!("http://{address}"),
        cosmos: data.cosmos_url().to_owned(),
        blob: data.blob_url().to_owned(),
        queue: data.queue_url().to_owned(),
    }
}

fn load(options: &Options, endpoints: &Endpoints) -> Result<Vec<Arc<App>>, StartError> {
    let local = LocalEndpoints::new(endpoints, &local_endpoints::signature());
    let mut apps: Vec<Arc<App>> = Vec::new();
    for source in &options.apps {
        if apps.iter().any(|app| app.name == source.name) {
            return Err(StartError::SameName { name: source.name.clone() });
        }
        apps.push(Arc::new(loading::load(source.clone(), &options.settings, |value| {
            local.adapt(value)
        })?));
    }
    Ok(apps)
}

fn running(app: Arc<App>, guardian: &Arc<Guardian>, log: &Log, options: &Options) -> RunningApp {
    let limit = app
        .settings
        .get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT")
        .and_then(|text| text.trim().parse().ok());
    RunningApp {
        throttle: Throttle::new(&app.host_json),
        reminder: Reminder::default(),
        chunks_told: AtomicBool::new(false),
        pool: Pool::new(Arc::clone(&app), guardian, log, options.idle_timeout),
        app,
        body_max_bytes: limit.unwrap_or(REQUEST_BODY_MAX_BYTES),
    }
}

/// What the triggers of each app need.
fn triggers(
    platform: &Arc<Platform>,
    resources: Vec<Resources>,
    faults: &Arc<Faults>,
) -> Result<Vec<AppTriggers>, StartError> {
    let Endpoints { cosmos, blob, queue, .. } = platform.endpoints.clone();
    let local = triggers::LocalEndpoints { cosmos, blob, queue };
    let of_app = |(running, resources): (&RunningApp, Resources)| {
        let App { name, host_json, settings, functions, .. } = running.app.as_ref();
        let queues = QueueOptions::read(|key| host_json.get(&["extensions", "queues", key]));
        let in_file = |problem| StartError::Queues { path: host_json.path.clone(), problem };
        let runner = Runner {
            app: name.clone(),
            invoke: Arc::clone(platform) as Arc<dyn Invoke>,
            connections: Connections::new(settings.clone(), local.clone()),
            log: platform.log.clone(),
            queues: queues.map_err(in_file)?,
            faults: Arc::clone(faults),
            state: platform.lifecycle.watch(),
            watch: QueueWatch::default(),
        };
        let enabled = functions.iter().filter(|function| function.enabled);
        let targets = enabled.map(|function| function.target(host_json)).collect();
        Ok(AppTriggers { runner, targets, subscriptions: resources.event_grid_subscriptions })
    };
    platform.apps.iter().zip(resources).map(of_app).collect()
}

/// What was wrong but is no reason not to start.
fn tell(platform: &Platform, complaints: &[String]) {
    for running in &platform.apps {
        for broken in &running.app.broken {
            let message =
                format_args!("function {} is not loaded: {}", broken.name, broken.problem);
            platform.log.error(&running.app.name, message);
        }
    }
    complaints.iter().for_each(|complaint| platform.log.warn(HOST, complaint));
}
