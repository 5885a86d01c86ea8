//! Where events are published: an Event Hubs namespace, or a cluster of Kafka behind its REST interface. The form of one
//! setting decides.

use crate::namespace::{NAMESPACE, Namespace};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use custom_handler::{Setting, Settings, SettingsError};
use outgoing::{HeaderValue, ServiceUrl};
use std::fmt;
use std::str::FromStr;

/// Where to publish, if not to the namespace that triggers read.
const ENDPOINT: Setting = Setting::new(
    "EVENTS_ENDPOINT",
    "where events are published instead of the namespace of EVENT_HUBS: the address of a Kafka cluster in Confluent's REST \
     interface, or the host of another namespace",
    "https://pkc-abcde.westeurope.azure.confluent.cloud/kafka/v3/clusters/lkc-abc12",
);
const KEY: Setting = Setting::new(
    "KAFKA_API_KEY",
    "the API key with which events are published to a Kafka cluster",
    "ABCDEFGH12345678",
);
const SECRET: Setting =
    Setting::new("KAFKA_API_SECRET", "the secret of KAFKA_API_KEY", "an-example-of-a-secret");

/// An event hub, or a topic of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Of an Event Hubs namespace.
    EventHub(&'static str),
    /// Of a Kafka cluster.
    KafkaTopic(&'static str),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventHub(name) => write!(f, "the event hub {name}"),
            Self::KafkaTopic(name) => write!(f, "the Kafka topic {name}"),
        }
    }
}

/// What the settings say.
#[derive(Debug)]
pub(crate) enum Broker {
    EventHubs(Namespace),
    Kafka { cluster: ServiceUrl, authorization: HeaderValue },
}

impl Broker {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let namespace = settings.value::<Namespace>(&NAMESPACE);
        let endpoint = settings.optional_value::<Endpoint>(&ENDPOINT);
        let (key, secret) = (settings.optional_text(&KEY), settings.optional_text(&SECRET));
        match endpoint? {
            None => namespace.map(Self::EventHubs),
            Some(Endpoint::EventHubs(other)) => namespace.map(|_| Self::EventHubs(other)),
            Some(Endpoint::Kafka(cluster)) => {
                let needed = "is needed, since EVENTS_ENDPOINT is a Kafka cluster";
                let key = key.ok_or_else(|| settings.refuse(&KEY, needed));
                let secret = secret.ok_or_else(|| settings.refuse(&SECRET, needed));
                let (key, secret) = (key?, secret?);
                namespace.map(|_| Self::Kafka { cluster, authorization: basic(&key, &secret) })
            }
        }
    }
}

/// Secret: it is shown nowhere.
fn basic(key: &str, secret: &str) -> HeaderValue {
    let text = format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")));
    let mut value = HeaderValue::from_str(&text).expect("base64 is fit for a header");
    value.set_sensitive(true);
    value
}

/// The forms that [`ENDPOINT`] has.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Endpoint {
    EventHubs(Namespace),
    Kafka(ServiceUrl),
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return text.parse().map(Self::EventHubs);
        }
        let url = text.parse::<ServiceUrl>().map_err(|error| error.to_string())?;
        let path = url.url().path().trim_end_matches('/');
        match path.rsplit_once("/v3/clusters/") {
            Some((_, cluster)) if !cluster.is_empty() && !cluster.contains('/') => Ok(Self::Kafka(url)),
            _ => Err("a Kafka cluster is said as https://HOST/kafka/v3/clusters/ID, a namespace without https://".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn read(more: &[(&str, &str)]) -> Result<Broker, String> {
        let mut values = vec![(NAMESPACE.name, "iommi.servicebus.windows.net")];
        values.extend(more);
        let settings = Settings::from_map(values);
        let broker = Broker::read(&settings);
        settings.check().map_err(|error| error.to_string())?;
        broker.map_err(|error| error.to_string())
    }

    #[test]
    fn the_form_of_the_endpoint_says_what_is_published_to() {
        let with = |endpoint| {
            read(&[(ENDPOINT.name, endpoint), (KEY.name, "key"), (SECRET.name, "secret")])
        };
        assert!(matches!(read(&[]), Ok(Broker::EventHubs(_))));
        assert!(matches!(with("other.servicebus.windows.net"), Ok(Broker::EventHubs(_))));
        for cluster in [ENDPOINT.example, "http://127.0.0.1:8082/v3/clusters/c"] {
            let Ok(Broker::Kafka { authorization, .. }) = with(cluster) else {
                panic!("{cluster}")
            };
            assert_eq!(authorization.to_str().ok(), Some("Basic a2V5OnNlY3JldA=="));
            assert!(!format!("{authorization:?}").contains("a2V5"));
        }
        for neither in [
            "http://broker.example/v3/clusters/c",
            "https://broker.example",
            "https://broker.example/v3/clusters/",
            "https://broker.example/v3/clusters/c/topics",
            "a host",
        ] {
            assert!(with(neither).is_err(), "{neither}");
        }
    }

    #[test]
    fn a_cluster_without_key_and_secret_is_refused_with_their_names() {
        let refused = read(&[(ENDPOINT.name, ENDPOINT.example)]).unwrap_err();
        assert!(
            refused.contains("KAFKA_API_KEY") && refused.contains("KAFKA_API_SECRET"),
            "{refused}"
        );
    }
}
