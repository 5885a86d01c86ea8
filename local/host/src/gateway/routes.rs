//! Which function owns a path. The apps share one gateway, as they share one API Management in Azure.

use std::sync::Arc;

use function_json::{HttpTrigger, Precedence, RouteParams, RouteTemplate, Segment, Trigger};
use http::Method;

use crate::{App, Function};

/// All routes of all apps, most specific first.
#[derive(Debug, Default)]
pub(crate) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    app: usize,
    function: Arc<Function>,
    template: RouteTemplate,
    methods: Option<Vec<Method>>,
    is_catch_all: bool,
    precedence: Precedence,
}

/// A function found for a request.
#[derive(Debug)]
pub(crate) struct Matched {
    /// The index of the app.
    pub(crate) app: usize,
    pub(crate) function: Arc<Function>,
    /// Every parameter of the template in order, `None` for an optional one that the path leaves out.
    pub(crate) params: Vec<(String, Option<String>)>,
}

impl Routes {
    /// Collects the routes; the second value tells of routes that cannot be reached, each as a sentence. A route that
    /// two apps have is an error, since which of them would answer is chance.
    pub(crate) fn new(apps: &[Arc<App>]) -> Result<(Self, Vec<String>), String> {
        let mut routes: Vec<Route> = Vec::new();
        let mut complaints = Vec::new();
        for (index, app) in apps.iter().enumerate() {
            for function in &app.functions {
                let Trigger::Http(http) = &function.json.trigger else { continue };
                match Route::new(index, function, http, &app.host_json.route_prefix) {
                    Ok(route) => routes.push(route),
                    Err(problem) => {
                        complaints.push(format!("{}/{}: {problem}", app.name, function.name))
                    }
                }
            }
        }
        // Stable: among equals the order of apps and functions decides.
        routes.sort_by(|a, b| a.precedence.cmp(&b.precedence));
        for (first, second) in same(&routes) {
            let [one, other] = [first, second]
                .map(|route| format!("{}/{}", apps[route.app].name, route.function.name));
            let both = format!("{one} and {other} have the same route {}", first.template);
            if first.app != second.app {
                return Err(format!(
                    "{both} and a method in common: an app's routes lie below a path of its own; change one of the two"
                ));
            }
            complaints.push(format!("{both} and a method in common: the first gets the requests"));
        }
        Ok((Self(routes), complaints))
    }

    /// The function for a method and a path as it is on the wire, without its query.
    ///
    /// The most specific route wins. Methods are constraints: a route with the wrong method does not match, and a less
    /// specific one may. Among several apps two things hold besides: a path that an app owns by a specific route is
    /// never handed to another app's catch-all, and a catch-all takes nothing that a route of another app answers.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Matched> {
        let mut owner = None;
        let mut caught: Option<(&Route, RouteParams)> = None;
        for route in &self.0 {
            let is_passed_over = match (&caught, route.is_catch_all) {
                (Some((first, _)), false) => route.app == first.app,
                (Some(_), true) => true,
                (None, true) => owner.is_some_and(|owner| owner != route.app),
                (None, false) => false,
            };
            if is_passed_over {
                continue;
            }
            let Some(values) = route.template.matches(path) else { continue };
            match (route.allows(method), route.is_catch_all) {
                (true, false) => return Some(route.matched(&values)),
                (true, true) => caught = Some((route, values)),
                (false, false) => owner = owner.or(Some(route.app)),
                (false, true) => {}
            }
        }
        caught.map(|(route, values)| route.matched(&values))
    }
}

impl Route {
    fn new(
        app: usize,
        function: &Arc<Function>,
        http: &HttpTrigger,
        prefix: &str,
    ) -> Result<Self, String> {
        let template = http.route.with_prefix(prefix).map_err(|error| error.to_string())?;
        let first = template.segments().first();
        if let Some(Segment::Literal(first)) = first
            && ["admin", "runtime", ".auth"]
                .iter()
                .any(|reserved| first.eq_ignore_ascii_case(reserved))
        {
            return Err(format!(
                "route {template} cannot be reached: paths below /{first} belong to the host"
            ));
        }
        Ok(Self {
            app,
            function: Arc::clone(function),
            methods: http.methods.clone(),
            is_catch_all: template
                .segments()
                .iter()
                .any(|segment| matches!(segment, Segment::CatchAll(_))),
            precedence: template.precedence(),
            template,
        })
    }

