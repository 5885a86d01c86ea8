//! What must hold of webhooks: each subscriber has each once or more often, believed, and always with the same body.

use crate::book::Book;
use crate::subscribers::{Subscriber, Webhook, received};
use app_tests::proof::Addresses;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The beginning of what is said of an attempt that was made before the clock went on: it is made again.
const TOO_OLD: &str = "the attempt was made";

/// What is still on its way, or is not as it should be.
pub(crate) async fn differences(addresses: &Addresses, all: &[Subscriber]) -> Vec<String> {
    let Some(deliveries) = addresses.documents(("credit", "deliveries")).await else {
        return vec!["the deliveries cannot be read".to_owned()];
    };
    let is_over = |it: &&Value| ["delivered", "erased"].contains(&it["state"].as_str().unwrap());
    let open = deliveries.iter().filter(|it| !is_over(it));
    let mut wrong: Vec<String> = open.map(|it| format!("a delivery: {it}")).collect();
    for subscriber in all {
        let Some(webhooks) = received(addresses, subscriber).await else {
            wrong.push(format!("{} does not answer", subscriber.receiver));
            continue;
        };
        let taken: BTreeSet<_> =
            webhooks.iter().filter(|it| it.is_taken).map(Webhook::about).collect();
        let delivered = deliveries.iter().filter(|it| {
            it["endpoint"] == subscriber.endpoint.as_str() && it["state"] == "delivered"
        });
        let missing = delivered.filter(|it| !taken.contains(&told_by(it)));
        wrong.extend(missing.map(|it| format!("{} has not got {it}", subscriber.receiver)));
    }
    wrong
}

/// The type and the subject of the webhook of a delivery.
fn told_by(delivery: &Value) -> (String, String) {
    let kind = match delivery["kind"].as_str().unwrap() {
        "assessment-completed" => "credit.assessment.completed",
        "assessment-failed" => "credit.assessment.failed",
        "assessment-withdrawn" => "credit.assessment.withdrawn",
        "consent-expired" => "credit.consent.expired",
        other => panic!("nobody should hear of {other}"),
    };
    (kind.to_owned(), delivery["about"].as_str().unwrap().to_owned())
}

/// Panics unless every subscriber heard of every end, in the words that its partner read; how many webhooks there were.
pub(crate) async fn are_right(addresses: &Addresses, all: &[Subscriber], book: &Book) -> String {
    let due = due(addresses).await;
    let (mut bodies, mut ids) = (HashMap::new(), HashMap::new());
    let (mut count, mut copies) = (0, 0);
    for subscriber in all {
        let webhooks = received(addresses, subscriber).await.expect("the partner answers");
        let mut heard: BTreeMap<_, u32> = BTreeMap::new();
        for webhook in &webhooks {
            is_sound(webhook);
            let about = webhook.about();
            let body = bodies.entry(webhook.id.clone()).or_insert_with(|| webhook.body.clone());
            assert_eq!(*body, webhook.body, "one id, one body, whoever gets it");
            let id = ids.entry(about.clone()).or_insert_with(|| webhook.id.clone());
            assert_eq!(*id, webhook.id, "one event, one id");
            tells_what_was_shown(webhook, book);
            *heard.entry(about).or_default() += 1;
            count += 1;
            copies += webhook.times;
        }
        let more: Vec<_> = heard.iter().filter(|(_, times)| **times > 1).collect();
        assert!(more.is_empty(), "{} got {more:?} under two ids", subscriber.receiver);
        let of_partner = due.iter().filter(|(partner, _)| partner == subscriber.partner.name());
        let missed: Vec<_> = of_partner.filter(|(_, about)| !heard.contains_key(about)).collect();
        assert!(missed.is_empty(), "{} never heard of {missed:?}", subscriber.receiver);
    }
    format!("{count} webhooks in {copies} copies")
}

/// Believed at last, refused at most because time went on under way, and the same each time.
fn is_sound(webhook: &Webhook) {
    assert!(webhook.is_taken && !webhook.body.is_empty(), "never believed: {webhook:?}");
    assert!(!webhook.has_changed, "two bodies: {webhook:?}");
    let wrong = webhook.refused.iter().any(|why| !why.starts_with(TOO_OLD));
    assert!(!wrong, "not to be verified: {webhook:?}");
}

fn tells_what_was_shown(webhook: &Webhook, book: &Book) {
    let (said, (_, id)) = (webhook.json(), webhook.about());
    // Of one that was erased nobody may have seen the end.
    let Some(shown) = book.end_of(&id) else { return };
    for member in ["state", "result", "failure", "notScoreable", "customerReference", "endedAt"] {
        let is_same = said["data"].get(member).unwrap_or(&Value::Null) == &shown[member];
        assert!(is_same, "{member}: {said} tells of {shown}");
    }
}

/// Each end of which a partner is to hear: by partner the type and the subject. Of what was erased nobody need hear.
async fn due(addresses: &Addresses) -> Vec<(String, (String, String))> {
    let mut due = Vec::new();
    let partner = |it: &Value| it["partner"].as_str().unwrap().to_owned();
    let id = |it: &Value| it["id"].as_str().unwrap().to_owned();
    for it in addresses.documents(("credit", "assessments")).await.expect("assessments") {
        let kind = match it["outcome"]["outcome"].as_str() {
            Some("scored" | "not-scoreable") => "credit.assessment.completed",
            Some("failed") => "credit.assessment.failed",
            Some("withdrawn") => "credit.assessment.withdrawn",
            other => {
                assert_eq!((other, &it["phase"]), (None, &json!("erased")), "{it}");
                continue;
            }
        };
        due.push((partner(&it), (kind.to_owned(), id(&it))));
    }
    for it in addresses.documents(("credit", "consents")).await.expect("consents") {
        if it["state"] == "expired" && !it["person"].is_null() {
            due.push((partner(&it), ("credit.consent.expired".to_owned(), id(&it))));
        }
    }
    due
}
