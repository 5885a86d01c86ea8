//! Starting everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use function_json::Trigger;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::{
    App, AppSource, ExternalServices, Host, Log, Options, StartError, TimeTravel, TravelError,
    app_json, banner, building,
    data_services::Data,
    endpoints::{Address, Endpoints},
    exchanges::Exchanges,
    faults::FaultSwitches,
    following,
    gateway::{Gateway, REQUEST_BODY_MAX_BYTES, Routes, serve},
    handler::{Guardian, Pool, Rest},
    identities::Identities,
    invocation::Invoke,
    journal::Journal,
    keys::Keys,
    lifecycle::LifecycleState,
    loading,
    local_endpoints::{self, LocalEndpoints},
    log::HOST,
    mock::Mocks,
    page::Page,
    platform::{Platform, RunningApp},
    reminder::Reminder,
    resources::{Resources, provision_all},
    simulators::{self, Simulators},
    telemetry,
    throttle::Throttle,
    time_travel::CLOCK_OFFSET_FILE,
    triggers::{
        self, AppTriggers, Connections, Faults, Listeners, Runner, Surroundings, Target,
        event_grid::{Published, Subscription, SubscriptionSource},
        event_hubs::EventHubOptions,
        kafka::KafkaOptions,
        queue::{QueueOptions, QueueWatch},
    },
};

/// Starts the data services, the simulators, the triggers and the gateway. Handlers are started by what first calls
/// them, after everything that the apps own has been created.
pub async fn start(options: Options) -> Result<Host, StartError> {
    let log = Log::read_by(options.log, options.log_reader.clone());
    let listener = bind(options.http_port, "--port").await?;
    let otlp = bind(options.otlp_port, "--otlp-port").await?;
    let addresses = simulators::choose(&options.simulators, options.http_port == 0)?;
    let of_apps = options.apps.iter().map(|app| &app.executable);
    let of_simulators = options.simulators.iter().map(|simulator| &simulator.executable);
    building::build_stale(of_apps.chain(of_simulators), &log).await?;
    let data = Data::start(options.services.as_ref(), &options.data).await?;
    for missing in data.inside.iter().flat_map(|inside| inside.missing()) {
        log.error(HOST, format_args!("missing in the data folder: {missing}"));
    }
    let endpoints = endpoints(&listener, &otlp, &data, addresses);
    let travel = travel(&data, &options)?;
    let apps = load(&options, &endpoints, travel.file())?;
    let workspace = options.workspace.clone().or_else(|| workspace_of(&options.apps));
    let identities = workspace.as_deref().map(Identities::read).transpose()?.unwrap_or_default();
    let mocks = Arc::new(Mocks::read(&apps, &log));
    let (routes, complaints) = Routes::new(&apps).map_err(StartError::SharedRoute)?;
    let resources = provision_all(&apps, &endpoints, &log).await?;
    data.set_lifecycle_rules(resources.iter().flat_map(Resources::lifecycle_rules).collect());
    data.set_retention_rules(resources.iter().flat_map(Resources::retention_rules).collect());
    let guardian = Arc::new(Guardian::new(log.clone()));
    let simulators = Arc::new(start_simulators(&options, &apps, &endpoints, &guardian, &log));
    for name in simulators.ready().await {
        log.error(name, "not ready yet; the host starts without it and goes on trying");
    }
    let platform = Arc::new(Platform {
        apps: apps.into_iter().map(|app| running(app, &guardian, &log, &options)).collect(),
        journal: Journal::default(),
        exchanges: Exchanges::default(),
        telemetry: Arc::default(),
        log: log.clone(),
        lifecycle: LifecycleState::new(),
        endpoints,
        simulators: Arc::clone(&simulators),
        started_at: Timestamp::now(),
        travel,
        envelope_content_length: options.envelope_content_length,
    });
    tell(&platform, &complaints);
    let faults = Arc::new(Faults::with_clock(data.clock()));
    let switches = Arc::new(FaultSwitches::new(data.faults(), Arc::clone(&faults), simulators));
    for fault in &options.faults {
        let refused = |why| StartError::Fault { fault: fault.to_string(), why };
        switches.switch_on(fault).map_err(refused)?;
    }
    let triggers = triggers(&platform, resources, &faults)?;
    let state = platform.lifecycle.watch();
    let (events, captures) = (data.blob_events(), data.capture_events());
    if events.is_none() {
        tell_of_missing_events(&triggers, &log);
    }
    let topics = Published::open(options.data.data.as_deref())?;
    let (topics_kept, shared) = (topics.clone(), Arc::clone(&faults));
    let surroundings =
        Surroundings { events, captures, topics: topics_kept, log, faults: shared, state };
    let listeners = Listeners::start(&triggers, &surroundings);
    let keys = options.keys.then(Keys::generate);
    let page = Arc::new(Page::new(&platform, keys.as_ref(), &triggers, switches, &mocks));
    let watcher = mocks.watch(platform.log.clone());
    let clock = data.clock();
    let following = options.clock_file.map(|file| following::follow(clock, file));
    let gateway = Arc::new(Gateway {
        platform: Arc::clone(&platform),
        routes,
        keys,
        triggers,
        identities,
        mocks,
        page,
        topics,
    });
    let banner = banner::text(
        &gateway.platform,
        &gateway.mocks,
        gateway.keys.as_ref(),
        options.idle_timeout,
    );
    platform.log.started(&banner, &platform.endpoints, gateway.keys.as_ref());
    let server = tokio::spawn(serve(listener, Arc::clone(&gateway)));
    let (store, log) = (Arc::clone(&platform.telemetry), platform.log.clone());
    let receiver = tokio::spawn(telemetry::receive(otlp, store, log));
    Ok(Host {
        platform,
        gateway,
        guardian,
        server,
        receiver,
        watcher,
        following,
        listeners,
        faults,
        data: data.inside,
    })
}

