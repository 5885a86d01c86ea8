//! The tests that every app has: its contract, its code and its `app.json` say the same. Used through
//! [`contract!`](crate::contract!).

mod app_json;
mod code;
mod declared;
mod routes;
mod served;

pub use code::{code, examples};
pub use declared::declarations;
pub use routes::routes;
pub use served::served;

/// Fails with everything that was found.
#[track_caller]
fn none(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// The tests that every app has, in a module `contract`:
///
/// - every route is in `openapi.yaml` and the reverse, but for operations that are planned (`x-planned: 2027-01`), and so is
///   every kind of problem with its status and title;
/// - no function takes paths that a later name is more specific about;
/// - all examples and defaults of `openapi.yaml` keep its schemas;
/// - `app.json`, what the binary says of itself (`--describe`) and the `function.json` files agree: everything used is
///   declared, everything declared is used;
/// - contract and page are served, health is told, and what no route takes is a problem;
/// - nothing of what clients, messages, documents and events say is in any telemetry ([`feeding`](crate::feeding)).
///
/// `contract!(pages: ["console"])` names functions that answer people with pages and are in no contract;
/// `contract!(fed: crate::marked::feed)` feeds the app in its own way.
#[macro_export]
macro_rules! contract {
    () => {
        $crate::contract!(pages: []);
    };
    (pages: [$($page:literal),* $(,)?]) => {
        $crate::contract!(pages: [$($page),*], fed: |feeding| $crate::feeding::alone($crate::this_app!(), feeding));
    };
    (fed: $feed:expr) => {
        $crate::contract!(pages: [], fed: $feed);
    };
    (pages: [$($page:literal),* $(,)?], fed: $feed:expr) => {
        mod contract {
            const PAGES: &[&str] = &[$($page),*];

            #[test]
            fn the_contract_has_every_route_and_every_kind_of_problem_and_no_other() {
                $crate::contract::code(&$crate::this_app!(), PAGES);
            }

            #[test]
            fn no_function_takes_paths_of_a_later_one() {
                $crate::contract::routes(&$crate::this_app!());
            }

            #[test]
            fn the_examples_of_the_contract_keep_the_contract() {
                $crate::contract::examples(&$crate::this_app!());
            }

            #[test]
            fn what_the_app_uses_is_declared_and_what_it_declares_is_used() {
                $crate::contract::declarations(&$crate::this_app!());
            }

            #[test]
            fn the_contract_is_served_health_is_told_and_what_no_route_takes_is_a_problem() {
                $crate::contract::served($crate::this_app!());
            }

            #[test]
            fn nothing_that_was_said_to_a_function_is_in_any_telemetry() {
                $crate::feeding::feed($feed);
            }
        }
    };
}