    fn allows(&self, method: &Method) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.contains(method))
    }

    fn shares_a_method_with(&self, other: &Self) -> bool {
        match (&self.methods, &other.methods) {
            (Some(mine), Some(theirs)) => mine.iter().any(|method| theirs.contains(method)),
            _ => true,
        }
    }

    fn matched(&self, values: &RouteParams) -> Matched {
        let params = self.template.parameters().map(|parameter| {
            let value = values.get(&parameter.name).map(str::to_owned);
            (parameter.name.clone(), value)
        });
        Matched { app: self.app, function: Arc::clone(&self.function), params: params.collect() }
    }
}

/// Pairs of routes with the same text and a method in common: only the first of each is ever called.
fn same(routes: &[Route]) -> impl Iterator<Item = (&Route, &Route)> {
    let pairs = routes
        .iter()
        .enumerate()
        .flat_map(|(index, first)| routes[index + 1..].iter().map(move |second| (first, second)));
    pairs.filter(|(first, second)| {
        first.template.as_str().eq_ignore_ascii_case(second.template.as_str())
            && first.shares_a_method_with(second)
    })
}

#[cfg(test)]
mod tests {
    use function_json::{FunctionJson, FunctionName};
    use serde_json::json;

    use super::*;
    use crate::Mode;

    /// Routes of apps given as (app, function, route, methods).
    fn routes(given: &[(usize, &str, &str, Option<&[&str]>)]) -> Routes {
        let mut routes: Vec<Route> = given
            .iter()
            .map(|(app, name, route, methods)| {
                let mut trigger = json!({"type": "httpTrigger", "name": "req", "route": route});
                if let Some(methods) = methods {
                    trigger["methods"] = json!(methods);
                }
                let text = json!({"bindings": [trigger, {"type": "http", "direction": "out", "name": "res"}]});
                let name = FunctionName::parse(name).unwrap();
                let json = FunctionJson::parse_named(&name, &text.to_string()).unwrap();
                let Trigger::Http(http) = json.trigger.clone() else { unreachable!() };
                let function = Function { name, json, mode: Mode::Proxied, enabled: true };
                Route::new(*app, &Arc::new(function), &http, "").unwrap()
            })
            .collect();
        routes.sort_by(|a, b| a.precedence.cmp(&b.precedence));
        Routes(routes)
    }

    fn found(routes: &Routes, method: Method, path: &str) -> Option<String> {
        routes.find(&method, path).map(|matched| matched.function.name.to_string())
    }

