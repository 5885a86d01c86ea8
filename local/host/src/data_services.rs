//! Cosmos DB, Blob, Queue and Event Hubs: inside this process, or in another one that outlives it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use local_data::{
    BlobEvents, CaptureEvents, Clock, DataServices, LifecycleRule, RetentionRule, Service,
};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// How long services in another process may take to be there when the host starts.
const REACHED_TIMEOUT: Duration = Duration::from_secs(20);

/// The wait between two tries, and how long one may take.
const TRY_INTERVAL: Duration = Duration::from_millis(50);
const TRY_TIMEOUT: Duration = Duration::from_secs(1);

/// Data services that run in another process on this machine, such as `local-data`. They must take the well-known
/// account and keys of Microsoft's emulators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalServices {
    /// `http://127.0.0.1:8081/`
    pub cosmos: String,
    /// `http://127.0.0.1:10000/devstoreaccount1`
    pub blob: String,
    /// `http://127.0.0.1:10001/devstoreaccount1`
    pub queue: String,
    /// `http://127.0.0.1:5300/`
    pub event_hubs: String,
}

/// Why the data services are not there.
#[derive(Debug, thiserror::Error)]
pub enum DataServicesError {
    /// The port of a data service is in use.
    #[error(
        "port {port} of 127.0.0.1, for {service}, is taken, perhaps by another run of this host, by Azurite or by the \
         Cosmos DB emulator; stop that one or choose another port with {option} ({option} 0 takes a free one)"
    )]
    PortTaken {
        /// The service.
        service: Service,
        /// The port.
        port: u16,
        /// The option of the command line that chooses another.
        option: &'static str,
    },
    /// The port of a data service could not be had for another reason.
    #[error("{source} ({option} 0)")]
    Listen {
        /// The option of the command line that chooses another port.
        option: &'static str,
        /// What the operating system said, and about which service.
        source: local_data::Error,
    },
    /// A data service did not start.
    #[error(transparent)]
    Inside(local_data::Error),
    /// An address of a data service in another process that cannot be used.
    #[error(
        "{service} at {url}: write http://127.0.0.1:PORT, for Blob and Queue with /devstoreaccount1; other machines \
         are not dialled"
    )]
    Address {
        /// The service.
        service: Service,
        /// What was given.
        url: String,
    },
    /// A data service in another process is not there.
    #[error(
        "{service} at {url} accepts no connection; start it, for example with `cargo run -p local-data`"
    )]
    Away {
        /// The service.
        service: Service,
        /// Where it should be.
        url: String,
    },
}

/// Where the data services are, and those that are inside.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) at: ExternalServices,
    pub(crate) inside: Option<DataServices>,
    clock: Clock,
}

impl Data {
    /// Starts the services inside, unless others are given: those are waited for.
    pub(crate) async fn start(
        elsewhere: Option<&ExternalServices>,
        inside: &local_data::Options,
    ) -> Result<Self, DataServicesError> {
        if let Some(services) = elsewhere {
            let at = services.normalized();
            for (service, url) in [
                (Service::Cosmos, &at.cosmos),
                (Service::Blob, &at.blob),
                (Service::Queue, &at.queue),
                (Service::EventHubs, &at.event_hubs),
            ] {
                reach(service, url).await?;
            }
            return Ok(Self { at, inside: None, clock: Clock::system() });
        }
        // The topic of the local Event Grid takes them.
        let with_events = local_data::Options { blob_events: true, ..inside.clone() };
        let inside = DataServices::start(with_events).await.map_err(error)?;
        let at = ExternalServices {
            cosmos: inside.cosmos_url().to_owned(),
            blob: inside.blob_url().to_owned(),
            queue: inside.queue_url().to_owned(),
            event_hubs: inside.event_hubs_url().to_owned(),
        };
        let clock = inside.clock().clone();
        Ok(Self { at, inside: Some(inside), clock })
    }

    /// The blob service's events, which only a service inside tells.
    pub(crate) fn blob_events(&self) -> Option<BlobEvents> {
        self.inside.as_ref().map(DataServices::blob_events)
    }

