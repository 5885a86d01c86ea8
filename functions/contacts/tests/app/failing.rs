//! What cannot be done: kept, and in nobody's way.

use crate::support::{account, contact, contact_that, start, told};
use app_tests::{Fault, Requests, Rule, Service, When};
use serde_json::{Value, json};

const LETTERS: &str = "/contacts/v1/dead-letters";

#[tokio::test]
async fn garbage_on_a_hub_is_a_dead_letter_and_what_comes_after_it_is_done() {
    let app = start().await;
    let kim = contact(1);
    let nobody = account("nobody", "activated", 1);
    app.hub("account").publish_text(&kim, "no event at all").await;
    app.hub("account").publish_text(&kim, &nobody.to_string()).await;
    app.hub("account").publish(&account(&kim, "activated", 1)).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    let letters = app.open_letters(LETTERS).await;
    let shown = |letter: &Value| {
        let (function, queue) = (&letter["function"], &letter["queue"]);
        assert_eq!((function, queue), (&json!("accounts"), &json!("contacts-replays")));
        letter["message"].as_str().unwrap().to_owned()
    };
    let mut messages: Vec<String> = letters.iter().map(shown).collect();
    messages.sort();
    let mut expected = ["no event at all".to_owned(), nobody.to_string()];
    expected.sort();
    assert_eq!(messages, expected);
}

#[tokio::test]
async fn an_event_that_always_fails_is_put_off_and_done_when_it_can_be_and_stops_nobody() {
    let app = start().await;
    let (kim, lee) = (contact(1), contact(2));
    app.hub("account").publish_text("one", &account(&kim, "activated", 1).to_string()).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    told(&app, &kim, 1).await;
    let path = format!("/colls/contacts/docs/{kim}");
    let rule = Rule {
        service: Service::Cosmos,
        only: Requests::any().path(&path),
        fault: Fault::InternalError,
        when: When::Always,
    };
    let fault = app.faults().add(rule);
    // They have one key, so they lie in one partition.
    app.hub("account").publish_text("one", &account(&kim, "deactivated", 2).to_string()).await;
    app.hub("account").publish_text("one", &account(&lee, "activated", 1).to_string()).await;
    contact_that(&app, &lee, "the one after it", |contact| contact["state"] == "active").await;
    let replays = app.queue("contacts-replays");
    let put_off = async || (replays.length().await > 0).then_some(());
    app.eventually("the event in the queue of replays", put_off).await;
    app.faults().remove(fault);
    let path = format!("/contacts/v1/contacts/{kim}");
    let found = async || (app.get(&path).await.status == 404).then_some(());
    let minute = std::time::Duration::from_secs(60);
    app.eventually_with_time("the event that was put off", minute, found).await;
    app.until_empty(&["contacts-replays", "contacts-replays-poison"]).await;
    let letters = app.open_letters(LETTERS).await;
    assert!(letters.is_empty(), "{letters:?}");
}

#[tokio::test]
async fn garbage_in_the_queue_of_replays_is_kept() {
    start().await.keeps_garbage("contacts-replays", LETTERS).await;
}
