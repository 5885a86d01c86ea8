//! The mailbox for people: found by recipient, shown without running what is in it, saved as files.

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Rig, mail};

#[tokio::test]
async fn the_page_finds_mails_by_their_recipient() {
    let rig = Rig::start().await;
    rig.sent("kim@example.com").await;
    let mut other = mail("tim@example.com");
    other["content"]["subject"] = json!("A <b>bold</b> offer");
    rig.send(Uuid::new_v4(), &other).await;
    let all = rig.text("").await;
    for part in [
        "Invoice IOEU-2026-000001",
        "kim@example.com",
        "tim@example.com",
        "A &#60;b&#62;bold",
        "Succeeded",
    ] {
        assert!(all.contains(part), "{part} is not on the page:\n{all}");
    }
    let found = rig.text("?to=KIM%40").await;
    assert!(found.contains("kim@example.com") && !found.contains("tim@example.com"), "{found}");
    assert!(rig.text("?to=nobody").await.contains("No mail to nobody."));
    let log = rig.text("log").await;
    assert!(!log.contains("example.com") && log.contains("operationId"), "{log}");
}

#[tokio::test]
async fn a_mail_is_shown_in_a_frame_in_which_nothing_runs() {
    let rig = Rig::start().await;
    rig.sent("kim@example.com").await;
    let page = rig.http.get(rig.url("mails/1")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-src 'self'"));
    let page = page.text().await.unwrap();
    for part in ["sandbox=\"\"", "Dear Kim,", "räkning.pdf", "Kim Åström", "/mails/1/eml"] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    assert!(!page.contains("<script"), "{page}");
    let html = rig.http.get(rig.url("mails/1/html")).send().await.unwrap();
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("sandbox; default-src 'none'") && !policy.contains("allow-scripts"));
    assert_eq!(html.text().await.unwrap(), "<h1>Invoice</h1><script>alert(1)</script>");
    for path in ["mails/2", "mails/one", "mails/1/nothing", "mails/1/attachments/1"] {
        assert_eq!(rig.http.get(rig.url(path)).send().await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn attachments_and_the_whole_mail_are_saved_as_files() {
    let rig = Rig::start().await;
    let mut full = mail("kim@example.com");
    full["recipients"]["bcc"] = json!([{"address": "secret@example.com"}]);
    full["content"]["subject"] =
        json!("Räkning för 佐藤さん, a long one that goes over the line of a header");
    full["headers"] = json!({"X-Order": "7"});
    let id = Uuid::new_v4();
    assert_eq!(rig.send(id, &full).await.0, 202);
    let file = rig.http.get(rig.url("mails/1/attachments/0")).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    assert_eq!(
        file.headers()["content-disposition"],
        "attachment; filename*=UTF-8''r%C3%A4kning%2Epdf"
    );
    assert_eq!(file.bytes().await.unwrap(), "%PDF-1.7");

    let eml = rig.text("mails/1/eml").await;
    for part in [
        "From: billing@iommi.example\r\n",
        "To: =?UTF-8?B?S2ltIMOFc3Ryw7Zt?= <kim@example.com>\r\n",
        "Subject: =?UTF-8?B?UsOka25pbmcgZsO2ciDkvZDol6TjgZXjgpMs",
        "X-Order: 7\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        "Content-Type: application/pdf\r\n",
        "JVBERi0xLjc=\r\n",
        &format!("Message-ID: <{id}@"),
    ] {
        assert!(eml.contains(part), "{part} is not in the file:\n{eml}");
    }
    assert!(!eml.contains("secret@") && eml.lines().all(|line| line.len() <= 100), "{eml}");
}

#[tokio::test]
async fn programs_read_a_mail_as_it_was_handed_in_and_forget_all() {
    let rig = Rig::start().await;
    let id = rig.sent("kim@example.com").await;
    let whole = rig.get("v1/simulation/mails/1").await;
    assert_eq!(whole["message"], mail("kim@example.com"));
    let found = rig.get(&format!("v1/simulation/mails?operationId={id}")).await;
    assert_eq!(found["mails"].as_array().unwrap().len(), 1);
    rig.published(1).await;
    let (status, counts) = rig.ask(Method::DELETE, "v1/simulation/mails", &Value::Null).await;
    assert_eq!((status, &counts["mails"], &counts["reports"]), (200, &json!(0), &json!(0)));
    assert_eq!(rig.state(id).await.0, 404);
    rig.sent("tim@example.com").await;
    assert_eq!(rig.mails("").await[0]["number"], 2);
}
