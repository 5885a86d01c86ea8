//! Cards, made and taken into use.

use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rig::{Rig, http};

const CARD: &str = "01980c6e-7777-7000-8000-000000000001";
const NEXT: &str = "01980c6e-7777-7000-8000-000000000002";

#[tokio::test]
async fn a_card_is_made_once_and_taken_into_use_by_the_code_of_its_letter() {
    let rig = Rig::start(card_network::Faults::default()).await;
    let (made, card) = rig.put(&format!("v1/cards/{CARD}"), json!({})).await;
    let (again, same) = rig.put(&format!("v1/cards/{CARD}"), json!({})).await;
    assert_eq!((made, again, &same), (201, 200, &card));
    let letter = rig.get(&format!("letters?card={CARD}")).await;
    assert_eq!(letter["lastFour"], card["lastFour"]);
    let activation = format!("v1/cards/{CARD}/activation");
    let wrong = rig.put(&activation, json!({"code": "x"})).await;
    assert_eq!(wrong, (403, json!({"error": "wrong-code"})));
    for _ in 0..2 {
        assert_eq!(rig.put(&activation, json!({"code": letter["code"]})).await.0, 202);
    }
    rig.drained().await;
    let id = "actv_01980c6e777770008000000000000001";
    let told = json!({"id": id, "card": card["token"], "kind": "activated"});
    assert_eq!(rig.kept().facts.values().collect::<Vec<_>>(), [&told]);
}

#[tokio::test]
async fn a_replaced_card_and_one_that_was_never_made_are_not_taken_into_use() {
    let rig = Rig::start(card_network::Faults::default()).await;
    rig.put(&format!("v1/cards/{CARD}"), json!({})).await;
    let (_, next) = rig.put(&format!("v1/cards/{NEXT}"), json!({"replaces": CARD})).await;
    assert!(next["token"].as_str().is_some_and(|token| token.len() >= 8));
    let activate = async |card: &str| {
        rig.put(&format!("v1/cards/{card}/activation"), json!({"code": "000000"})).await.0
    };
    assert_eq!(
        (activate(CARD).await, activate("01980c6e-7777-7000-8000-000000000003").await),
        (409, 404)
    );
}

#[tokio::test]
async fn who_does_not_show_the_key_is_told_nothing() {
    let rig = Rig::start(card_network::Faults::default()).await;
    let url = format!("{}v1/cards/{CARD}", rig.network.url());
    for key in [None, Some("a-key-for-test"), Some("")] {
        let mut request = http().put(&url).body("{}");
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        assert_eq!(request.send().await.unwrap().status(), 401, "{key:?}");
    }
}
