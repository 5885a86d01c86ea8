//! A licence key is shown to whom it belongs, who is written down, and is in the clear nowhere.

use crate::support::{TestApp, step_of};
use pretty_assertions::assert_eq;
use serde_json::Value;

const CONTAINERS: [&str; 4] = ["orders", "licences", "vendor-calls", "dead-letters"];

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shown_a_key_is_written_down_first_and_no_cache_keeps_it() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 1)]).await;
    let shown = app.get(&format!("{}/key", TestApp::place(&licences[0]))).await.expect(200);
    let markers = app.look_at_vendor(&format!("markers?clientReference={order}-1")).await;
    assert_eq!(shown.json()["key"], markers["keys"][0]);
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let all = app.documents("licences").all().await;
    let notes: Vec<_> = all.iter().filter(|one| one["kind"] == "key-shown").collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (&notes[0]["licenceId"], &notes[0]["by"]),
        (&licences[0]["id"], &Value::from("anonymous"))
    );
    assert_eq!(app.licences_of(&order).await.len(), 1, "a note is no licence");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_in_any_document_payload_or_message() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 1), ("home-care", 2)]).await;
    for licence in &licences {
        app.get(&format!("{}/key", TestApp::place(licence))).await.expect(200);
    }
    let keys = app.look_at_vendor("markers").await["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 2);
    let mut kept = Vec::new();
    for container in CONTAINERS {
        kept.push((
            container.to_owned(),
            Value::from(app.documents(container).all().await).to_string(),
        ));
    }
    let now = app.order_now(&order).await;
    for step in ["provision", "subscribe"] {
        let path = step_of(&now, step)["path"].as_str().unwrap();
        let blob = app.blob(&format!("sales-payloads/{path}")).await.unwrap();
        kept.push((path.to_owned(), String::from_utf8(blob).unwrap()));
    }
    for queue in
        ["sales-provision-everywhere", "sales-subscribe-everywhere", "sales-invoice-everywhere"]
    {
        kept.push((queue.to_owned(), app.queue(queue).take().await.join("\n")));
    }
    kept.push(("the order".to_owned(), now.to_string()));
    kept.push(("the licences".to_owned(), Value::from(app.licences_of(&order).await).to_string()));
    for (place, text) in kept {
        for key in &keys {
            assert!(!text.contains(key.as_str().unwrap()), "{place} says a key");
        }
    }
}
