//! Data services in another process: they may die and come back while the host runs, and the other way round.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use local_data::DataServices;
use local_host::{DataServicesError, ExternalServices, StartError};
use serde_json::{Value, json};

use crate::support::{Running, TestApp, eventually};

/// What makes this test binary the data services: the ports and the folder.
const PORTS: &str = "IOMMI_TEST_DATA_PORTS";
const FOLDER: &str = "IOMMI_TEST_DATA_FOLDER";

/// No test but the data services, when a test below starts them.
#[test]
fn acts_as_data_services() {
    let Ok(ports) = std::env::var(PORTS) else { return };
    let ports: Vec<u16> = ports.split(' ').map(|port| port.parse().unwrap()).collect();
    let options = local_data::Options {
        cosmos: ports[0],
        blob: ports[1],
        queue: ports[2],
        event_hubs: ports[3],
        amqp: 0,
        data: Some(std::env::var_os(FOLDER).unwrap().into()),
        ..local_data::Options::default()
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let _services = DataServices::start(options).await.unwrap();
        std::future::pending::<()>().await;
    });
}

/// Data services as a process of their own; killed when dropped.
struct Outside {
    child: Child,
    ports: [u16; 4],
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Outside {
    fn start(folder: &Path, ports: [u16; 4]) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["external_services::acts_as_data_services", "--exact", "--nocapture"])
            .env(PORTS, ports.map(|port| port.to_string()).join(" "))
            .env(FOLDER, folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, ports }
    }

    fn addresses(&self) -> ExternalServices {
        let [cosmos, blob, queue, event_hubs] =
            self.ports.map(|port| format!("http://127.0.0.1:{port}/"));
        let of_account = |origin: String| format!("{origin}devstoreaccount1");
        ExternalServices { cosmos, blob: of_account(blob), queue: of_account(queue), event_hubs }
    }
}

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 4] {
    let listeners = [(); 4].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn app(services: ExternalServices) -> TestApp {
    let by_queue =
        json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "orders" }] });
    let by_feed = json!({ "bindings": [{
        "type": "cosmosDBTrigger", "name": "d", "connection": "CosmosDB", "databaseName": "app",
        "containerName": "orders", "createLeaseContainerIfNotExists": true, "startFromBeginning": true,
        "feedPollDelay": 200 }] });
    let mut app = TestApp::empty()
        .function("ByQueue", &by_queue)
        .function("Envelope", &by_feed)
        .host("extensions.queues.maxPollingInterval", json!("00:00:00.2"))
        .file(
            "app.json",
            r#"{"owns": {"containers": [{"name": "orders", "partitionKey": "/id"}], "queues": ["orders"]}}"#,
        )
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("CosmosDB__accountEndpoint", "http://127.0.0.1:8081/")
        .setting("REPLY", "{}");
    app.options.services = Some(services);
    app
}

impl Running {
    /// A message and a document; the services may be on their way.
    async fn write(&self, id: &str) {
        let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
        let queue = format!("{}/orders/messages?{signature}", self.host.queue_url());
        let message = "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>";
        eventually("the message is taken", || async {
            let sent = self.client.post(&queue).body(message).send().await.ok()?;
            (sent.status() == 201).then_some(())
        })
        .await;
        let documents = format!("{}dbs/app/colls/orders/docs", self.host.cosmos_url());
        eventually("the document is taken", || async {
            let request = self
                .client
                .post(&documents)
                .header("authorization", "type%3Daad%26ver%3D1.0%26sig%3Dtest")
                .header("x-ms-version", "2020-07-15")
                .header("x-ms-documentdb-partitionkey", json!([id]).to_string())
                .body(json!({ "id": id }).to_string());
            let status = request.send().await.ok()?.status();
            (status == 201).then_some(())
        })
        .await;
    }

    /// How often each of both functions was called with success.
    async fn calls(&self, at_least: usize) {
        eventually(&format!("both functions were called {at_least} times"), || async {
            let records = self.host.invocations();
            let calls = |function: &str| {
                let of_function = |record: &&local_host::InvocationRecord| {
                    record.function == function && record.status == Some(200)
                };
                records.iter().filter(of_function).count()
            };
            (calls("ByQueue") >= at_least && calls("Envelope") >= at_least).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn triggers_outlive_the_data_services_and_go_on_when_these_are_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut outside = Outside::start(folder.path(), free_ports());
    let app = app(outside.addresses()).start().await;
    app.write("first").await;
    app.calls(1).await;

    let ports = outside.ports;
    outside.child.kill().unwrap();
    outside.child.wait().unwrap();
    let poll = app.client.get(app.host.queue_url()).send().await;
    assert!(poll.is_err(), "nobody is there");
    let _outside = Outside::start(folder.path(), ports);
    app.write("second").await;
    app.calls(2).await;
}

#[tokio::test]
async fn a_host_that_starts_again_goes_on_with_what_it_left() {
    let folder = tempfile::tempdir().unwrap();
    let outside = Outside::start(folder.path(), free_ports());
    let first = app(outside.addresses()).start().await;
    first.write("first").await;
    first.calls(1).await;
    drop(first);
    let second = app(outside.addresses()).start().await;
    second.write("second").await;
    second.calls(1).await;
    let faults = second.client.post(second.url("/admin/faults"));
    let faults = faults.header("content-type", "application/json");
    let refused = faults.body(r#"{"fault": "cosmos=fail"}"#).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let text: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert!(text["error"].as_str().unwrap().contains("another process"), "{text}");
}

#[tokio::test]
async fn an_address_on_another_machine_is_refused() {
    let services = ExternalServices {
        cosmos: "http://192.0.2.1:8081/".into(),
        blob: "http://127.0.0.1:1/devstoreaccount1".into(),
        queue: "http://127.0.0.1:1/devstoreaccount1".into(),
        event_hubs: "http://127.0.0.1:1/".into(),
    };
    let refused = app(services).try_start().await;
    assert!(matches!(refused, Err(StartError::Data(DataServicesError::Address { .. }))));
}
