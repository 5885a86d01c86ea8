use crate::support::{TestApp, active, id, tombstone};
use app_tests::Method;
use mainframe::{Faults, Rule};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn path(letter: &Value) -> String {
    format!("/ops/v1/dead-letters/{}", letter["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_refused_profile_is_edited_and_driven_home() {
    let app = TestApp::start().await;
    let mainframe =
        app.mainframe(Faults { refuse: [Rule::LongName].into(), ..Faults::default() }).await;
    let mut long = active(1, 7);
    long["givenName"] = json!("Maximiliane ".repeat(8).trim());
    app.upsert(&long).await;
    let letter = app.letters("refused", 1).await.remove(0);
    assert_eq!((&letter["code"], &letter["revision"]), (&json!("MF-1043"), &json!(7)));
    app.sync(&id(1), |sync| sync["standing"] == "refused").await;

    let url = path(&letter);
    let read = app.get(&url).await.expect(200);
    let mut event: Value = serde_json::from_str(letter["message"].as_str().unwrap()).unwrap();
    event["data"]["givenName"] = json!("Maximiliane");
    let put = |etag: &str| {
        app.request(Method::PUT, &url)
            .header("if-match", etag)
            .json(&json!({"message": event.to_string()}))
    };
    put("\"9\"").send().await.refused(412, "precondition-failed", &[]);
    assert_eq!(put(read.etag()).send().await.expect(200).json()["edited"], true);
    app.post(&url, &json!({"action": "redrive", "why": "shortened"})).await.expect(200);

    let record = app.record(&mainframe, &id(1), |record| record["revision"] == 7).await;
    assert_eq!(record["state"]["givenName"], "Maximiliane");
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    let done = app.get(&url).await.expect(200).json();
    let what: Vec<&Value> =
        done["actions"].as_array().unwrap().iter().map(|action| &action["what"]).collect();
    assert_eq!(what, ["kept", "edited", "redriven"]);
    mainframe.stop().await;
}

#[tokio::test]
async fn an_edited_letter_keeps_its_own_revision() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 7)).await;
    app.messages(1).await;
    app.answer("a", &id(1), 7, "refused", Some("MF-1043")).await;
    let letter = app.letters("refused", 1).await.remove(0);
    let url = path(&letter);
    let mut event: Value = serde_json::from_str(letter["message"].as_str().unwrap()).unwrap();
    event["id"] = json!(format!("{}-{}", id(1), i32::MAX));
    event["revision"] = json!(i32::MAX);
    event["data"]["revision"] = json!(i32::MAX);
    let etag = app.get(&url).await.expect(200).etag().to_owned();
    let put = app.request(Method::PUT, &url).header("if-match", &etag);
    put.json(&json!({"message": event.to_string()})).send().await.expect(200);
    let redrive = json!({"action": "redrive", "why": "to mute it"});
    app.post(&url, &redrive).await.refused(422, "unsendable", &[]);
    assert_eq!(app.queue("legacy-outbox").length().await, 0);
}

