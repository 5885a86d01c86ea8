//! What apps declare in app.json, and their sample data.

use std::path::Path;

use local_host::{Host, Options, StartError};
use serde_json::{Value, json};

use crate::support::{TestApp, client};

const APP: &str = r#"{"owns": {"containers": [
    {"name": "orders", "partitionKey": "/customer", "defaultTtlSeconds": -1},
    {"name": "names", "partitionKey": "/id", "uniqueKeys": [["/name"]]}],
  "queues": ["jobs"], "blobContainers": [{"name": "photos"}]},
  "uses": {"queues": {"jobs": ["trigger"]}}}"#;

fn shop() -> TestApp {
    TestApp::new().file("app.json", APP).file(
        "sample/orders.json",
        r#"[{"id": "1", "customer": "a"}, {"id": "2", "customer": "b"}]"#,
    )
}

async fn cosmos(host: &Host, method: &str, path: &str, partition: Option<&str>) -> (u16, Value) {
    let mut request = client()
        .request(method.parse().unwrap(), format!("{}{path}", host.cosmos_url()))
        .header("authorization", "type%3Daad%26ver%3D1.0%26sig%3Dtest")
        .header("x-ms-version", "2020-07-15");
    if let Some(partition) = partition {
        request = request.header("x-ms-documentdb-partitionkey", json!([partition]).to_string());
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

fn with_data(folder: &Path) -> TestApp {
    let mut app = shop();
    app.options = Options {
        data: local_data::Options { data: Some(folder.to_owned()), ..app.options.data },
        ..app.options
    };
    app
}

#[tokio::test]
async fn containers_queues_and_sample_documents_are_there_when_the_host_has_started() {
    let app = shop().start().await;
    let (status, container) = cosmos(&app.host, "GET", "dbs/app/colls/orders", None).await;
    assert_eq!((status, &container["defaultTtl"]), (200, &json!(-1)));
    assert_eq!(container["partitionKey"]["paths"], json!(["/customer"]));
    for (id, customer) in [("1", "a"), ("2", "b")] {
        let path = format!("dbs/app/colls/orders/docs/{id}");
        assert_eq!(cosmos(&app.host, "GET", &path, Some(customer)).await.0, 200);
    }
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    for queue in ["jobs", "jobs-poison"] {
        let queue = format!("{}/{queue}?comp=metadata&{signature}", app.host.queue_url());
        assert_eq!(app.client.get(queue).send().await.unwrap().status(), 200);
    }
    let container = format!("{}/photos?restype=container&{signature}", app.host.blob_url());
    assert_eq!(app.client.get(container).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn sample_data_comes_only_once_when_data_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_data(folder.path()).start().await;
    let gone = cosmos(&app.host, "DELETE", "dbs/app/colls/orders/docs/1", Some("a")).await;
    assert_eq!(gone.0, 204);
    app.host.stop().await;
    let app = with_data(folder.path()).start().await;
    assert_eq!(cosmos(&app.host, "GET", "dbs/app/colls/orders/docs/1", Some("a")).await.0, 404);
    assert_eq!(cosmos(&app.host, "GET", "dbs/app/colls/orders/docs/2", Some("b")).await.0, 200);
}

async fn refusal(app: TestApp) -> String {
    match app.try_start().await {
        Err(error @ StartError::Resources(_)) => error.to_string(),
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("started"),
    }
}

#[tokio::test]
async fn mistakes_are_named_with_their_file() {
    let unknown = TestApp::new().file("app.json", r#"{"queues": []}"#).try_start().await;
    let unknown = unknown.err().unwrap().to_string();
    assert!(unknown.contains("app.json") && unknown.contains("`queues`"), "{unknown}");
    let stray = refusal(shop().file("sample/stray.json", "[]")).await;
    assert!(stray.contains("stray.json") && stray.contains("no container"), "{stray}");
    let keyless = refusal(shop().file("sample/names.json", r#"[{"name": "x"}]"#)).await;
    assert!(keyless.contains("document 1 has no value at /id"), "{keyless}");
}