fn travel(data: &Data, options: &Options) -> Result<TimeTravel, TravelError> {
    match &options.clock_file {
        Some(file) => Ok(TimeTravel::elsewhere(data.clock(), file)),
        None => {
            let can_move = data.inside.is_some();
            TimeTravel::start(data.clock(), options.data.data.as_deref(), can_move)
        }
    }
}

/// Simulators have the settings of all apps: they are on the other end of what the apps are connected to.
fn start_simulators(
    options: &Options,
    apps: &[Arc<App>],
    endpoints: &Endpoints,
    guardian: &Arc<Guardian>,
    log: &Log,
) -> Simulators {
    let mut environment = BTreeMap::new();
    for app in apps.iter().rev() {
        let settings = app.settings.added().iter();
        environment.extend(settings.map(|(name, value)| (name.clone(), value.clone())));
    }
    // Some of them call us.
    environment.insert("PLATFORM_URL".to_owned(), endpoints.gateway.clone());
    if std::env::var_os(telemetry::ENDPOINT).is_none() {
        environment.entry(telemetry::ENDPOINT.to_owned()).or_insert_with(|| endpoints.otlp.clone());
    }
    let environment = environment.into_iter().collect();
    let data = options.data.data.as_deref();
    let surroundings = simulators::Surroundings { environment, data, guardian, log };
    Simulators::start(&options.simulators, &endpoints.simulators, &surroundings)
}

async fn bind(port: u16, option: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortTaken { port, option },
        _ => StartError::Listen { port, option, source },
    })
}

fn endpoints(
    gateway: &TcpListener,
    otlp: &TcpListener,
    data: &Data,
    simulators: Vec<Address>,
) -> Endpoints {
    let origin = |listener: &TcpListener| {
        format!("http://{}", listener.local_addr().expect("a bound listener has an address"))
    };
    let ExternalServices { cosmos, blob, queue, event_hubs } = data.at.clone();
    let (gateway, otlp) = (origin(gateway), origin(otlp));
    let amqp = data.inside.as_ref().map(|inside| inside.amqp_endpoint().to_owned());
    Endpoints { gateway, cosmos, blob, queue, event_hubs, otlp, amqp, simulators }
}

