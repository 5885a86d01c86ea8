//! `kafkaTrigger`. Source: `KafkaTriggerAttribute.cs` of the Kafka extension, version 4.

use crate::FunctionJsonError;
use crate::bindings::{Cardinality, DataType, cardinality, data_type};
use crate::fields::Fields;

/// `lagThreshold` when it is not given.
const DEFAULT_LAG_THRESHOLD: u32 = 1000;
/// Keys by which the host would decode values before a handler sees them, or replace what the others say of the broker.
const UNSUPPORTED: [&str; 4] =
    ["avroSchema", "keyAvroSchema", "schemaRegistryUrl", "eventHubConnectionString"];

/// Records of a Kafka topic.
#[derive(Clone, PartialEq, Eq)]
pub struct KafkaTrigger {
    /// `brokerList`: `host:port`, several with commas between.
    pub broker_list: String,
    /// `topic`.
    pub topic: String,
    /// `consumerGroup`; the client that the host uses cannot subscribe without one.
    pub consumer_group: String,
    /// `protocol`; `None` = plain text.
    pub protocol: Option<BrokerProtocol>,
    /// `authenticationMode`: the mechanism of SASL.
    pub authentication_mode: Option<AuthenticationMode>,
    /// `username` of PLAIN and SCRAM.
    pub username: Option<String>,
    /// `password` of PLAIN and SCRAM. A secret: it is not shown by [`std::fmt::Debug`].
    pub password: Option<String>,
    /// `cardinality`, default one. A batch may hold records of several partitions.
    pub cardinality: Cardinality,
    /// `dataType`. Only `binary` brings the value as it is; else the host sends the text of a JSON object around it.
    pub data_type: Option<DataType>,
    /// `keyDataType`, default string.
    pub key_data_type: KeyDataType,
    /// `lagThreshold`: records that one instance is expected to be behind, for scaling. Default 1000.
    pub lag_threshold: u32,
}

/// `protocol`: how a broker is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BrokerProtocol {
    /// Neither encrypted nor signed in.
    Plaintext,
    /// TLS.
    Ssl,
    /// Signed in by SASL, not encrypted.
    SaslPlaintext,
    /// Signed in by SASL, over TLS.
    SaslSsl,
}

/// `authenticationMode`: the mechanism of SASL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthenticationMode {
    /// Kerberos.
    Gssapi,
    /// Name and password, as Confluent Cloud and Event Hubs take them.
    Plain,
    /// A challenge instead of the password, SHA-256.
    ScramSha256,
    /// A challenge instead of the password, SHA-512.
    ScramSha512,
    /// A token.
    OAuthBearer,
}

/// `keyDataType`: as what the host reads a record's key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum KeyDataType {
    /// Four bytes.
    Int,
    /// Eight bytes.
    Long,
    /// UTF-8.
    #[default]
    String,
    /// As it is.
    Binary,
}

impl BrokerProtocol {
    /// Whether a broker wants to know who it is.
    #[must_use]
    pub fn signs_in(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

impl std::fmt::Debug for KafkaTrigger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KafkaTrigger")
            .field("broker_list", &self.broker_list)
            .field("topic", &self.topic)
            .field("consumer_group", &self.consumer_group)
            .field("cardinality", &self.cardinality)
            .field("data_type", &self.data_type)
            .finish_non_exhaustive()
    }
}

impl KafkaTrigger {
    pub(crate) fn read(fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        let trigger = Self {
            broker_list: fields.required_text("brokerList", "broker.example:9092")?,
            topic: fields.required_text("topic", "orders")?,
            consumer_group: fields.required_text("consumerGroup", "shop")?,
            protocol: protocol(fields)?,
            authentication_mode: authentication_mode(fields)?,
            username: fields.owned_text("username")?,
            password: fields.owned_text("password")?,
            cardinality: cardinality(fields)?,
            data_type: data_type(fields)?,
            key_data_type: key_data_type(fields)?.unwrap_or_default(),
            lag_threshold: fields.count("lagThreshold")?.unwrap_or(DEFAULT_LAG_THRESHOLD),
        };
        trigger.checked(fields)
    }

    /// Refuses what the host takes and cannot work with.
    fn checked(self, fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        if let Some(key) = UNSUPPORTED.iter().find(|key| fields.get(key).is_some()) {
            let remedy = "remove it: values are read as bytes, and a broker is said by brokerList, protocol, username and password";
            return Err(fields.error(key, "is not supported here", remedy));
        }
        let signs_in = self.protocol.is_some_and(BrokerProtocol::signs_in);
        match self.authentication_mode {
            None if signs_in => Err(fields.error(
                "authenticationMode",
                "is missing, and protocol says that the broker is signed in to",
                "add \"authenticationMode\": \"plain\"",
            )),
            Some(_) if !signs_in => Err(fields.error(
                "authenticationMode",
                "is given, and protocol says that nobody signs in",
                "make protocol \"saslSsl\", or remove it",
            )),
            Some(
                AuthenticationMode::Plain
                | AuthenticationMode::ScramSha256
                | AuthenticationMode::ScramSha512,
            ) => self.with_a_name(fields),
            _ => Ok(self),
        }
    }

    fn with_a_name(self, fields: &Fields<'_>) -> Result<Self, FunctionJsonError> {
        fields.required_text("username", "%KAFKA_USERNAME%")?;
        fields.required_text("password", "%KAFKA_PASSWORD%")?;
        Ok(self)
    }
}

/// The words are those of the extension's enumerations, which the host reads in any case; `notSet` is its default.
fn protocol(fields: &Fields<'_>) -> Result<Option<BrokerProtocol>, FunctionJsonError> {
    let words = [
        ("notSet", None),
        ("plaintext", Some(BrokerProtocol::Plaintext)),
        ("ssl", Some(BrokerProtocol::Ssl)),
        ("saslPlaintext", Some(BrokerProtocol::SaslPlaintext)),
        ("saslSsl", Some(BrokerProtocol::SaslSsl)),
    ];
    Ok(fields.word("protocol", &words)?.flatten())
}

fn authentication_mode(
    fields: &Fields<'_>,
) -> Result<Option<AuthenticationMode>, FunctionJsonError> {
    let words = [
        ("notSet", None),
        ("gssapi", Some(AuthenticationMode::Gssapi)),
        ("plain", Some(AuthenticationMode::Plain)),
        ("scramSha256", Some(AuthenticationMode::ScramSha256)),
        ("scramSha512", Some(AuthenticationMode::ScramSha512)),
        ("oAuthBearer", Some(AuthenticationMode::OAuthBearer)),
    ];
    Ok(fields.word("authenticationMode", &words)?.flatten())
}

fn key_data_type(fields: &Fields<'_>) -> Result<Option<KeyDataType>, FunctionJsonError> {
    let words = [
        ("int", KeyDataType::Int),
        ("long", KeyDataType::Long),
        ("string", KeyDataType::String),
        ("binary", KeyDataType::Binary),
    ];
    fields.word("keyDataType", &words)
}
