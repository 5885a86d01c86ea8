use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::app_settings::lower_case;
use crate::bindings::{COSMOS_DB, Cardinality, DataType, STORAGE, cardinality, data_type};
use crate::fields::Fields;
use crate::{FunctionJsonError, KafkaTrigger, RouteTemplate};

/// What starts a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// `httpTrigger`.
    Http(HttpTrigger),
    /// `queueTrigger`.
    Queue(QueueTrigger),
    /// `cosmosDBTrigger`.
    CosmosDb(CosmosDbTrigger),
    /// `eventGridTrigger`.
    EventGrid(EventGridTrigger),
    /// `eventHubTrigger`.
    EventHub(EventHubTrigger),
    /// `kafkaTrigger`.
    Kafka(KafkaTrigger),
    /// `timerTrigger`.
    Timer(TimerTrigger),
    /// `blobTrigger`.
    Blob(BlobTrigger),
}

/// `authLevel`: which key a caller must send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum AuthLevel {
    /// No key.
    Anonymous,
    /// A function key, a host key or the master key.
    #[default]
    Function,
    /// The master key.
    Admin,
}

/// An HTTP request to a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpTrigger {
    /// `route`, without the prefix of `host.json`. Empty when the key is missing or empty, until
    /// [`HttpTrigger::with_default_route`] fills in the function's name, which is the host's default.
    pub route: RouteTemplate,
    /// `methods`, in upper case; `None` = every method.
    pub methods: Option<Vec<Method>>,
    /// `authLevel`, default `function`.
    pub auth_level: AuthLevel,
}

/// A message in a storage queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueTrigger {
    /// `queueName`, in lower case but for names of settings.
    pub queue_name: String,
    /// `connection`, default `AzureWebJobsStorage`.
    pub connection: String,
    /// `dataType`; `binary` makes the message arrive as base64.
    pub data_type: Option<DataType>,
}

/// A page of a container's change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosmosDbTrigger {
    /// `connection`, default `CosmosDB`.
    pub connection: String,
    /// `databaseName`.
    pub database_name: String,
    /// `containerName`.
    pub container_name: String,
    /// `leaseConnection`, default `connection`.
    pub lease_connection: String,
    /// `leaseDatabaseName`, default `databaseName`.
    pub lease_database_name: String,
    /// `leaseContainerName`, default `leases`.
    pub lease_container_name: String,
    /// `createLeaseContainerIfNotExists`, default false.
    pub create_lease_container_if_not_exists: bool,
    /// `leasesContainerThroughput`, in request units per second.
    pub leases_container_throughput: Option<u32>,
    /// `leaseContainerPrefix`, default empty; two functions on one lease container need two.
    pub lease_container_prefix: String,
    /// `feedPollDelay`, default 5 s: the wait after a poll that found nothing.
    pub feed_poll_delay: Duration,
    /// `leaseAcquireInterval`, default 13 s.
    pub lease_acquire_interval: Duration,
    /// `leaseExpirationInterval`, default 60 s.
    pub lease_expiration_interval: Duration,
    /// `leaseRenewInterval`, default 17 s.
    pub lease_renew_interval: Duration,
    /// `maxItemsPerInvocation`; `None` = what a page holds.
    pub max_items_per_invocation: Option<u32>,
    /// `startFromBeginning`, default false; only where no lease exists yet.
    pub start_from_beginning: bool,
    /// `startFromTime`, an ISO 8601 instant; only where no lease exists yet.
    pub start_from_time: Option<String>,
    /// `preferredLocations`, regions in order.
    pub preferred_locations: Vec<String>,
}

/// An event pushed by Event Grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventGridTrigger {
    /// `cardinality`, default one.
    pub cardinality: Cardinality,
}

