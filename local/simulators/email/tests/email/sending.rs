//! The protocol, when all is well.

use std::time::Duration;

use email::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Rig, VERSION, mail, told};

#[tokio::test]
async fn a_mail_is_accepted_worked_at_and_succeeds_by_the_clock() {
    let rig = Rig::with(|options| Options { delay: Duration::from_secs(60), ..options }).await;
    let id = Uuid::new_v4();
    let request = rig.sending(id, &mail("kim@example.com"));
    let answer = request.header("x-ms-client-request-id", Uuid::nil().to_string()).send();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), 202);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let place = rig.url(&format!("emails/operations/{id}?{VERSION}"));
    assert_eq!((header("operation-location"), header("retry-after")), (place, "1".to_owned()));
    assert_eq!(header("x-ms-client-request-id"), Uuid::nil().to_string());
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"id": id, "status": "NotStarted"}));

    let state = async || {
        let answer = rig.asked(id).await;
        let is_to_wait = answer.headers().contains_key("retry-after");
        (told(answer).await.1["status"].as_str().unwrap().to_owned(), is_to_wait)
    };
    assert_eq!(state().await, ("NotStarted".to_owned(), true));
    rig.clock.advance(Duration::from_secs(15));
    assert_eq!(state().await, ("Running".to_owned(), true));
    assert_eq!(rig.get("v1/simulation").await["arrived"], 0);
    rig.clock.advance(Duration::from_secs(45));
    assert_eq!(state().await, ("Succeeded".to_owned(), false));
    let mails = rig.mails("KIM@").await;
    assert_eq!(
        (mails.len(), &mails[0]["arrived"], &mails[0]["times"]),
        (1, &json!(true), &json!(1))
    );
    assert_eq!(mails[0]["operationId"], json!(id));
}

#[tokio::test]
async fn the_same_operation_is_one_mail_however_often_it_comes() {
    let rig = Rig::start().await;
    let id = Uuid::new_v4();
    for _ in 0..3 {
        assert_eq!(rig.send(id, &mail("kim@example.com")).await.0, 202);
    }
    let counts = rig.get("v1/simulation").await;
    assert_eq!(
        (&counts["mails"], &counts["repeated"], &counts["sentAgain"]),
        (&json!(1), &json!(2), &json!(0))
    );
    assert_eq!(rig.published(1).await.len(), 1);
}

#[tokio::test]
async fn without_an_operation_id_the_service_makes_one() {
    let rig = Rig::start().await;
    let url = rig.url(&format!("/emails:send?{VERSION}"));
    let request = rig.http.post(url).bearer_auth("loopback");
    let (status, answer) =
        told(request.body(mail("kim@example.com").to_string()).send().await.unwrap()).await;
    assert_eq!((status, &answer["status"]), (202, &json!("Running")));
    let id: Uuid = answer["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(rig.state(id).await, (200, json!({"id": id, "status": "Succeeded"})));
}

#[tokio::test]
async fn a_request_that_is_none_is_refused_in_the_service_s_words() {
    let rig = Rig::start().await;
    let id = Uuid::new_v4();
    let with = |pointer: &str, value: Value| {
        let mut mail = mail("kim@example.com");
        *mail.pointer_mut(pointer).unwrap() = value;
        mail
    };
    let many: Vec<_> = (0..51).map(|n| json!({"address": format!("a{n}@example.com")})).collect();
    for (body, said) in [
        (with("/recipients/to", json!(many)), "50"),
        (with("/recipients/to/0/address", json!("kim")), "address"),
        (with("/content", json!({"subject": "s"})), "plainText"),
        (with("/content", json!({"subject": "s", "text": "t"})), "text"),
        (json!({"to": []}), "to"),
    ] {
        let answer = rig.sending(id, &body).send().await.unwrap();
        assert_eq!(answer.headers()["x-ms-error-code"], "BadRequest");
        let (status, refused) = told(answer).await;
        assert_eq!((status, &refused["error"]["code"]), (400, &json!("BadRequest")), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains(said), "{refused}");
    }
    let post = |path: String| rig.http.post(rig.url(&path)).bearer_auth("loopback");
    let body = mail("kim@example.com").to_string();
    for (request, status) in [
        (post("emails:send".to_owned()), 400),
        (post("emails:send?api-version=2021-01-01".to_owned()), 400),
        (post(format!("emails:send?{VERSION}")).header("operation-id", "seven"), 400),
        (post(format!("emails:send?{VERSION}")).header("x-ms-client-request-id", "seven"), 400),
        (post(format!("emails:sent?{VERSION}")), 404),
    ] {
        let (was, refused) = told(request.body(body.clone()).send().await.unwrap()).await;
        assert_eq!(was, status, "{refused}");
        assert!(refused["error"]["code"].is_string(), "{refused}");
    }
    assert_eq!(rig.state(id).await.0, 404);
    assert_eq!(rig.get("v1/simulation").await["mails"], 0);
}

#[tokio::test]
async fn ten_megabytes_are_too_much_and_a_strange_sender_is_not_linked() {
    let rig = Rig::with(|options| Options { domains: vec!["iommi.example".to_owned()], ..options });
    let rig = rig.await;
    let mut large = mail("kim@example.com");
    large["attachments"][0]["contentInBase64"] = json!("A".repeat(10 << 20));
    let (status, refused) = rig.send(Uuid::new_v4(), &large).await;
    assert_eq!((status, &refused["error"]["code"]), (413, &json!("RequestEntityTooLarge")));
    let mut strange = mail("kim@example.com");
    strange["senderAddress"] = json!("billing@elsewhere.example");
    let (status, refused) = rig.send(Uuid::new_v4(), &strange).await;
    assert_eq!((status, &refused["error"]["code"]), (404, &json!("DomainNotLinked")));
    rig.sent("kim@example.com").await;
}
