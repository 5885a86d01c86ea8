//! The page, its forms, and who may use them.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Account, Console, changed, erased};

#[tokio::test]
async fn the_page_shows_records_and_switches() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    account.send(&changed("p1", 3)).await;
    account.send(&erased("p<2>", 9)).await;
    account.emptied().await;
    let page = console.http.get(console.url("")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let text = page.text().await.unwrap();
    for shown in ["/records/p1", "p&#60;2&#62;", "erased", "Open: it takes messages", "MF-1043"] {
        assert!(text.contains(shown), "{shown}");
    }
    assert!(!text.contains("Korhonen"), "names are one click away, not on the page");
    let found = console.http.get(console.url("?id=p1")).send().await.unwrap().text().await.unwrap();
    assert!(found.contains("/records/p1") && !found.contains("p&#60;2"));
    for asset in ["page.css", "page.js"] {
        assert_eq!(console.http.get(console.url(asset)).send().await.unwrap().status(), 200);
    }
    assert_eq!(console.get("health").await, (200, json!({"status": "healthy"})));
}

#[tokio::test]
async fn forms_turn_the_same_switches_as_json() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    let post = async |path: &str, form: &str| {
        let request = console.http.post(console.url(path)).body(form.to_owned());
        request.send().await.unwrap().status().as_u16()
    };
    let faults = "down=on&busy=0.5&twice=0&late=0&never=0&outOfOrder=0&takeTwice=0&lateSeconds=9&refuse=MF-1043&refuse=MF-1052";
    assert_eq!(post("faults", faults).await, 200, "and back to the page");
    let faults: Value = console.get("faults").await.1;
    assert_eq!(
        (&faults["down"], &faults["busy"], &faults["lateSeconds"]),
        (&true.into(), &0.5.into(), &9.into())
    );
    assert_eq!(faults["refuse"], json!(["MF-1043", "MF-1052"]));
    let pace = "messagesPerSecond=&secondsPerMessage=0.5&visibilitySeconds=30&window=06:00-22:00";
    assert_eq!(post("page/pace", pace).await, 200);
    let expected = json!({
        "messagesPerSecond": null, "secondsPerMessage": 0.5, "visibilitySeconds": 30, "window": "06:00-22:00",
    });
    assert_eq!(console.get("pace").await.1, expected);
    assert_eq!(post("page/snapshot", "").await, 200);
    assert_eq!(post("page/restore", "to=snapshot").await, 200);
    assert_eq!(post("faults", "busy=often").await, 400);
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_a_reason() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    assert_eq!(console.put("faults", &json!({"busy": 2})).await.0, 400);
    assert_eq!(console.put("faults", &json!({"sleepy": true})).await.0, 400);
    assert_eq!(console.put("pace", &json!({"window": "sometimes"})).await.0, 400);
    assert_eq!(console.post("restore", &json!({"to": "yesterday"})).await.0, 400);
    assert_eq!(console.get("elsewhere").await.0, 404);
    assert_eq!(console.post("pace", &json!({})).await.0, 405);
}

#[tokio::test]
async fn another_site_in_a_browser_can_do_nothing() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let console = Console::of(&mainframe);
    let restore = console.http.post(console.url("restore")).header("sec-fetch-site", "cross-site");
    assert_eq!(restore.send().await.unwrap().status(), 403);
    let rebound = console.http.get(console.url("records")).header("host", "rebound.example");
    assert_eq!(rebound.send().await.unwrap().status(), 421);
}
