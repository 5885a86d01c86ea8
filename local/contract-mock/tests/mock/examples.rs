//! What an answer shows.

use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rig::{get, post, send, shop, written};

#[test]
fn the_first_example_of_the_lowest_success_is_shown_with_its_headers() {
    let shop = shop();
    let got = get(&shop, "/v1/orders");
    assert_eq!((got.status(), got.json()), (200, json!([])));
    assert_eq!((got.header("etag"), got.header("x-total")), (Some("\"7\""), Some("3")));
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.complaint, None);
}

#[test]
fn what_has_no_example_is_made_up_the_same_each_time() {
    let shop = shop();
    let expected = json!({
        "id": "01980c6e-1111-7000-8000-000000000001",
        "at": "2027-01-01T12:00:00Z",
        "state": "open",
        "note": "text",
        "email": "kim.larsen@example.com",
        "total": 0.01,
        "lines": [{ "sku": "A-0", "count": 1 }],
    });
    let order = json!({ "at": "2027-01-31T12:00:00Z", "lines": [{ "sku": "A-1", "count": 1 }] });
    for _ in 0..2 {
        let mut made = post(&shop, "/v1/orders", &order).json();
        made.sort_all_objects();
        let mut expected = expected.clone();
        expected.sort_all_objects();
        assert_eq!(made, expected);
    }
    let made = post(&shop, "/v1/orders", &order);
    assert_eq!(made.header("location"), Some("/v1/orders/01980c6e-1111-7000-8000-000000000001"));
}

#[test]
fn circles_and_branches_come_to_an_end() {
    let shop = shop();
    let tree = get(&shop, "/v1/tree");
    assert_eq!((tree.status(), &tree.json()["name"]), (200, &json!("text")));
    let paid = post(&shop, "/v1/payments", &json!({ "kind": "debit", "iban": "x" }));
    assert_eq!(paid.json(), json!({ "kind": "card", "number": "text" }));
    assert_eq!(
        post(&shop, "/v1/strict", &json!({ "b": "yy" })).json(),
        json!({ "a": "text", "b": "text" })
    );
}

#[test]
fn another_branch_is_taken_where_the_first_has_no_end() {
    let contract = written(
        "
openapi: 3.1.0
info: { title: A, version: '1' }
paths:
  /a: { get: { responses: { 200: { description: A., content: { application/json: { schema: { $ref: '#/components/schemas/Expression' } } } } } } }
  /b: { get: { responses: { 200: { description: B., content: { application/json: {} } } } } }
components:
  schemas:
    Expression:
      oneOf:
        - { type: object, required: [not], properties: { not: { $ref: '#/components/schemas/Expression' } } }
        - { type: integer, minimum: 5 }
",
    );
    assert_eq!(get(&contract, "/a").json(), json!(5));
    assert_eq!(get(&contract, "/b").json(), json!({}), "nothing is said of it");
}

#[test]
fn where_nothing_is_found_the_author_is_asked_for_an_example() {
    let got = get(&shop(), "/v1/impossible");
    got.refused(500, "no-example", &[]);
    assert!(got.complaint.is_some_and(|complaint| complaint.contains("write an example")));
}

#[test]
fn schemas_show_examples_and_defaults_of_their_parts() {
    let contract = written(
        "
openapi: 3.1.0
info: { title: A, version: '1' }
paths:
  /a:
    get:
      responses:
        200:
          description: A.
          content:
            application/json:
              schema:
                type: object
                properties:
                  name: { type: string, examples: [Kim, Bo] }
                  size: { type: integer, default: 7 }
                  kind: { const: cake }
                  at: { type: array, minItems: 3, uniqueItems: true, items: { type: string, format: date } }
                  any: { additionalProperties: { type: number, maximum: -1 } }
                  code: { type: string, pattern: '^[0-9a-f]{4}(-x)?$' }
                  long: { type: string, minLength: 6, maxLength: 6 }
  /b:
    get:
      responses: { 200: { description: B., content: { application/json: { schema: { type: integer }, example: seven } } } }
",
    );
    assert_eq!(
        get(&contract, "/a").json(),
        json!({
            "name": "Kim", "size": 7, "kind": "cake", "at": ["2027-01-01", "2027-01-02", "2027-01-03"],
            "any": { "key": -1 }, "code": "aaaa", "long": "textte",
        })
    );
    let wrong = get(&contract, "/b");
    assert_eq!(wrong.json(), json!("seven"), "it is what the author wrote");
    assert_eq!(
        wrong.complaint.as_deref(),
        Some("GET /b: its example is not as its schema says: it must be a whole number")
    );
}

#[test]
fn a_client_gets_a_type_that_it_accepts() {
    let shop = shop();
    let accept = |accept| {
        send(&shop, "GET /v1/orders", &[("cookie", "session=abcd"), ("accept", accept)], "")
    };
    let csv = accept("text/*");
    assert_eq!(
        (csv.header("content-type"), csv.response.body().as_ref()),
        (Some("text/csv"), &b"id\n1\n"[..])
    );
    assert_eq!(
        accept("application/json;q=0.1, text/csv;q=0.2").header("content-type"),
        Some("text/csv")
    );
    accept("image/png").refused(
        406,
        "not-acceptable",
        &["Accept must take one of application/json, text/csv"],
    );
    accept("application/json").json();
}
