use super::*;
use crate::proof::files::files_in;
use crate::proof::layout::{BLOB, COSMOS, DATA, Layout, QUEUE};
use crate::proof::{Markers, platform::install_tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const MARKER: &str = "Zoë Maximiliane";

#[test]
fn all_elements_of_a_name_are_found_as_they_were_written() {
    let xml = "<Names><Name>a&amp;lt;</Name><Name></Name><Other>c</Other></Names>";
    assert_eq!(elements(xml, "Name").collect::<Vec<_>>(), ["a&lt;", ""]);
}

fn has_it(kept: impl IntoIterator<Item = Kept>) -> bool {
    let marker = Markers::of([MARKER]);
    kept.into_iter().any(|kept| !marker.found_in(&kept).is_empty())
}

async fn sent(addresses: &Addresses, method: Method, url: &str, body: String) {
    let request = addresses
        .request(method, url)
        .header("x-ms-version", STORAGE_VERSION)
        .header("x-ms-blob-type", "BlockBlob")
        .header("content-type", "application/json");
    let answer = addresses.send(request.body(body)).await.unwrap();
    assert!(answer.status < 300, "{url}: {} {}", answer.status, answer.body);
}

/// Data services on a disk, with a database and its container, a queue and a container for blobs.
async fn empty(layout: &Layout) -> (local_data::DataServices, Addresses) {
    install_tls();
    let options = local_data::Options {
        cosmos: layout.port(COSMOS),
        blob: layout.port(BLOB),
        queue: layout.port(QUEUE),
        data: Some(layout.folder(DATA)),
        ..local_data::Options::ephemeral()
    };
    let services = local_data::DataServices::start(options).await.unwrap();
    let addresses = Addresses::of(layout, &[]);
    let dbs = format!("{}dbs", addresses.services.cosmos);
    sent(&addresses, Method::POST, &dbs, json!({"id": "app"}).to_string()).await;
    let container = json!({"id": "things", "partitionKey": {"paths": ["/id"], "kind": "Hash"}});
    sent(&addresses, Method::POST, &format!("{dbs}/app/colls"), container.to_string()).await;
    addresses.upsert(("app", "things"), &json!({"id": "harmless"})).await;
    addresses.create_queue("app-things").await;
    sent(
        &addresses,
        Method::PUT,
        &blob_url(&addresses, "app-files", "restype=container&"),
        String::new(),
    )
    .await;
    (services, addresses)
}

fn blob_url(addresses: &Addresses, path: &str, query: &str) -> String {
    format!("{}/{path}?{query}{}", addresses.services.blob, addresses.signature)
}

/// A message with the marker in base64, hidden for so long.
async fn send(addresses: &Addresses, hidden_s: u32) {
    let text = STANDARD.encode(format!("x{MARKER}"));
    let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
    let query = format!("visibilitytimeout={hidden_s}&{}", addresses.signature);
    let url = format!("{}/app-things/messages?{query}", addresses.services.queue);
    sent(addresses, Method::POST, &url, body).await;
}

#[tokio::test]
async fn a_text_is_found_in_every_kind_of_store() {
    for kind in ["document", "message", "hidden message", "blob", "blob's name"] {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path(), 1, &[]);
        let (_services, addresses) = empty(&layout).await;
        assert!(!has_it(addresses.stored().await), "{kind}");
        match kind {
            "document" => {
                let document = json!({"id": "told", "to": [MARKER]});
                addresses.upsert(("app", "things"), &document).await;
            }
            "message" => send(&addresses, 0).await,
            "hidden message" => send(&addresses, 600).await,
            name => {
                let (path, body) = match name {
                    "blob" => ("app-files/7/a".to_owned(), format!("dear {MARKER}")),
                    _ => (format!("app-files/to {MARKER}/b"), "harmless".to_owned()),
                };
                sent(&addresses, Method::PUT, &blob_url(&addresses, &path, ""), body).await;
            }
        }
        assert_eq!(has_it(addresses.stored().await), kind != "hidden message", "{kind}");
        assert!(has_it(files_in(layout.folder(DATA))), "{kind} on the disk");
    }
}
