//! Starting and stopping.

use local_data::{DataServices, Error, Options, Service};

fn port(url: &str) -> u16 {
    let authority = url.trim_start_matches("http://").split('/').next().expect("an authority");
    authority.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_its_service() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().port();
    for (service, options) in [
        (Service::Cosmos, Options { cosmos: taken, ..Options::ephemeral() }),
        (Service::Blob, Options { blob: taken, ..Options::ephemeral() }),
        (Service::Queue, Options { queue: taken, ..Options::ephemeral() }),
        (Service::EventHubs, Options { event_hubs: taken, ..Options::ephemeral() }),
        (Service::EventHubs, Options { amqp: taken, ..Options::ephemeral() }),
    ] {
        let error = DataServices::start(options).await.unwrap_err();
        assert!(
            matches!(&error, Error::PortTaken { service: s, port } if *s == service && *port == taken),
            "{error}"
        );
        let text = error.to_string();
        assert!(
            text.contains(&taken.to_string()) && text.contains("choose another port"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_directory_in_use_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let services = DataServices::start(options()).await.unwrap();
    let error = DataServices::start(options()).await.unwrap_err();
    assert!(matches!(error, Error::DataLocked { .. }), "{error}");
    services.stop().await;
    DataServices::start(options()).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_directory_that_cannot_be_one_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").unwrap();
    let error = DataServices::start(Options { data: Some(file), ..Options::ephemeral() })
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Data { .. }), "{error}");
}

#[tokio::test]
async fn stopping_frees_the_ports() {
    let services = DataServices::start(Options::ephemeral()).await.unwrap();
    let ports = [
        services.cosmos_url(),
        services.blob_url(),
        services.queue_url(),
        services.event_hubs_url(),
    ];
    let ports = ports.map(port);
    services.stop().await;
    let [cosmos, blob, queue, event_hubs] = ports;
    DataServices::start(Options { cosmos, blob, queue, event_hubs, ..Options::ephemeral() })
        .await
        .unwrap()
        .stop()
        .await;
}
