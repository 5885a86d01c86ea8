//! What is in the path, the query, headers and cookies.

use crate::rig::{get, send, shop};

#[test]
fn parameters_of_every_style_are_read_and_held_against_their_schemas() {
    let shop = shop();
    for good in [
        "",
        "?state=open",
        "?state=open&state=closed",
        "?ids=1,2,3",
        "?ids=1%2C2",
        "?tags=a|b%7Cc",
        "?filter[minimum]=3",
        "?filter%5Bsince%5D=2027-01-31T12:00:00%2B01:00&filter[tag]=a&filter[tag]=b",
        "?limit=100&paid=true",
        "?where=%7B%22city%22:%22Oslo%22%7D",
        "?unknown=1",
    ] {
        assert_eq!(get(&shop, &format!("/v1/orders{good}")).status(), 200, "{good}");
    }
    for (bad, mistake) in [
        ("?state=open,closed", "state/0 must be open or closed"),
        ("?ids=1,x", "ids/1 must be a whole number"),
        ("?ids=1,2,3,4", "ids must have at most 3 items"),
        ("?tags=a|a", "tags must not have the same item twice"),
        ("?filter[minimum]=few", "filter/minimum must be a whole number"),
        (
            "?filter[since]=today",
            "filter/since must be a date and time such as 2027-01-31T12:00:00Z",
        ),
        ("?filter[other]=1", "filter/other is not known; take it away"),
        ("?limit=0", "limit must be at least 1"),
        ("?limit=1.5", "limit must be a whole number"),
        ("?limit=", "limit must be a whole number"),
        ("?limit=%201", "limit must be a whole number"),
        ("?limit=1&limit=2", "limit is given more than once"),
        ("?paid=yes", "paid must be true or false"),
        ("?where=%7B%7D", "where/city is required"),
    ] {
        get(&shop, &format!("/v1/orders{bad}")).refused(400, "invalid-parameter", &[mistake]);
    }
    let json = get(&shop, "/v1/orders?where=Oslo").refusal();
    assert!(json.2[0].starts_with("where must be JSON"), "{json:?}");
}

#[test]
fn all_that_is_wrong_is_named_at_once() {
    let shop = shop();
    let headers = [("x-client", "Me"), ("x-parts", "1, b"), ("cookie", "other=1; session=abc")];
    send(&shop, "GET /v1/orders?limit=0&paid=x", &headers, "").refused(
        400,
        "invalid-parameter",
        &[
            "limit must be at least 1",
            "paid must be true or false",
            "session must have at least 4 characters",
            "X-Client must match the pattern ^[a-z]+/\\d+$",
            "X-Parts/1 must be a whole number",
        ],
    );
    send(&shop, "GET /v1/orders", &[], "").refused(
        400,
        "invalid-parameter",
        &["session is required"],
    );
}

#[test]
fn a_path_is_decoded_once_and_the_plain_one_comes_first() {
    let shop = shop();
    assert_eq!(get(&shop, "/v1/orders/newest").json()["newest"], true);
    assert_eq!(get(&shop, "/v1/orders/01980c6e-1111-7000-8000-000000000001").status(), 200);
    get(&shop, "/v1/orders/oldest").refused(
        400,
        "invalid-parameter",
        &["orderId must be a UUID such as 01980c6e-1111-7000-8000-000000000001"],
    );
    assert_eq!(get(&shop, "/v1/names/a%20b%2F%C3%BC").status(), 204);
    assert_eq!(get(&shop, "/v1/names/pl%61in").status(), 204);
    get(&shop, "/v1/names/a%2520b").refused(
        400,
        "invalid-parameter",
        &["name must be a b/ü or plain"],
    );
}

#[test]
fn a_change_without_its_condition_is_428() {
    let shop = shop();
    let path = "DELETE /v1/orders/01980c6e-1111-7000-8000-000000000001";
    send(&shop, path, &[], "").refused(428, "precondition-required", &["If-Match is required"]);
    assert_eq!(send(&shop, path, &[("if-match", "\"1\"")], "").status(), 204);
}

#[test]
fn who_shows_nothing_is_asked_to() {
    let shop = shop();
    let got = get(&shop, "/v1/secret");
    got.refused(
        401,
        "not-signed-in",
        &["X-Key is required", "Authorization is required: bearer …"],
    );
    assert_eq!(got.header("www-authenticate"), Some("Bearer"));
    for shown in [("x-key", "1"), ("authorization", "Bearer x")] {
        assert_eq!(send(&shop, "GET /v1/secret", &[shown], "").status(), 204);
    }
    assert_eq!(send(&shop, "GET /v1/secret", &[("authorization", "Basic x")], "").status(), 401);
}

#[test]
fn other_paths_and_methods_are_told_what_there_is() {
    let shop = shop();
    let got = get(&shop, "/v1/order");
    got.refused(404, "not-found", &[]);
    let detail = got.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("near it are /v1/orders, "), "{detail}");
    let got = send(&shop, "PATCH /v1/orders", &[], "");
    got.refused(405, "method-not-allowed", &[]);
    assert_eq!(got.header("allow"), Some("GET, POST"));
}

#[test]
fn the_path_of_the_server_may_stand_in_front() {
    let shop = shop();
    assert_eq!(shop.base_path(), "/api");
    assert_eq!(get(&shop, "/api/v1/orders").status(), 200);
    assert_eq!(get(&shop, "/other/v1/orders").status(), 404);
}
