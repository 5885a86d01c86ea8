//! `Prefer`: another answer of the contract, or another example.

use serde_json::{Value, json};

use crate::rig::{Got, send, shop};

fn orders(prefer: &str) -> Got {
    send(&shop(), "GET /v1/orders", &[("cookie", "session=abcd"), ("prefer", prefer)], "")
}

fn place(lines: &[&str]) -> Got {
    let body = json!({ "at": "2027-01-31T12:00:00Z", "lines": [{ "sku": "A-1", "count": 1 }] });
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(lines.iter().map(|line| ("prefer", *line)));
    send(&shop(), "POST /v1/orders", &headers, body.to_string())
}

#[test]
fn an_example_is_chosen_by_its_name() {
    let got = orders("example=one");
    assert_eq!((got.status(), got.json()[0]["state"].clone()), (200, Value::from("open")));
    assert_eq!(got.header("preference-applied"), Some("example=one"));
    assert_eq!(orders("wait=10").header("preference-applied"), None);
    orders("example=two").refused(
        400,
        "invalid-header",
        &["Prefer there is no example \"two\": the answer 200 has none, one"],
    );
}

#[test]
fn an_answer_is_chosen_by_its_code() {
    let got = place(&["code=409"]);
    assert_eq!((got.status(), got.json()), (409, json!({ "title": "Sold out" })));
    assert_eq!(got.header("preference-applied"), Some("code=409"));
    assert_eq!(place(&["code=202"]).status(), 202);
    assert_eq!(place(&["code=418"]).json()["title"], "Something", "4XX");
    assert_eq!(place(&["code=503"]).status(), 503, "default");
    orders("code=404").refused(
        400,
        "invalid-header",
        &["Prefer there is no answer 404; the contract has 200, 400"],
    );
    for bad in ["code=abc", "code=100", "code=\"\"", "code=4000"] {
        assert_eq!(orders(bad).refusal().1, "invalid-header", "{bad}");
    }
}

#[test]
fn both_together_in_whatever_spelling() {
    for lines in [
        &["CODE=409; x=1, Example=\"closed today\""][..],
        &["respond-async, example=\"closed today\"", "code=409, code=500"],
    ] {
        let got = place(lines);
        assert_eq!((got.status(), got.json()), (409, json!({ "title": "Closed" })));
        assert_eq!(got.header("preference-applied"), Some("example=\"closed today\", code=409"));
    }
    place(&["code=409, example=none"]).refused(
        400,
        "invalid-header",
        &["Prefer there is no example \"none\": the answer 409 has soldOut, closed today"],
    );
    place(&["code=202, example=none"]).refused(
        400,
        "invalid-header",
        &["Prefer there is no example \"none\": the answer 202 has no named examples"],
    );
}

#[test]
fn a_wrong_request_is_refused_whatever_it_prefers() {
    let got = send(
        &shop(),
        "POST /v1/orders",
        &[("content-type", "application/json"), ("prefer", "code=409")],
        "{}",
    );
    assert_eq!(got.refusal().0, 422);
}
