//! What is in the body.

use serde_json::{Value, json};

use crate::rig::{post, send, shop};

fn order() -> Value {
    json!({ "at": "2027-01-31T12:00:00Z", "lines": [{ "sku": "A-1", "count": 1 }] })
}

/// The order with one member replaced, or taken away if it is null.
fn with(name: &str, value: Value) -> Value {
    let mut order = order();
    order[name] = value;
    order
}

#[test]
fn required_members_beside_and_within_all_of_are_required() {
    let shop = shop();
    assert_eq!(
        post(&shop, "/v1/orders", &order()).status(),
        201,
        "the id comes with the answer only"
    );
    post(&shop, "/v1/orders", &json!({})).refused(
        422,
        "invalid-body",
        &["/at is required", "/lines is required"],
    );
    post(&shop, "/v1/orders", &json!([])).refused(422, "invalid-body", &[" must be an object"]);
}

#[test]
fn each_mistake_is_named_with_its_pointer() {
    let shop = shop();
    assert_eq!(post(&shop, "/v1/orders", &with("note", json!(null))).status(), 201);
    for (name, value, mistakes) in [
        ("note", json!("too long"), &["/note must have at most 5 characters"][..]),
        ("note", json!(1), &["/note must be a string or null"]),
        ("email", json!("kim"), &["/email must be an e-mail address"]),
        ("at", json!("2027-01-31"), &["/at must be a date and time such as 2027-01-31T12:00:00Z"]),
        ("lines", json!([]), &["/lines must have at least 1 item"]),
        (
            "lines",
            json!([{ "sku": "a", "count": 0, "x/y": 1 }, { "sku": "B-22" }]),
            &[
                "/lines/0/count must be at least 1",
                "/lines/0/sku must match the pattern ^[A-Z]-\\d{1,3}$",
                "/lines/0/x~1y is not known; take it away",
                "/lines/1/count is required",
            ],
        ),
    ] {
        let (status, kind, found) = post(&shop, "/v1/orders", &with(name, value)).refusal();
        assert_eq!((status, kind.as_str()), (422, "invalid-body"));
        assert_eq!(found, mistakes);
    }
}

#[test]
fn a_discriminator_says_which_schema_is_meant() {
    let shop = shop();
    assert_eq!(post(&shop, "/v1/payments", &json!({ "kind": "debit", "iban": "x" })).status(), 200);
    post(&shop, "/v1/payments", &json!({ "kind": "card", "iban": "x" })).refused(
        422,
        "invalid-body",
        &["/number is required"],
    );
    post(&shop, "/v1/payments", &json!({ "kind": "card", "number": "1" })).refused(
        422,
        "invalid-body",
        &["/number must have at least 4 characters"],
    );
    post(&shop, "/v1/payments", &json!({ "kind": "cash", "number": "1234" })).refused(
        422,
        "invalid-body",
        &["/kind must be card or debit"],
    );
}

#[test]
fn members_that_one_part_of_all_of_does_not_know_are_refused() {
    let shop = shop();
    assert_eq!(post(&shop, "/v1/strict", &json!({ "a": "x", "b": "yy" })).status(), 200);
    post(&shop, "/v1/strict", &json!({ "b": "yy", "c": "z" })).refused(
        422,
        "invalid-body",
        &["/c is not known; take it away"],
    );
}

#[test]
fn a_schema_may_hold_itself() {
    let shop = shop();
    let put = |body: Value| {
        send(&shop, "PUT /v1/tree", &[("content-type", "application/json")], body.to_string())
    };
    assert_eq!(
        put(json!({ "name": "a", "children": [{ "name": "b", "children": [] }], "parent": null }))
            .status(),
        204
    );
    put(json!({ "name": "a", "children": [{ "name": "b", "children": [{}] }] })).refused(
        422,
        "invalid-body",
        &["/children/0/children/0/name is required"],
    );
    put(json!({ "name": "a", "parent": { "name": 1 } })).refused(
        422,
        "invalid-body",
        &["/parent/name must be a string"],
    );
}

#[test]
fn the_type_of_a_body_is_one_of_the_contract() {
    let shop = shop();
    for (headers, what) in [
        (&[("content-type", "text/plain")][..], "Content-Type is text/plain"),
        (
            &[("content-type", "application/json; charset=latin1")],
            "Content-Type is application/json; charset=latin1",
        ),
        (&[], "Content-Type is missing"),
        (
            &[("content-type", "application/json"), ("content-encoding", "gzip")],
            "Content-Encoding is not identity",
        ),
    ] {
        send(&shop, "POST /v1/orders", headers, order().to_string()).refused(
            415,
            "unsupported-media-type",
            &[what],
        );
    }
    let charset = [("content-type", "Application/JSON; charset=utf-8")];
    assert_eq!(send(&shop, "POST /v1/orders", &charset, order().to_string()).status(), 201);
    let json = [("content-type", "application/json")];
    let broken = send(&shop, "POST /v1/orders", &json, "{\n\"at\": }");
    assert_eq!(broken.refusal().1, "invalid-json");
    assert!(broken.json()["detail"].as_str().unwrap().contains("line 2 column 7"));
    assert_eq!(send(&shop, "POST /v1/orders", &json, "").status(), 400);
    assert_eq!(send(&shop, "PUT /v1/tree", &[], "").status(), 204, "a body that need not be there");
}

#[test]
fn forms_and_texts_are_held_against_their_schemas_too() {
    let shop = shop();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(send(&shop, "POST /v1/forms", &form, "age=7&tags=a&tags=b").status(), 204);
    send(&shop, "POST /v1/forms", &form, "age=x&tags=abc").refused(
        422,
        "invalid-body",
        &["/age must be a whole number", "/tags/0 must have at most 2 characters"],
    );
    let parts = [("content-type", "multipart/form-data; boundary=b")];
    let part = |name: &str, text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    assert_eq!(send(&shop, "POST /v1/forms", &parts, part("age", "7") + "--b--\r\n").status(), 204);
    send(&shop, "POST /v1/forms", &parts, part("tags", "a") + "--b--\r\n").refused(
        422,
        "invalid-body",
        &["/age is required"],
    );
    send(&shop, "POST /v1/forms", &[("content-type", "text/plain")], "long").refused(
        422,
        "invalid-body",
        &[" must have at most 3 characters"],
    );
    assert_eq!(
        send(&shop, "POST /v1/forms", &[("content-type", "image/png")], "\u{89}PNG").status(),
        204
    );
}