/// Events of one partition of an event hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHubTrigger {
    /// `eventHubName`; an `EntityPath` in the connection string wins.
    pub event_hub_name: String,
    /// `connection`.
    pub connection: String,
    /// `consumerGroup`, default `$Default`.
    pub consumer_group: String,
    /// `cardinality`, default one (templates write many).
    pub cardinality: Cardinality,
    /// `dataType`; without it every body of a batch must be JSON.
    pub data_type: Option<DataType>,
}

/// A moment of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerTrigger {
    /// `schedule`: NCRONTAB with five or six fields, or a time span.
    pub schedule: String,
    /// `runOnStartup`, default false.
    pub run_on_startup: bool,
    /// `useMonitor`, default true: occurrences are remembered, so that a missed one runs late.
    pub use_monitor: bool,
}

/// A new or changed blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobTrigger {
    /// `path`, `container/{name}`; tokens reach the metadata.
    pub path: String,
    /// `connection`, default `AzureWebJobsStorage`.
    pub connection: String,
    /// `source`, default `LogsAndContainerScan`.
    pub source: BlobSource,
    /// `dataType`; the content arrives as base64 whatever it says.
    pub data_type: Option<DataType>,
}

/// `source`: how the host learns of blobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BlobSource {
    /// Reads logs and lists containers; not available on Flex Consumption.
    #[default]
    LogsAndContainerScan,
    /// Event Grid events.
    EventGrid,
}

impl Trigger {
    /// The binding type, as documentation spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http(_) => "httpTrigger",
            Self::Queue(_) => "queueTrigger",
            Self::CosmosDb(_) => "cosmosDBTrigger",
            Self::EventGrid(_) => "eventGridTrigger",
            Self::EventHub(_) => "eventHubTrigger",
            Self::Kafka(_) => "kafkaTrigger",
            Self::Timer(_) => "timerTrigger",
            Self::Blob(_) => "blobTrigger",
        }
    }

    pub(crate) fn read(fields: &Fields<'_>, kind: &str) -> Result<Self, FunctionJsonError> {
        match kind.to_ascii_lowercase().as_str() {
            "httptrigger" => HttpTrigger::read(fields).map(Self::Http),
            "queuetrigger" => QueueTrigger::read(fields).map(Self::Queue),
            "cosmosdbtrigger" => CosmosDbTrigger::read(fields).map(Self::CosmosDb),
            "eventgridtrigger" => Ok(Self::EventGrid(EventGridTrigger { cardinality: cardinality(fields)? })),
            "eventhubtrigger" => EventHubTrigger::read(fields).map(Self::EventHub),
            "kafkatrigger" => KafkaTrigger::read(fields).map(Self::Kafka),
            "timertrigger" => TimerTrigger::read(fields).map(Self::Timer),
            "blobtrigger" => BlobTrigger::read(fields).map(Self::Blob),
            _ => Err(fields.error(
                "type",
                format!("is \"{kind}\", a trigger that is not supported here"),
                "use httpTrigger, queueTrigger, cosmosDBTrigger, eventGridTrigger, eventHubTrigger, kafkaTrigger, \
                 timerTrigger or blobTrigger",
            )),
        }
    }
}

impl HttpTrigger {
    /// The same trigger with the function's name as its route, unless it names one itself.
    #[must_use]
    pub fn with_default_route(mut self, name: &crate::FunctionName) -> Self {
        if self.route.as_str().is_empty() {
            self.route = RouteTemplate::literal(name.as_str());
        }
        self
    }

    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        let levels = [
            ("anonymous", AuthLevel::Anonymous),
            ("function", AuthLevel::Function),
            ("admin", AuthLevel::Admin),
        ];
        let route = fields.text("route")?.unwrap_or_default();
        Ok(Self {
            route: RouteTemplate::parse(route).map_err(|error| {
                fields.error("route", format!("\"{route}\" is not a template"), error.to_string())
            })?,
            methods: fields
                .get("methods")
                .map(|methods| read_methods(fields, methods))
                .transpose()?,
            auth_level: fields.word("authLevel", &levels)?.unwrap_or_default(),
        })
    }
}

