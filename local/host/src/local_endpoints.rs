//! Settings name the data services by their well-known ports; when they run on others, handlers are told the truth.

use jiff::{SignedDuration, Timestamp};

use crate::endpoints::Endpoints;

/// Signatures for handlers and for the page hold longer than anybody travels in time.
const SIGNATURE_LIFE: SignedDuration = SignedDuration::from_hours(200 * 365 * 24);

/// The well-known local endpoints in settings, and the actual ones that take their place when the services run on
/// other ports.
pub(crate) struct LocalEndpoints {
    exchanges: Vec<(String, String)>,
    /// Storage endpoints as a setting of their own, and what a client without credentials is given instead.
    signed: [(&'static str, String); 2],
}

const COSMOS: &str = "http://127.0.0.1:8081";
const BLOB: &str = "http://127.0.0.1:10000";
const QUEUE: &str = "http://127.0.0.1:10001";
/// Without a scheme: a namespace is named by its host.
const EVENT_HUBS: &str = "127.0.0.1:5300";
const AMQP: &str = "127.0.0.1:5672";
const GATEWAY: &str = "http://127.0.0.1:7071";

/// An account SAS that opens the local storage services.
pub(crate) fn signature() -> String {
    local_data::account_sas(Timestamp::now() + SIGNATURE_LIFE)
}

impl LocalEndpoints {
    /// `signature` is an account SAS for the storage services.
    pub(crate) fn new(actual: &Endpoints, signature: &str) -> Self {
        let origin = |url: &str| {
            url.strip_suffix("/devstoreaccount1").unwrap_or(url).trim_end_matches('/').to_owned()
        };
        let services = [
            (COSMOS, origin(&actual.cosmos)),
            // Before BLOB, of which it is the beginning.
            (QUEUE, origin(&actual.queue)),
            (BLOB, origin(&actual.blob)),
            (EVENT_HUBS, origin(&actual.event_hubs).replace("http://", "")),
            (GATEWAY, actual.gateway.clone()),
        ];
        let services = services.map(|(known, actual)| (known.to_owned(), actual));
        let amqp = actual.amqp.clone().map(|actual| (AMQP.to_owned(), actual));
        let simulators = actual.simulators.iter().map(|at| (at.well_known_url(), at.url()));
        Self {
            exchanges: services.into_iter().chain(amqp).chain(simulators).collect(),
            signed: [
                ("http://127.0.0.1:10000/devstoreaccount1", format!("{}?{signature}", actual.blob)),
                (
                    "http://127.0.0.1:10001/devstoreaccount1",
                    format!("{}?{signature}", actual.queue),
                ),
            ],
        }
    }

    /// A setting's value with actual endpoints. A storage endpoint that is the whole value also gets a shared access
    /// signature: the Rust SDK has no shared key, and the storage services refuse anonymous calls.
    pub(crate) fn adapt(&self, value: &str) -> String {
        let bare = value.trim().trim_end_matches('/');
        if let Some((_, signed)) = self.signed.iter().find(|(known, _)| *known == bare) {
            return signed.clone();
        }
        self.exchanges
            .iter()
            .fold(value.to_owned(), |value, (known, actual)| exchange(&value, known, actual))
    }
}

/// Replaces `known` where no further digit follows: `http://127.0.0.1:80810` is another endpoint.
fn exchange(value: &str, known: &str, actual: &str) -> String {
    let mut parts = value.split(known);
    let mut exchanged = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        exchanged.push_str(if part.starts_with(|c: char| c.is_ascii_digit()) {
            known
        } else {
            actual
        });
        exchanged.push_str(part);
    }
    exchanged
}

#[cfg(test)]
mod tests {
    use http::uri::PathAndQuery;

    use super::*;
    use crate::endpoints::Address;

    #[test]
    fn well_known_endpoints_become_the_actual_ones() {
        let actual = Endpoints {
            gateway: "http://127.0.0.1:1".into(),
            cosmos: "http://127.0.0.1:2/".into(),
            blob: "http://127.0.0.1:3/devstoreaccount1".into(),
            queue: "http://127.0.0.1:4/devstoreaccount1".into(),
            event_hubs: "http://127.0.0.1:6/".into(),
            otlp: "http://127.0.0.1:8".into(),
            amqp: Some("127.0.0.1:7".into()),
            simulators: vec![Address {
                name: "weather".into(),
                well_known: 7090,
                port: 5,
                health: PathAndQuery::from_static("/health"),
            }],
        };
        let local = LocalEndpoints::new(&actual, "sig=s");
        for (value, expected) in [
            ("http://127.0.0.1:8081/", "http://127.0.0.1:2/"),
            (
                "AccountEndpoint=http://127.0.0.1:8081/;AccountKey=k",
                "AccountEndpoint=http://127.0.0.1:2/;AccountKey=k",
            ),
            ("http://127.0.0.1:7071/v1", "http://127.0.0.1:1/v1"),
            ("http://127.0.0.1:7090/now", "http://127.0.0.1:5/now"),
            (
                "http://127.0.0.1:10000/devstoreaccount1",
                "http://127.0.0.1:3/devstoreaccount1?sig=s",
            ),
            (
                "http://127.0.0.1:10001/devstoreaccount1/",
                "http://127.0.0.1:4/devstoreaccount1?sig=s",
            ),
            ("http://127.0.0.1:10001/devstoreaccount1/q", "http://127.0.0.1:4/devstoreaccount1/q"),
            ("http://127.0.0.1:80810/", "http://127.0.0.1:80810/"),
            ("UseDevelopmentStorage=true", "UseDevelopmentStorage=true"),
            ("127.0.0.1:5300", "127.0.0.1:6"),
            ("Endpoint=sb://127.0.0.1:5672;EntityPath=e", "Endpoint=sb://127.0.0.1:7;EntityPath=e"),
            ("http://127.0.0.1:5300/account", "http://127.0.0.1:6/account"),
        ] {
            assert_eq!(local.adapt(value), expected);
        }
    }
}
