//! Whether a contract and the code say the same. Each difference is a sentence that says what to write where.

use crate::{Contract, Description, description::Function};
use contract_page::plan::{gaps, routes_of};
use std::collections::BTreeSet;

impl Contract {
    /// What the contract and the app say differently about routes and kinds of problems; empty if nothing.
    ///
    /// `pages` names the functions that serve pages for people and are no part of the contract.
    ///
    /// ```
    /// use contract_check::{Contract, Description};
    ///
    /// let contract = Contract::of("{paths: {}, x-problems: {}}");
    /// let app = Description::parse(
    ///     r#"{"functions": [], "settings": [], "problems": [{"kind": "too-hot", "status": 409, "title": "Too hot"}],
    ///         "containers": [], "queues": [], "blobContainers": [], "eventTypes": []}"#,
    /// )?;
    /// assert_eq!(
    ///     contract.differences(&app, &[]),
    ///     ["openapi.yaml does not explain the problem `too-hot`: write under x-problems \
    ///       `too-hot: { status: 409, title: Too hot, remedy: … }`, or refer to the shared contract that explains it"]
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn differences(&self, app: &Description, pages: &[&str]) -> Vec<String> {
        let mut differences = self.differing_routes(app, pages);
        differences.extend(self.differing_problems(app));
        differences
    }

    fn differing_routes(&self, app: &Description, pages: &[&str]) -> Vec<String> {
        let mut differences = Vec::new();
        for page in pages.iter().filter(|page| app.functions.iter().all(|f| f.name != **page)) {
            differences.push(format!(
                "`{page}` is said to be a page outside of openapi.yaml, but there is no such function: strike it off"
            ));
        }
        let declared = self.routes();
        let mut served = BTreeSet::new();
        for function in &app.functions {
            for route in routes(function) {
                if !declared.contains(&route) && !pages.contains(&function.name.as_str()) {
                    differences.push(format!(
                        "the function `{}` answers {route}, which openapi.yaml does not have: write it under paths, or \
                         change route and methods in the function.json of `{}`",
                        function.name, function.name
                    ));
                }
                served.insert(route);
            }
        }
        differences.extend(gaps(&self.operations(), &served).iter().map(ToString::to_string));
        differences
    }

    fn differing_problems(&self, app: &Description) -> Vec<String> {
        let mut differences = Vec::new();
        for problem in &app.problems {
            let (kind, status, title) = (&problem.kind, problem.status, &problem.title);
            let Some(explained) = self.problem(kind) else {
                differences.push(format!(
                    "openapi.yaml does not explain the problem `{kind}`: write under x-problems `{kind}: {{ status: \
                     {status}, title: {title}, remedy: … }}`, or refer to the shared contract that explains it"
                ));
                continue;
            };
            if explained["status"] != status {
                differences.push(format!(
                    "the problem `{kind}` has status {status} in the code and {} in x-problems of openapi.yaml: \
                     clients know the latter; change the code, or the contract with a new version",
                    explained["status"]
                ));
            }
            if explained["title"] != title.as_str() {
                differences.push(format!(
                    "the problem `{kind}` has the title \"{title}\" in the code and {} in x-problems of openapi.yaml: \
                     write the same in both",
                    explained["title"]
                ));
            }
        }
        let made: BTreeSet<String> = app.problems.iter().map(|p| p.kind.clone()).collect();
        differences.extend(self.problems().difference(&made).map(|kind| {
            format!(
                "openapi.yaml explains the problem `{kind}`, which the app does not name: give it to \
                 `Handler::problems`, or strike it from x-problems"
            )
        }));
        differences
    }
}

/// Every `METHOD /path` of a function, as a contract writes it; what answers requests that no other function has a route
/// for is no part of a contract.
fn routes(function: &Function) -> Vec<String> {
    let (Some(methods), Some(route), false) =
        (&function.methods, &function.route, function.unmatched)
    else {
        return Vec::new();
    };
    routes_of(methods, route)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    fn app() -> Description {
        let http = |name: &str, route: &str, methods: &[&str]| json!({"name": name, "trigger": "http", "bindings": [], "methods": methods, "route": route});
        let mut unmatched = http("unmatched", "cakes/{*rest}", &["get"]);
        unmatched["unmatched"] = true.into();
        let description = json!({
            "functions": [
                http("cake", "cakes/v1/{id:guid}", &["get", "put"]), unmatched,
                http("console", "cakes/console", &["get"]),
                {"name": "bake", "trigger": "queue", "bindings": []},
            ],
            "settings": [{"name": "A", "purpose": "a", "example": "1", "required": false, "default": null}],
            "problems": [{"kind": "no-such-cake", "status": 404, "title": "There is no such cake"}],
            "containers": [{"database": "cakes", "name": "cakes", "uses": ["read"]}],
            "queues": [{"name": "cakes-bake", "uses": ["trigger"]}], "blobContainers": [],
            "eventTypes": [{"type": "com.iommi.cakes.baked.v1", "uses": ["send"]}], "more": {},
        });
        Description::parse(&description.to_string()).unwrap()
    }

    const SAME: &str = "
paths:
  /cakes/v1/{id}: { parameters: [], summary: Cakes, get: {}, put: {} }
x-problems: { no-such-cake: { status: 404, title: There is no such cake, remedy: Bake it. } }
";

    #[test]
    fn what_says_the_same_has_no_differences() {
        assert_eq!(Contract::of(SAME).differences(&app(), &["console"]), Vec::<String>::new());
    }

    #[test]
    fn a_planned_operation_needs_no_function_and_has_none() {
        let planned = SAME.replace("put: {}", "put: {}, post: { x-planned: 2027-01 }");
        assert_eq!(Contract::of(&planned).differences(&app(), &["console"]), Vec::<String>::new());
        let here = SAME.replace("put: {}", "put: { x-planned: 2027-01 }");
        assert_eq!(
            Contract::of(&here).differences(&app(), &["console"]),
            [
                "openapi.yaml says that PUT /cakes/v1/{id} is planned, and a function answers it: take x-planned away"
            ]
        );
        let some_day = SAME.replace("put: {}", "put: {}, post: { x-planned: some day }");
        assert_eq!(
            Contract::of(&some_day).differences(&app(), &["console"]),
            [
                "openapi.yaml has x-planned: \"some day\" at POST /cakes/v1/{id}: write the month as YYYY-MM, such as 2027-01"
            ]
        );
    }

    #[test]
    fn each_difference_says_what_to_write_where() {
        let other = SAME
            .replace("put: {}", "delete: {}")
            .replace("status: 404", "status: 410")
            .replace("title: There is", "title: Here is");
        let differences = Contract::of(&other.replace("x-problems: {", "x-problems: { gone: {},"))
            .differences(&app(), &["consol"]);
        let beginnings = [
            "`consol` is said to be a page outside of openapi.yaml, but there is no such function",
            "the function `cake` answers PUT /cakes/v1/{id}, which openapi.yaml does not have: write it under paths",
            "the function `console` answers GET /cakes/console, which openapi.yaml does not have",
            "openapi.yaml has DELETE /cakes/v1/{id}, which no function answers: write a function.json",
            "the problem `no-such-cake` has status 404 in the code and 410 in x-problems of openapi.yaml",
            "the problem `no-such-cake` has the title \"There is no such cake\" in the code and \"Here is no such cake\"",
            "openapi.yaml explains the problem `gone`, which the app does not name",
        ];
        assert_eq!(differences.len(), beginnings.len(), "{differences:#?}");
        for (difference, beginning) in differences.iter().zip(beginnings) {
            assert!(difference.starts_with(beginning), "{difference}");
        }
    }
}
