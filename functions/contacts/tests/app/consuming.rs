//! Facts as hubs bring them: twice, late, in any order.

use crate::support::{account, contact, contact_that, sale, sold, start, told};
use app_tests::{Fault, Requests, Rule, Service, When};
use serde_json::json;

#[tokio::test]
async fn a_customer_becomes_a_contact_buys_and_goes() {
    let app = start().await;
    let kim = contact(1);
    app.get(&format!("/contacts/v1/contacts/{kim}")).await.refused(404, "no-such-contact", &[]);
    app.hub("account").publish(&account(&kim, "activated", 1)).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    app.hub("sale").publish(&sold(&sale(1), &kim, None)).await;
    let bought = |contact: &serde_json::Value| contact["products"][0]["saleId"] == sale(1);
    let bought = contact_that(&app, &kim, "the product", bought).await;
    assert_eq!(
        (&bought["products"][0]["state"], &bought["revision"]),
        (&json!("running"), &json!(2))
    );
    app.hub("account").publish(&account(&kim, "deactivated", 4)).await;
    assert_eq!(told(&app, &kim, 3).await, ["1-activated", "2-purchased", "3-deactivated"]);
    app.get(&format!("/contacts/v1/contacts/{kim}")).await.refused(404, "no-such-contact", &[]);
}

#[tokio::test]
async fn what_comes_twice_is_done_once_and_what_comes_in_another_order_comes_to_the_same() {
    let app = start().await;
    let (kim, lee) = (contact(1), contact(2));
    // A sale before the account, each twice; an account that is closed before it is opened.
    for _ in 0..2 {
        app.hub("sale").publish(&sold(&sale(1), &kim, None)).await;
    }
    contact_that(&app, &kim, "the sale", |contact| contact["state"] == "expected").await;
    for _ in 0..2 {
        app.hub("account").publish(&account(&kim, "activated", 1)).await;
        app.hub("account").publish(&account(&lee, "deactivated", 3)).await;
        app.hub("account").publish(&account(&lee, "activated", 1)).await;
    }
    // By the key it lies behind them in the same partition.
    let last = contact(3);
    app.hub("account").publish_text(&lee, &account(&last, "activated", 1).to_string()).await;
    contact_that(&app, &last, "the last", |contact| contact["state"] == "active").await;
    let active = |contact: &serde_json::Value| contact["state"] == "active";
    let found = contact_that(&app, &kim, "the account", active).await;
    assert_eq!((found["products"].as_array().unwrap().len(), &found["revision"]), (1, &json!(2)));
    assert_eq!(told(&app, &kim, 2).await, ["1-purchased", "2-activated"]);
    app.get(&format!("/contacts/v1/contacts/{lee}")).await.refused(404, "no-such-contact", &[]);
    assert_eq!(told(&app, &lee, 0).await, [""; 0]);
}

/// Contacts of whom a batch tells, those that go among them, and events that are none.
const CONTACTS: u64 = 24;
const ONE_GOES_OF: u64 = 3;

#[tokio::test]
async fn a_batch_is_taken_as_if_one_event_came_after_the_other() {
    let app = start().await;
    // As long as nothing can be written the first event keeps its partition, and the others gather behind it.
    let (service, fault) = (Service::Cosmos, Fault::Forbidden);
    let only = Requests::any().writes().path("/colls/contacts/docs");
    let rule = app.faults().add(Rule { service, only, fault, when: When::Always });
    let publish = async |event: &str| app.hub("account").publish_text("one", event).await;
    publish(&account(&contact(0), "activated", 1).to_string()).await;
    let failed = async || {
        let mut runs = app.host().invocations().into_iter();
        runs.find(|run| run.function == "accounts" && run.status == Some(500)).map(drop)
    };
    app.eventually("a run that fails", failed).await;
    let told_of = [("activated", 1), ("activated", 1), ("deactivated", 2), ("activated", 1)];
    for (round, (what, revision)) in told_of.into_iter().enumerate() {
        for n in (1..=CONTACTS).filter(|n| what == "activated" || n % ONE_GOES_OF == 0) {
            publish(&account(&contact(n), what, revision).to_string()).await;
        }
        publish(&format!("no event, after round {round}")).await;
    }
    app.faults().remove(rule);
    for n in 0..=CONTACTS {
        let goes = n > 0 && n % ONE_GOES_OF == 0;
        let expected = if goes { &["1-activated", "2-deactivated"][..] } else { &["1-activated"] };
        assert_eq!(told(&app, &contact(n), expected.len()).await, expected, "{n}");
    }
    let letters = async || {
        let letters = app.open_letters("/contacts/v1/dead-letters").await;
        (letters.len() == 4).then_some(())
    };
    app.eventually("four dead letters", letters).await;
}

#[tokio::test]
async fn a_replay_is_taken_as_what_a_hub_brings_and_types_of_others_are_left_alone() {
    let app = start().await;
    let kim = contact(1);
    let other = json!({
        "specversion": "1.0", "id": "1", "source": "/profiles", "type": "com.iommi.profiles.renamed.v1",
        "subject": kim, "time": "2026-11-01T08:00:00Z", "data": {"profileId": kim},
    });
    app.hub("account").publish(&other).await;
    app.queue("contacts-replays").send_json(&account(&kim, "activated", 1)).await;
    app.queue("contacts-replays").send_json(&other).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    app.until_empty(&["contacts-replays"]).await;
    let letters = app.open_letters("/contacts/v1/dead-letters").await;
    assert!(letters.is_empty(), "{letters:?}");
}
