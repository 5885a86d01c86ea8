//! The functions that every app has, in one call: health, the contract, its page, and what answers where there is
//! nothing.

use crate::health::{self, Dependency};
use crate::problems;
use custom_handler::{Function, Handler, Request, Response, methods};

/// An app that tells how it is.
pub trait HealthChecks: Sync + 'static {
    /// Asks everything that the app cannot work without, at once (`futures::join!`).
    fn dependencies(&self) -> impl Future<Output = Vec<Dependency>> + Send;
}

/// The functions that every app has; made by [`contract_functions!`](crate::contract_functions!).
#[derive(Debug, Clone, Copy)]
pub struct ContractFunctions {
    /// `GET <prefix>/health/{probe}`.
    pub health: Function,
    /// `GET <prefix>/openapi.yaml`.
    pub openapi: Function,
    /// `GET <prefix>/docs`.
    pub docs: Function,
    /// Those that answer what no other function has a path for.
    pub unmatched: &'static [Function],
    /// The contract as it is served.
    pub contract: &'static str,
    /// The contract as a page for people.
    pub page: &'static str,
}

/// Puts the functions that every app has into a handler.
pub trait WithContract {
    /// Registers them, names the kinds of problems that any app can answer, and lets the `type` of every problem lead
    /// to the page of the contract.
    ///
    /// ```
    /// use azure_data::Container;
    /// use custom_handler::Handler;
    /// use public_api::{ContractFunctions, HealthChecks, WithContract, health::Dependency};
    ///
    /// struct App { cakes: Container }
    ///
    /// impl HealthChecks for App {
    ///     async fn dependencies(&self) -> Vec<Dependency> {
    ///         let read = async { self.cakes.read::<()>("ping", "ping").await.map(drop) };
    ///         vec![Dependency::ask("cosmosDb", read).await]
    ///     }
    /// }
    ///
    /// fn handler(app: &'static App, functions: ContractFunctions) -> Handler<App> {
    ///     Handler::new(app).contract(functions)
    /// }
    /// ```
    #[must_use]
    fn contract(self, functions: ContractFunctions) -> Self;
}

impl<A: HealthChecks> WithContract for Handler<A> {
    fn contract(self, functions: ContractFunctions) -> Self {
        let ContractFunctions { contract, page, .. } = functions;
        let answer_health = |app: &'static A, request: Request| async move {
            health::answer(&request, app.dependencies()).await
        };
        let openapi = move |_: &'static A, _: Request| async move { Ok(Response::yaml(contract)) };
        let docs = move |_: &'static A, _: Request| async move { Ok(Response::html(page)) };
        let handler = self
            .problem_types(format!("{}#", functions.docs.url(&[])))
            .problems(problems::ALL)
            .http(functions.health, methods().get(answer_health))
            .http(functions.openapi, methods().get(openapi))
            .http(functions.docs, methods().get(docs));
        functions.unmatched.iter().copied().fold(handler, Handler::unmatched)
    }
}

/// The functions that every app has, from the folders `health`, `openapi`, `docs` and `unmatched`, and those named here,
/// which answer further paths where there is nothing. Each folder stands beside the file that says this, and holds a
/// `function.json` and nothing else; the contract is what the app's `build.rs` made of it (crates/contract-page).
///
/// ```text
/// // src/functions/mod.rs
/// pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions![];
/// // src/main.rs
/// Handler::new(app).contract(functions::CONTRACT)
/// ```
#[macro_export]
macro_rules! contract_functions {
    ($($unmatched:literal),* $(,)?) => {
        $crate::ContractFunctions {
            health: ::custom_handler::function!("health"),
            openapi: ::custom_handler::function!("openapi"),
            docs: ::custom_handler::function!("docs"),
            unmatched: &[
                ::custom_handler::function!("unmatched"),
                $(::custom_handler::function!($unmatched)),*
            ],
            contract: ::core::include_str!(::core::concat!(::core::env!("OUT_DIR"), "/openapi.yaml")),
            page: ::core::include_str!(::core::concat!(::core::env!("OUT_DIR"), "/docs.html")),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct App;

    impl HealthChecks for App {
        async fn dependencies(&self) -> Vec<Dependency> {
            Vec::new()
        }
    }

    const fn get(name: &'static str, function_json: &'static str) -> Function {
        Function::new(name, function_json)
    }

    macro_rules! route {
        ($route:literal) => {
            concat!(
                r#"{"bindings": [{"type": "httpTrigger", "direction": "in", "name": "request", "methods": ["get"], "route": ""#,
                $route,
                r#""}, {"type": "http", "direction": "out", "name": "response"}]}"#
            )
        };
    }

    #[test]
    fn every_app_gets_the_same_functions_and_kinds() {
        let functions = ContractFunctions {
            health: get("health", route!("cakes/v1/health/{probe}")),
            openapi: get("openapi", route!("cakes/v1/openapi.yaml")),
            docs: get("docs", route!("cakes/v1/docs")),
            unmatched: &[],
            contract: "openapi: 3.1.0",
            page: "<!doctype html>",
        };
        let described = custom_handler::describe(|_: &custom_handler::Settings| {
            Ok::<_, custom_handler::SettingsError>(Handler::new(&App).contract(functions))
        });
        let described: serde_json::Value = serde_json::from_str(&described.unwrap()).unwrap();
        let routes: Vec<_> = described["functions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["route"].as_str().unwrap())
            .collect();
        assert_eq!(routes, ["cakes/v1/health/{probe}", "cakes/v1/openapi.yaml", "cakes/v1/docs"]);
        let kinds = described["problems"].as_array().unwrap();
        assert!(kinds.iter().any(|kind| kind["kind"] == "busy"));
    }
}
