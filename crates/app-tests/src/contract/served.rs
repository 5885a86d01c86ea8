//! What every app answers: its contract, its page, its health, and what it has not.

use contract_check::Description;
use reqwest::Method;
use serde_json::json;

use crate::{App, Platform};

/// Fails unless the running app serves its contract and the page of it, tells its health, and answers what no route
/// takes, and what comes compressed, with a problem.
pub fn served(app: App) {
    let description = app.description();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let platform = Platform::start(app).await;
        contract(&platform, &description).await;
        health(&platform, &description).await;
        unmatched(&platform, &description).await;
        compressed(&platform, &description).await;
    });
}

async fn contract(platform: &Platform, description: &Description) {
    let yaml = platform.get(&format!("/{}", route_of(description, "openapi"))).await.expect(200);
    assert_eq!(String::from_utf8_lossy(&yaml.body), platform.app().contract);
    let page = platform.get(&format!("/{}", route_of(description, "docs"))).await.expect(200);
    let page = String::from_utf8(page.body).unwrap();
    let kinds = description.problems.iter().map(|problem| format!("id=\"{}\"", problem.kind));
    for part in kinds {
        assert!(page.contains(&part), "the page of the contract lacks {part}");
    }
}

async fn health(platform: &Platform, description: &Description) {
    let route = route_of(description, "health");
    let probe = |name: &str| format!("/{}", route.replace("{probe}", name));
    let live = platform.get(&probe("live")).await.expect(200).json();
    assert_eq!(live, json!({ "status": "live" }));
    let ready = platform.get(&probe("ready")).await.expect(200).json();
    for dependency in ready["dependencies"].as_array().expect("ready names dependencies") {
        assert_eq!(dependency["status"], "up", "{dependency}");
    }
    platform.get(&probe("happy")).await.refused(400, "invalid-parameter", &["probe"]);
}

async fn unmatched(platform: &Platform, description: &Description) {
    let catch_alls = description.functions.iter().filter(|function| function.unmatched);
    let routes: Vec<&str> = catch_alls.filter_map(|function| function.route.as_deref()).collect();
    assert!(!routes.is_empty(), "no function is registered with `.unmatched(…)`");
    for route in routes {
        let start = route.split("{*").next().unwrap_or_default();
        let some = |segment| if str::starts_with(segment, '{') { "some" } else { segment };
        let start: Vec<&str> = start.split('/').map(some).collect();
        let path = format!("/{}no/such/path", start.join("/"));
        let answer = platform.request(Method::GET, &path).raw().await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    let health = format!("/{}", route_of(description, "health").replace("{probe}", "live"));
    let answer = platform.request(Method::DELETE, &health).raw().await;
    let told = (answer.status, answer.problem());
    assert_eq!(told, (405, "method-not-allowed".to_owned()), "DELETE {health}");
}

/// Whatever takes a body takes none that is compressed.
async fn compressed(platform: &Platform, description: &Description) {
    for function in description.functions.iter().filter(|function| !function.unmatched) {
        let Some(route) = &function.route else { continue };
        let some = |segment| if str::starts_with(segment, '{') { "some" } else { segment };
        let path = format!("/{}", route.split('/').map(some).collect::<Vec<_>>().join("/"));
        let methods = function.methods.iter().flatten();
        for method in methods.filter(|method| ["post", "put", "patch"].contains(&method.as_str())) {
            let method: Method = method.to_uppercase().parse().unwrap();
            let request =
                platform.request(method.clone(), &path).header("content-encoding", "gzip");
            let answer = request.body("application/json", "{}".to_owned()).raw().await;
            let told = (answer.status, answer.problem());
            assert_eq!(told, (415, "unsupported-media-type".to_owned()), "{method} {path}");
            assert_eq!(answer.json()["errors"][0]["header"], "Content-Encoding", "{method} {path}");
        }
    }
}

fn route_of<'a>(description: &'a Description, function: &str) -> &'a str {
    let found = description.functions.iter().find(|known| known.name == function);
    let route = found.and_then(|function| function.route.as_deref());
    route.unwrap_or_else(|| panic!("the app has no HTTP function `{function}`"))
}