fn read_methods(fields: &Fields<'_>, methods: &Value) -> Result<Vec<Method>, FunctionJsonError> {
    let remedy = "write for example [\"get\", \"put\"], or leave the key out for every method";
    let named = methods.as_array().filter(|named| !named.is_empty());
    let named =
        named.ok_or_else(|| fields.error("methods", "is not a list of HTTP methods", remedy))?;
    let mut read: Vec<Method> = Vec::new();
    for name in named {
        let text = name.as_str().unwrap_or_default().to_ascii_uppercase();
        let method = Method::from_bytes(text.as_bytes()).map_err(|_| {
            fields.error("methods", format!("holds {name}, which is no HTTP method"), remedy)
        })?;
        if !read.contains(&method) {
            read.push(method);
        }
    }
    Ok(read)
}

impl QueueTrigger {
    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        Ok(Self {
            queue_name: lower_case(&fields.required_text("queueName", "orders")?),
            connection: fields.text_or("connection", STORAGE)?,
            data_type: data_type(fields)?,
        })
    }
}

impl CosmosDbTrigger {
    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        let connection = fields.text_or("connection", COSMOS_DB)?;
        let database_name = fields.required_text("databaseName", "shop")?;
        let start_from_beginning = fields.flag_or("startFromBeginning", false)?;
        let start_from_time = fields.owned_text("startFromTime")?;
        if start_from_beginning && start_from_time.is_some() {
            let problem =
                "is given together with startFromBeginning, and the host takes only one of them";
            return Err(fields.error("startFromTime", problem, "remove one of the two"));
        }
        let preferred = fields.text("preferredLocations")?.unwrap_or_default();
        Ok(Self {
            container_name: fields.required_text("containerName", "orders")?,
            lease_connection: fields.text_or("leaseConnection", &connection)?,
            lease_database_name: fields.text_or("leaseDatabaseName", &database_name)?,
            lease_container_name: fields.text_or("leaseContainerName", "leases")?,
            create_lease_container_if_not_exists: fields
                .flag_or("createLeaseContainerIfNotExists", false)?,
            leases_container_throughput: fields.count("leasesContainerThroughput")?,
            lease_container_prefix: fields.text_or("leaseContainerPrefix", "")?,
            feed_poll_delay: fields.milliseconds_or("feedPollDelay", 5000)?,
            lease_acquire_interval: fields.milliseconds_or("leaseAcquireInterval", 13_000)?,
            lease_expiration_interval: fields.milliseconds_or("leaseExpirationInterval", 60_000)?,
            lease_renew_interval: fields.milliseconds_or("leaseRenewInterval", 17_000)?,
            max_items_per_invocation: fields.count("maxItemsPerInvocation")?,
            preferred_locations: preferred
                .split(',')
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect(),
            connection,
            database_name,
            start_from_beginning,
            start_from_time,
        })
    }
}

impl EventHubTrigger {
    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        Ok(Self {
            event_hub_name: fields.required_text("eventHubName", "orders")?,
            connection: fields.required_text("connection", "EventHub")?,
            consumer_group: fields.text_or("consumerGroup", "$Default")?,
            cardinality: cardinality(fields)?,
            data_type: data_type(fields)?,
        })
    }
}

impl TimerTrigger {
    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        Ok(Self {
            schedule: fields.required_text("schedule", "0 */5 * * * *")?,
            run_on_startup: fields.flag_or("runOnStartup", false)?,
            use_monitor: fields.flag_or("useMonitor", true)?,
        })
    }
}

impl BlobTrigger {
    fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        let sources = [
            ("LogsAndContainerScan", BlobSource::LogsAndContainerScan),
            ("EventGrid", BlobSource::EventGrid),
        ];
        Ok(Self {
            path: fields.required_text("path", "orders/{name}")?,
            connection: fields.text_or("connection", STORAGE)?,
            source: fields.word("source", &sources)?.unwrap_or_default(),
            data_type: data_type(fields)?,
        })
    }
}