#[tokio::test]
async fn poison_of_both_queues_is_kept_listed_and_dealt_with_by_the_hundred() {
    let app = TestApp::start().await;
    for number in 0..130 {
        app.queue("legacy-outbox-poison").send(&format!("poison {number}")).await;
    }
    app.queue("legacy-outbox-poison").send("poison 7").await;
    app.queue("legacy-inbox-poison").send("an answer").await;
    app.run_timer("poison_queues").await;
    app.eventually("all letters", async || {
        let lag = app.get("/ops/v1/legacy").await.expect(200).json();
        (lag["openDeadLetters"]["count"] == 131).then_some(())
    })
    .await;
    let page = app.get("/ops/v1/dead-letters?limit=100").await.expect(200).json();
    let next = format!(
        "/ops/v1/dead-letters?limit=100&continuation={}",
        page["continuation"].as_str().unwrap()
    );
    assert_eq!(app.get(&next).await.expect(200).json()["items"].as_array().unwrap().len(), 31);

    // Nothing of it is an event: each is named and stays.
    let redrive = json!({"action": "redrive", "filter": {"reason": "outbox-poison"}});
    let page = app.post("/ops/v1/dead-letters", &redrive).await.expect(200).json();
    assert_eq!((&page["done"], page["failed"].as_array().unwrap().len()), (&json!(0), 100));
    let unexplained = json!({"action": "discard", "filter": {}});
    app.post("/ops/v1/dead-letters", &unexplained).await.refused(422, "invalid-body", &["/why"]);
    let mut discard =
        json!({"action": "discard", "filter": {"reason": "outbox-poison"}, "why": "rubbish"});
    let mut done = 0;
    loop {
        let page = app.post("/ops/v1/dead-letters", &discard).await.expect(200).json();
        done += page["done"].as_u64().unwrap();
        discard["continuation"] = page["continuation"].clone();
        if discard["continuation"].is_null() {
            break;
        }
    }
    assert_eq!(done, 130);
    assert_eq!(
        app.get("/ops/v1/dead-letters").await.expect(200).json()["items"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn driving_the_same_letters_twice_sends_them_once() {
    let app = TestApp::start().await;
    for number in 1..=5 {
        app.upsert(&active(number, 1)).await;
    }
    app.messages(5).await;
    for number in 1..=5 {
        app.answer(&format!("a{number}"), &id(number), 1, "refused", Some("MF-1043")).await;
    }
    let letters = app.letters("refused", 5).await;
    let ids: Vec<&Value> = letters.iter().map(|letter| &letter["id"]).collect();
    let redrive = json!({"action": "redrive", "ids": ids});
    let first = app.post("/ops/v1/dead-letters", &redrive).await.expect(200).json();
    let second = app.post("/ops/v1/dead-letters", &redrive).await.expect(200).json();
    assert_eq!(
        (&first["done"], &second["done"], &second["already"]),
        (&json!(5), &json!(0), &json!(5))
    );
    assert_eq!(app.messages(5).await.len(), 5);

    // The answer that we know already, once more, opens nothing; another refusal does.
    app.answer("a1", &id(1), 1, "refused", Some("MF-1043")).await;
    app.answer("b2", &id(2), 1, "refused", Some("MF-1043")).await;
    let again = app.letters("refused", 1).await.remove(0);
    assert_eq!((&again["profileId"], &again["attempts"]), (&json!(id(2)), &json!(2)));
}

#[tokio::test]
async fn an_erased_person_leaves_no_trace_in_the_letters() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 1)).await;
    app.messages(1).await;
    app.answer("a", &id(1), 1, "refused", Some("MF-1043")).await;
    let letter = app.letters("refused", 1).await.remove(0);
    let tombstone = tombstone(1, 2);
    app.upsert(&tombstone).await;
    app.messages(1).await;
    app.answer("b", &id(1), 2, "applied", None).await;
    let emptied = app.eventually("the letter is empty", async || {
        let letter = app.get(&path(&letter)).await.expect(200).json();
        (letter["message"] == "").then_some(letter)
    });
    assert_eq!(emptied.await["state"], "discarded");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let app = TestApp::start().await;
    app.get("/ops/v1/dead-letters/none").await.refused(404, "no-such-dead-letter", &[]);
    app.get("/ops/v1/dead-letters?reason=luck").await.refused(
        400,
        "invalid-parameter",
        &["reason"],
    );
    app.get("/ops/v1/dead-letters?since=today").await.refused(400, "invalid-parameter", &["since"]);
    app.get("/ops/v1/dead-letters?limit=0").await.refused(400, "invalid-parameter", &["limit"]);
    let both = json!({"action": "redrive", "ids": ["x"], "filter": {}});
    app.post("/ops/v1/dead-letters", &both).await.refused(422, "invalid-body", &[""]);
    let missing = json!({"action": "redrive", "ids": ["none"]});
    let outcome = app.post("/ops/v1/dead-letters", &missing).await.expect(200).json();
    assert_eq!(outcome["failed"][0]["id"], "none");
    app.get("/ops/v1/nothing").await.refused(404, "not-found", &[]);
}

#[tokio::test]
async fn a_message_that_is_no_text_is_kept_as_it_was_and_sent_so() {
    let app = TestApp::start().await;
    let (endpoint, signature) = (app.host().queue_url(), app.queue_service());
    let signature = signature.split('?').nth(1).unwrap();
    // 0xFF 0xFE is no UTF-8.
    let body = "<QueueMessage><MessageText>//4=</MessageText></QueueMessage>";
    let url = format!("{endpoint}/legacy-resend-poison/messages?{signature}");
    assert_eq!(app.http().post(url).body(body).send().await.unwrap().status(), 201);
    app.run_timer("poison_queues").await;
    let letter = app.letters("poison", 1).await.remove(0);
    assert_eq!((&letter["message"], &letter["attempts"]), (&json!("//4="), &json!(5)));
    let kept = app.documents("dead-letters").all().await.remove(0);
    assert_eq!((&kept["form"], &kept["queue"]), (&json!("base64"), &json!("legacy-resend")));

    // It goes back into its queue, where it is no step of sending again: given up, and a letter of its own.
    app.post(&path(&letter), &json!({"action": "redrive"})).await.expect(200);
    let given_up = app.letters("given-up", 1).await.remove(0);
    assert_eq!(given_up["actions"][0]["by"], "resend_step");
}