    /// What is told of capture files, which only services inside do.
    pub(crate) fn capture_events(&self) -> Option<CaptureEvents> {
        self.inside.as_ref().map(DataServices::capture_events)
    }

    /// The clock of services inside; one of the host's own where they run elsewhere.
    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Hands over after how many days the blobs of each container go.
    pub(crate) fn set_lifecycle_rules(&self, rules: Vec<LifecycleRule>) {
        if let Some(inside) = &self.inside {
            inside.set_lifecycle_rules(rules);
        }
    }

    /// Hands over for how many days the blobs of each container stay as they were written.
    pub(crate) fn set_retention_rules(&self, rules: Vec<RetentionRule>) {
        if let Some(inside) = &self.inside {
            inside.set_retention_rules(rules);
        }
    }

    /// The faults of services inside.
    pub(crate) fn faults(&self) -> Option<Arc<local_data::Faults>> {
        self.inside.as_ref().map(|inside| Arc::clone(inside.faults()))
    }
}

impl ExternalServices {
    /// In the spelling of services inside: the addresses of Cosmos DB and Event Hubs end with a slash, the others' do not.
    fn normalized(&self) -> Self {
        let bare = |url: &str| url.trim().trim_end_matches('/').to_owned();
        Self {
            cosmos: format!("{}/", bare(&self.cosmos)),
            blob: bare(&self.blob),
            queue: bare(&self.queue),
            event_hubs: format!("{}/", bare(&self.event_hubs)),
        }
    }
}

/// Waits until a service accepts connections.
async fn reach(service: Service, url: &str) -> Result<(), DataServicesError> {
    let wrong = || DataServicesError::Address { service, url: url.to_owned() };
    let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
    let address: SocketAddr =
        rest.split('/').next().unwrap_or_default().parse().map_err(|_| wrong())?;
    if !address.ip().is_loopback() {
        return Err(wrong());
    }
    let deadline = Instant::now() + REACHED_TIMEOUT;
    loop {
        if let Ok(Ok(_)) = timeout(TRY_TIMEOUT, TcpStream::connect(address)).await {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(DataServicesError::Away { service, url: url.to_owned() });
        }
        sleep(TRY_INTERVAL).await;
    }
}

fn port_option(service: Service) -> &'static str {
    match service {
        Service::Cosmos => "--cosmos-port",
        Service::Blob => "--blob-port",
        Service::Queue => "--queue-port",
        Service::EventHubs => "--event-hubs-port",
    }
}

fn error(error: local_data::Error) -> DataServicesError {
    match error {
        local_data::Error::PortTaken { service, port } => {
            DataServicesError::PortTaken { service, port, option: port_option(service) }
        }
        local_data::Error::Listen { service, .. } => {
            DataServicesError::Listen { option: port_option(service), source: error }
        }
        other => DataServicesError::Inside(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_an_address_of_this_machine_is_taken() {
        for url in ["https://127.0.0.1:1/", "http://192.0.2.1:8081/", "http://example.org/", "8081"]
        {
            let error = reach(Service::Cosmos, url).await.unwrap_err();
            assert!(matches!(error, DataServicesError::Address { .. }), "{url}: {error}");
        }
    }

    #[test]
    fn addresses_are_taken_with_and_without_a_slash_at_the_end() {
        let given = ExternalServices {
            cosmos: "http://127.0.0.1:1".into(),
            blob: "http://127.0.0.1:2/devstoreaccount1/".into(),
            queue: "http://127.0.0.1:3/devstoreaccount1".into(),
            event_hubs: "http://127.0.0.1:4".into(),
        };
        let at = given.normalized();
        assert_eq!(at.cosmos, "http://127.0.0.1:1/");
        assert_eq!(at.blob, "http://127.0.0.1:2/devstoreaccount1");
        assert_eq!(at.queue, given.queue);
        assert_eq!(at.event_hubs, "http://127.0.0.1:4/");
    }
}
