//! Catalogue, orders and keys, when all is well.

use pretty_assertions::{assert_eq, assert_ne};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{Rig, SERVICE, path, wanted};

#[tokio::test]
async fn the_catalogue_says_what_a_licence_costs() {
    let rig = Rig::start().await;
    let catalogue = rig.get("v1/services").await;
    assert_eq!(catalogue["asOf"], json!(rig.clock.now()));
    let services = catalogue["services"].as_array().unwrap();
    let night_watch = services.iter().find(|one| one["id"] == SERVICE).unwrap();
    let expected = json!({"id": SERVICE, "name": "Night watch, a licence a household",
        "unitPrice": {"amount": "8.00", "currency": "EUR"}, "available": true, "minimum": 1, "maximum": 10_000});
    assert_eq!((services.len(), night_watch), (3, &expected));
}

#[tokio::test]
async fn an_order_is_made_once_however_often_it_comes() {
    let rig = Rig::start().await;
    let (status, order) = rig.order("ref-1").await;
    assert_eq!(status, 201);
    let valid_to = rig.clock.now() + jiff::SignedDuration::from_hours(365 * 24);
    let expected = json!({"orderId": order["orderId"], "clientReference": "ref-1", "serviceId": SERVICE, "quantity": 3,
        "unitPrice": {"amount": "8.00", "currency": "EUR"}, "state": "active", "validTo": valid_to, "revision": 1});
    assert_eq!(order, expected);
    assert_eq!(rig.order("ref-1").await, (200, order.clone()));
    assert_eq!(rig.found("ref-1").await, std::slice::from_ref(&order));
    assert_eq!(rig.get(&path(&order)).await, order);
    assert_eq!(rig.found("ref-2").await, [] as [Value; 0]);
    let counts = rig.get("v1/simulation").await;
    assert_eq!((&counts["orders"], &counts["orderedTwice"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_key_belongs_to_an_order_that_is_active() {
    let rig = Rig::start().await;
    let (one, two) = (rig.ordered("ref-1").await, rig.ordered("ref-2").await);
    let key = async |path: &str| {
        let keys = rig.get(&format!("{path}/keys")).await["keys"].as_array().unwrap().clone();
        assert!(keys.len() < 2, "{keys:?}");
        keys.first().map(|key| key["key"].as_str().unwrap().to_owned())
    };
    let first = key(&one).await.unwrap();
    assert_eq!((first.len(), first.matches('-').count()), (29, 4));
    assert_eq!(key(&one).await, Some(first.clone()));
    assert_ne!(key(&two).await, Some(first.clone()));
    let markers = rig.get("v1/simulation/markers?clientReference=ref-1").await;
    assert_eq!(markers, json!({"keys": [first], "leftOut": 0}));
    rig.ask(Method::DELETE, &one, &Value::Null).await;
    assert_eq!(key(&one).await, None);
}

#[tokio::test]
async fn who_does_not_show_the_key_is_told_nothing() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    for path in ["v1/services", "v1/orders?clientReference=ref-1", &order] {
        let stranger = rig.http.get(rig.url(path));
        let wrong = rig.http.get(rig.url(path)).bearer_auth("somebody-elses");
        for request in [stranger, wrong] {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{path}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "unauthorized");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_with_what_is_wrong() {
    let rig = Rig::start().await;
    let with = |name: &str, value: Value| {
        let mut body = wanted("ref-1");
        body[name] = value;
        body
    };
    for (body, status, code, said) in [
        (with("quantity", json!(0)), 400, "invalid", "quantity is 1 to 10000"),
        (with("quantity", json!(1.5)), 400, "invalid", "the body"),
        (with("clientReference", json!("")), 400, "invalid", "clientReference"),
        (with("serviceId", json!("none")), 400, "no-service", "serviceId"),
        (with("unitPrice", json!({"amount": "8,00", "currency": "EUR"})), 400, "invalid", "amount"),
        (
            with("unitPrice", json!({"amount": "7.99", "currency": "EUR"})),
            409,
            "price-changed",
            "unitPrice",
        ),
        (
            with("unitPrice", json!({"amount": "8.00", "currency": "SEK"})),
            409,
            "price-changed",
            "unitPrice",
        ),
        (with("discount", json!(1)), 400, "invalid", "discount"),
    ] {
        let (was, answer) = rig.ask(Method::POST, "v1/orders", &body).await;
        assert_eq!((was, &answer["code"]), (status, &json!(code)), "{body}");
        assert!(answer["message"].as_str().unwrap().contains(said), "{answer}");
    }
    assert_eq!(rig.get("v1/simulation").await["orders"], 0);
    assert_eq!(rig.ask(Method::GET, "v1/orders", &Value::Null).await.0, 400);
    assert_eq!(rig.ask(Method::GET, "v1/orders/none", &Value::Null).await.0, 404);
    assert_eq!(rig.ask(Method::PUT, "v1/orders", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_costs_more_or_has_run_out_is_said_so_until_somebody_changes_it() {
    let rig = Rig::start().await;
    let service = format!("v1/simulation/services/{SERVICE}");
    let price = json!({"amount": "9.50", "currency": "EUR"});
    assert_eq!(rig.ask(Method::PUT, &service, &json!({"unitPrice": price})).await.0, 200);
    let (status, refused) = rig.order("ref-1").await;
    assert_eq!((status, &refused["unitPrice"]), (409, &price));
    let back = json!({"unitPrice": {"amount": "8", "currency": "EUR"}, "stock": 4});
    rig.ask(Method::PUT, &service, &back).await;
    let first = rig.ordered("ref-1").await;
    let (status, refused) = rig.order("ref-2").await;
    assert_eq!((status, &refused["code"]), (409, &json!("out-of-stock")));
    rig.ask(Method::DELETE, &first, &Value::Null).await;
    rig.ordered("ref-2").await;
    let made = json!({"name": "Relocation", "unitPrice": {"amount": "90", "currency": "SEK"}, "maximum": 2});
    rig.ask(Method::PUT, "v1/simulation/services/relocation", &made).await;
    assert_eq!(rig.get("v1/services").await["services"].as_array().unwrap().len(), 4);
    assert_eq!(rig.ask(Method::PUT, &service, &json!({"minimum": 0})).await.0, 400);
}
