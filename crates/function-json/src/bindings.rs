use crate::FunctionJsonError;
use crate::app_settings::lower_case;
use crate::fields::Fields;

/// `dataType`: the .NET type that the host gives a value before it reaches the handler, or takes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataType {
    /// Text.
    String,
    /// Bytes; arrives as base64. On an *output* it stops the host from decoding base64.
    Binary,
    /// A stream; the host treats it as bytes.
    Stream,
}

/// `cardinality`: one value per invocation or a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// One value per invocation.
    One,
    /// A batch per invocation.
    Many,
}

/// A binding that the host writes from the handler's reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputBinding {
    /// Name in the reply's `Outputs`, in exactly this case; `$return` takes `ReturnValue`.
    pub name: String,
    /// `dataType`, when given.
    pub data_type: Option<DataType>,
    /// What it writes to.
    pub kind: Output,
}

/// What an output binding writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// `http`: the reply to the client.
    Http,
    /// `queue`: messages in a storage queue.
    Queue {
        /// `queueName`, in lower case but for names of settings.
        queue_name: String,
        /// `connection`, default `AzureWebJobsStorage`.
        connection: String,
    },
    /// `cosmosDB`: documents, upserted one by one.
    CosmosDb {
        /// `connection`, default `CosmosDB`.
        connection: String,
        /// `databaseName`.
        database_name: String,
        /// `containerName`.
        container_name: String,
        /// `createIfNotExists`, default false.
        create_if_not_exists: bool,
        /// `partitionKey`: path used when the container is created.
        partition_key: Option<String>,
        /// `containerThroughput`, in request units per second.
        container_throughput: Option<u32>,
    },
    /// `blob`: one blob, overwritten.
    Blob {
        /// `path`, `container/name`, with `{token}`s from the trigger's metadata.
        path: String,
        /// `connection`, default `AzureWebJobsStorage`.
        connection: String,
    },
    /// `eventHub`: events.
    EventHub {
        /// `eventHubName`.
        event_hub_name: String,
        /// `connection`.
        connection: String,
    },
    /// `eventGrid`: events to a custom topic.
    EventGrid {
        /// `connection`: prefix of `<connection>__topicEndpointUri`.
        connection: Option<String>,
        /// `topicEndpointUri`: name of the setting that holds the topic's address.
        topic_endpoint_uri: Option<String>,
        /// `topicKeySetting`: name of the setting that holds the topic's key.
        topic_key_setting: Option<String>,
    },
    /// Another binding of the extension bundle, by its type as written.
    Other(String),
}

/// A binding besides the trigger that the host reads before it calls the handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputBinding {
    /// Name in the envelope's `Data`.
    pub name: String,
    /// `dataType`, when given.
    pub data_type: Option<DataType>,
    /// What it reads from.
    pub kind: Input,
}

/// What an input binding reads from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// `cosmosDB`: one document (`id`) or a query.
    CosmosDb {
        /// `connection`, default `CosmosDB`.
        connection: String,
        /// `databaseName`.
        database_name: String,
        /// `containerName`.
        container_name: String,
        /// `id` of the document.
        id: Option<String>,
        /// `partitionKey`: value of the document's partition key.
        partition_key: Option<String>,
        /// `sqlQuery`.
        sql_query: Option<String>,
    },
    /// `blob`: one blob's content.
    Blob {
        /// `path`, `container/name`, with `{token}`s from the trigger's metadata.
        path: String,
        /// `connection`, default `AzureWebJobsStorage`.
        connection: String,
    },
    /// Another binding of the extension bundle, by its type as written.
    Other(String),
}

/// Connection setting of the storage bindings when none is named.
pub(crate) const STORAGE: &str = "AzureWebJobsStorage";
/// Connection setting of the Cosmos DB bindings when none is named.
pub(crate) const COSMOS_DB: &str = "CosmosDB";

/// Binding types of extension bundle 4 that this crate names but does not read key by key.
/// A type outside the bundle stops the function from loading.
const OTHER_TYPES: &[&str] = &[
    "assistantPost",
    "assistantQuery",
    "assistantCreate",
    "dapr",
    "daprBinding",
    "daprInvoke",
    "daprPublish",
    "daprSecret",
    "daprState",
    "durableClient",
    "embeddings",
    "embeddingsStore",
    "kafka",
    "kusto",
    "mysql",
    "rabbitMQ",
    "redis",
    "semanticSearch",
    "sendGrid",
    "serviceBus",
    "signalR",
    "signalRConnectionInfo",
    "sql",
    "table",
    "textCompletion",
    "twilioSms",
    "webPubSub",
    "webPubSubConnection",
    "webPubSubContext",
];