/// The workspace that the apps are from, if they are of one.
fn workspace_of(apps: &[AppSource]) -> Option<PathBuf> {
    apps.iter().find_map(AppSource::workspace)
}

fn load(
    options: &Options,
    endpoints: &Endpoints,
    clock_offset_file: &Path,
) -> Result<Vec<Arc<App>>, StartError> {
    let mut settings = options.settings.clone();
    let file = clock_offset_file.to_string_lossy().into_owned();
    settings.insert(CLOCK_OFFSET_FILE.to_owned(), file);
    let local = LocalEndpoints::new(endpoints, &local_endpoints::signature());
    let simulators = options.simulators.iter().map(|simulator| &simulator.name);
    let mut names = BTreeSet::new();
    for name in options.apps.iter().map(|app| &app.name).chain(simulators) {
        if !names.insert(name) {
            return Err(StartError::SameName { name: name.clone() });
        }
    }
    let mut apps: Vec<Arc<App>> = Vec::new();
    for source in &options.apps {
        let mut app = loading::load(source.clone(), &settings, |value| local.adapt(value))?;
        for (name, value) in telemetry::of_program(&endpoints.otlp, &app.name) {
            app.settings.add_missing(name, value);
        }
        apps.push(Arc::new(app));
    }
    let declared = apps.iter().map(|app| (app.name.as_str(), &app.declared));
    match app_json::shared_name(declared) {
        Some(shared) => Err(StartError::SharedName(shared)),
        None => Ok(apps),
    }
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
        pool: Pool::new(
            Arc::clone(&app),
            guardian,
            log,
            Rest { idle_timeout: options.idle_timeout, replace_crashed: options.replace_crashed },
        ),
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
    let Endpoints { cosmos, blob, queue, event_hubs, .. } = platform.endpoints.clone();
    let local = triggers::LocalEndpoints { cosmos, blob, queue, event_hubs };
    let of_app = |(running, resources): (&RunningApp, Resources)| {
        let App { name, host_json, settings, functions, .. } = running.app.as_ref();
        let queues = QueueOptions::read(|key| host_json.get(&["extensions", "queues", key]));
        let event_hubs =
            EventHubOptions::read(|key| host_json.get(&["extensions", "eventHubs", key]));
        let kafka = KafkaOptions::read(|key| host_json.get(&["extensions", "kafka", key]));
        let in_file = |problem| StartError::Extensions { path: host_json.path.clone(), problem };
        let runner = Runner {
            app: name.clone(),
            invoke: Arc::clone(platform) as Arc<dyn Invoke>,
            connections: Connections::new(settings.clone(), local.clone()),
            log: platform.log.clone(),
            queues: queues.map_err(in_file)?,
            event_hubs: event_hubs.map_err(in_file)?,
            kafka: kafka.map_err(in_file)?,
            faults: Arc::clone(faults),
            state: platform.lifecycle.watch(),
            watch: QueueWatch::default(),
        };
        let enabled = functions.iter().filter(|function| function.enabled);
        let targets = enabled.map(|function| function.target(host_json)).collect();
        Ok(AppTriggers { runner, targets, subscriptions: resources.subscriptions })
    };
    platform.apps.iter().zip(resources).map(of_app).collect()
}

/// Events about blobs and capture files come from services inside only.
fn tell_of_missing_events(apps: &[AppTriggers], log: &Log) {
    for app in apps {
        let of_blobs = |target: &&Target| matches!(target.json.trigger, Trigger::Blob(_));
        let by_blob = app.targets.iter().filter(of_blobs).map(|target| &target.name);
        let to_services =
            |one: &&Subscription| !matches!(one.source, SubscriptionSource::Topic { .. });
        let by_event = app.subscriptions.iter().filter(to_services).map(|one| &one.function);
        for function in by_event.chain(by_blob) {
            let message = format_args!(
                "no event about blobs or capture files reaches {function}: the data services run in another process; \
                 post events to /runtime/webhooks/EventGrid yourself"
            );
            log.warn(&app.runner.app, message);
        }
    }
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
