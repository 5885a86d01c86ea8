//! The catch-all function that turns the host's bare 404s into problems.

use custom_handler::{Handler, Problem, Request, Response, methods};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::{App, Running, echo, function, http_function};

fn catch_all() -> custom_handler::Function {
    catch_all_of("unmatched", "v1/{*path}")
}

fn catch_all_of(name: &'static str, route: &str) -> custom_handler::Function {
    let bindings = json!([
        { "type": "httpTrigger", "name": "req", "route": route },
        { "type": "http", "direction": "out", "name": "res" }
    ]);
    function(name, bindings)
}

fn handler() -> Handler<App> {
    Handler::new(App::default().leak())
        .http(http_function("things", "v1/things", &["get"]), methods().get(echo))
        .http(
            http_function("thing", "v1/things/{id}", &["get", "put"]),
            methods().get(echo).put(echo),
        )
}

#[tokio::test]
async fn a_wrong_method_is_a_405_and_an_unknown_path_a_404_without_any_code() {
    let running = Running::start(handler().unmatched(catch_all())).await;
    let wrong = running.request("PATCH", "/v1/things/7", &[], "{}").await;
    assert_eq!(
        (wrong.status, wrong.slug().as_str(), wrong.header("allow")),
        (405, "method-not-allowed", "GET, PUT")
    );
    let unknown = running.request("PATCH", "/v1/nothing", &[], "{}").await;
    assert_eq!((unknown.status, unknown.slug().as_str()), (404, "not-found"));
    assert_eq!(running.get("/v1/things/7").await.json()["function"], "thing");
}

#[tokio::test]
async fn a_fallback_answers_unknown_paths_and_leaves_wrong_methods_to_the_crate() {
    async fn lost(_: &App, request: Request) -> Result<Response, Problem> {
        Ok(Response::text(format!("nothing at {}", request.param::<String>("path")?)))
    }
    let running = Running::start(handler().fallback(catch_all(), lost)).await;
    assert_eq!(running.get("/v1/no/where").await.body, b"nothing at no/where");
    assert_eq!(running.request("DELETE", "/v1/things", &[], "").await.status, 405);
    assert_eq!(running.get("/v2").await.status, 404);
}

#[tokio::test]
async fn each_of_several_places_has_a_catch_all_of_its_own() {
    let general = handler().unmatched(catch_all());
    let running = Running::start(general.unmatched(catch_all_of("elsewhere", "v2/{*path}"))).await;
    for path in ["/v1/nothing", "/v2/nothing"] {
        let unknown = running.get(path).await;
        assert_eq!((unknown.status, unknown.slug().as_str()), (404, "not-found"), "{path}");
    }
    assert_eq!(running.request("PATCH", "/v1/things/7", &[], "{}").await.status, 405);
}