pub(crate) fn is_other_type(kind: &str) -> bool {
    OTHER_TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

pub(crate) fn data_type(fields: &Fields<'_>) -> Result<Option<DataType>, FunctionJsonError> {
    fields.word(
        "dataType",
        &[("string", DataType::String), ("binary", DataType::Binary), ("stream", DataType::Stream)],
    )
}

pub(crate) fn cardinality(fields: &Fields<'_>) -> Result<Cardinality, FunctionJsonError> {
    let given =
        fields.word("cardinality", &[("one", Cardinality::One), ("many", Cardinality::Many)])?;
    Ok(given.unwrap_or(Cardinality::One))
}

impl OutputBinding {
    pub(crate) fn read(
        fields: &Fields<'_>,
        name: String,
        kind: &str,
    ) -> Result<Self, FunctionJsonError> {
        Ok(Self { name, data_type: data_type(fields)?, kind: Output::read(fields, kind)? })
    }
}

impl Output {
    fn read(fields: &Fields<'_>, kind: &str) -> Result<Self, FunctionJsonError> {
        match kind.to_ascii_lowercase().as_str() {
            "http" => Ok(Self::Http),
            "queue" => Ok(Self::Queue {
                queue_name: lower_case(&fields.required_text("queueName", "orders")?),
                connection: fields.text_or("connection", STORAGE)?,
            }),
            "cosmosdb" => Ok(Self::CosmosDb {
                connection: fields.text_or("connection", COSMOS_DB)?,
                database_name: fields.required_text("databaseName", "shop")?,
                container_name: fields.required_text("containerName", "orders")?,
                create_if_not_exists: fields.flag_or("createIfNotExists", false)?,
                partition_key: fields.owned_text("partitionKey")?,
                container_throughput: fields.count("containerThroughput")?,
            }),
            "blob" => Ok(Self::Blob {
                path: fields.required_text("path", "orders/{rand-guid}.json")?,
                connection: fields.text_or("connection", STORAGE)?,
            }),
            "eventhub" => Ok(Self::EventHub {
                event_hub_name: fields.required_text("eventHubName", "orders")?,
                connection: fields.required_text("connection", "EventHub")?,
            }),
            "eventgrid" => Ok(Self::EventGrid {
                connection: fields.owned_text("connection")?,
                topic_endpoint_uri: fields.owned_text("topicEndpointUri")?,
                topic_key_setting: fields.owned_text("topicKeySetting")?,
            }),
            _ if is_other_type(kind) => Ok(Self::Other(kind.to_owned())),
            _ => Err(unknown_type(fields, kind)),
        }
    }
}

impl InputBinding {
    pub(crate) fn read(
        fields: &Fields<'_>,
        name: String,
        kind: &str,
    ) -> Result<Self, FunctionJsonError> {
        Ok(Self { name, data_type: data_type(fields)?, kind: Input::read(fields, kind)? })
    }
}

impl Input {
    fn read(fields: &Fields<'_>, kind: &str) -> Result<Self, FunctionJsonError> {
        match kind.to_ascii_lowercase().as_str() {
            "http" | "queue" | "eventhub" | "eventgrid" => Err(fields.error(
                "direction",
                format!("makes an input of a \"{kind}\" binding, which can only be written"),
                "write \"direction\": \"out\"",
            )),
            "cosmosdb" => Ok(Self::CosmosDb {
                connection: fields.text_or("connection", COSMOS_DB)?,
                database_name: fields.required_text("databaseName", "shop")?,
                container_name: fields.required_text("containerName", "orders")?,
                id: fields.owned_text("id")?,
                partition_key: fields.owned_text("partitionKey")?,
                sql_query: fields.owned_text("sqlQuery")?,
            }),
            "blob" => Ok(Self::Blob {
                path: fields.required_text("path", "orders/{name}")?,
                connection: fields.text_or("connection", STORAGE)?,
            }),
            _ if is_other_type(kind) => Ok(Self::Other(kind.to_owned())),
            _ => Err(unknown_type(fields, kind)),
        }
    }
}

fn unknown_type(fields: &Fields<'_>, kind: &str) -> FunctionJsonError {
    fields.error(
        "type",
        format!("is \"{kind}\", which is not in extension bundle 4"),
        "correct the spelling; the common ones are http, queue, cosmosDB, blob, eventHub and eventGrid",
    )
}