    #[test]
    fn literal_beats_constrained_beats_parameter_beats_catch_all_in_any_order_of_apps() {
        let routes = routes(&[
            (0, "rest", "v1/{*path}", None),
            (0, "any", "v1/{id}", None),
            (1, "number", "v1/{id:int}", None),
            (1, "me", "v1/me", None),
        ]);
        for (path, expected) in
            [("/v1/me", "me"), ("/V1/7", "number"), ("/v1/x", "any"), ("/v1/x/y", "rest")]
        {
            assert_eq!(found(&routes, Method::GET, path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(found(&routes, Method::GET, "/v2"), None);
    }

    #[test]
    fn a_wrong_method_is_no_match_and_falls_to_the_same_apps_catch_all_only() {
        let profile = (0, "profile", "v1/profiles/{id}", Some(["get"].as_slice()));
        let others = (1, "others", "v1/{*path}", None);
        assert_eq!(found(&routes(&[profile, others]), Method::DELETE, "/v1/profiles/1"), None);
        assert_eq!(
            found(&routes(&[profile, others]), Method::DELETE, "/v1/x").as_deref(),
            Some("others")
        );
        let own = (0, "own", "v1/{*path}", None);
        assert_eq!(
            found(&routes(&[others, own, profile]), Method::DELETE, "/v1/profiles/1").as_deref(),
            Some("own")
        );
    }

    /// The apps of this repository, as far as they own a catch-all.
    fn three_apps() -> Routes {
        routes(&[
            (0, "profile", "v1/profiles/{id}", Some(["get", "put"].as_slice())),
            (0, "unmatched", "v1/{*path}", None),
            (1, "photos_of", "v1/profiles/{profileId}/photos", Some(["get", "post"].as_slice())),
            (1, "photo", "v1/photos/{photoId}", Some(["get"].as_slice())),
            (1, "photos_unmatched", "v1/photos/{*path}", None),
            (1, "photos_of_unmatched", "v1/profiles/{profileId}/photos/{*path}", None),
            (2, "exchange", "ops/v1/exchanges/{id}", Some(["get"].as_slice())),
            (2, "ops_unmatched", "ops/{*path}", None),
        ])
    }

    #[test]
    fn each_app_gets_its_own_paths_and_the_most_specific_catch_all_what_is_left() {
        let routes = three_apps();
        for (method, path, expected) in [
            (Method::GET, "/v1/profiles/1", Some("profile")),
            (Method::POST, "/v1/profiles/1/photos", Some("photos_of")),
            (Method::GET, "/v1/photos/1", Some("photo")),
            (Method::GET, "/v1/photos/1/huge", Some("photos_unmatched")),
            (Method::GET, "/v1/photos", Some("photos_unmatched")),
            (Method::GET, "/v1/nothing", Some("unmatched")),
            (Method::GET, "/ops/v1/nothing", Some("ops_unmatched")),
            (Method::GET, "/elsewhere", None),
        ] {
            assert_eq!(found(&routes, method, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_wrong_method_is_answered_by_the_app_that_owns_the_path() {
        let routes = three_apps();
        for (path, expected) in [
            ("/v1/profiles/1", Some("unmatched")),
            ("/v1/photos/1", Some("photos_unmatched")),
            ("/ops/v1/exchanges/1", Some("ops_unmatched")),
            ("/v1/profiles/1/photos", Some("photos_of_unmatched")),
        ] {
            assert_eq!(found(&routes, Method::DELETE, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_catch_all_that_stands_first_takes_nothing_from_a_route_of_another_app() {
        let given = [
            (0, "rest_of_a", "v1/a/{*path}", None),
            (0, "any_of_a", "v1/{x}/own", None),
            (1, "any", "v1/{x}/{y}", Some(["get"].as_slice())),
        ];
        let routes = routes(&given);
        let found = |method, path| found(&routes, method, path);
        assert_eq!(found(Method::GET, "/v1/a/b").as_deref(), Some("any"));
        assert_eq!(found(Method::PUT, "/v1/a/b").as_deref(), Some("rest_of_a"));
        // Within one app the order is that of ASP.NET Core.
        assert_eq!(found(Method::PUT, "/v1/a/own").as_deref(), Some("rest_of_a"));
    }

    #[test]
    fn two_functions_may_share_a_path_by_method() {
        let routes = routes(&[
            (0, "read", "v1/things", Some(["get"].as_slice())),
            (1, "write", "v1/things", Some(["post"].as_slice())),
        ]);
        assert_eq!(found(&routes, Method::POST, "/v1/things").as_deref(), Some("write"));
        assert_eq!(found(&routes, Method::PUT, "/v1/things"), None);
    }

    #[test]
    fn parameters_are_decoded_and_missing_optional_ones_are_none() {
        let routes = routes(&[(0, "f", "v1/{name}/{page:int?}", None)]);
        let params = |path| routes.find(&Method::GET, path).unwrap().params;
        assert_eq!(
            params("/v1/a%20b"),
            [("name".to_owned(), Some("a b".to_owned())), ("page".to_owned(), None)]
        );
    }
}
