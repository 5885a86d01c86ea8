//! Its records, as JSON.

use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::{Account, Console, changed, erased};

#[tokio::test]
async fn a_record_shows_its_state_and_an_erased_one_nothing_but_that() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    account.send(&changed("p1", 7)).await;
    account.answers(1).await;
    let (status, mut record) = console.get("records/p1").await;
    assert!(record["appliedAt"].take().as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(record["time"].take(), changed("p1", 7)["time"], "when the profile became so");
    let expected = json!({
        "profileId": "p1", "revision": 7, "time": null, "appliedAt": null, "state": changed("p1", 7)["data"], "erased": false,
    });
    assert_eq!((status, record), (200, expected));
    account.send(&erased("p1", 8)).await;
    account.answers(1).await;
    let (_, mut record) = console.get("records/p1").await;
    record["appliedAt"].take();
    assert_eq!(record["time"].take(), erased("p1", 8)["time"]);
    let expected = json!({
        "profileId": "p1", "revision": 8, "time": null, "appliedAt": null, "state": null, "erased": true,
    });
    assert_eq!(record, expected);
    assert_eq!(console.get("records/p2").await.0, 404);
}

#[tokio::test]
async fn records_are_listed_in_pages() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    assert_eq!(console.get("records").await.1, json!({"items": [], "continuation": null}));
    for id in ["a", "b", "c"] {
        account.send(&changed(id, 1)).await;
    }
    account.emptied().await;
    let first = console.get("records?limit=2").await.1;
    let ids = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["profileId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((ids(&first), &first["continuation"]), (vec!["a".into(), "b".into()], &json!("b")));
    let second = console.get("records?limit=2&continuation=b").await.1;
    assert_eq!((ids(&second), &second["continuation"]), (vec!["c".into()], &json!(null)));
    for wrong in ["limit=0", "limit=1001", "limit=x", "page=2"] {
        assert_eq!(console.get(&format!("records?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_restore_goes_back_and_a_replay_brings_everything_again() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    assert_eq!(console.post("restore", &json!({"to": "snapshot"})).await.0, 409);
    account.send(&changed("p1", 1)).await;
    account.emptied().await;
    assert_eq!(console.put("snapshot", &json!({})).await, (200, json!({"records": 1})));
    for event in [changed("p1", 2), changed("p2", 1)] {
        account.send(&event).await;
    }
    account.emptied().await;
    assert_eq!(
        console.post("restore", &json!({"to": "snapshot"})).await,
        (200, json!({"records": 1}))
    );
    assert_eq!(console.get("records/p1").await.1["revision"], 1);
    assert_eq!(
        console.post("restore", &json!({"to": "nothing"})).await,
        (200, json!({"records": 0}))
    );
    for event in [changed("p1", 2), changed("p2", 1)] {
        account.send(&event).await;
    }
    account.emptied().await;
    assert_eq!(console.get("records/p1").await.1["revision"], 2);
    assert_eq!(console.get("records/p2").await.1["revision"], 1);
}
