//! Which function owns a path. The apps share one gateway, as they share one API Management in Azure.

use std::sync::Arc;

use function_json::{HttpTrigger, Precedence, RouteParams, RouteTemplate, Segment, Trigger};
use http::Method;

use crate::{App, Function};

/// All routes of all apps, those of one app by the names of their functions.
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
        // As the host orders them (`FunctionMetadataManager.cs`): by name, whatever stands in the route.
        routes.sort_by_cached_key(|route| {
            (route.app, route.function.name.to_string().to_uppercase())
        });
        complaints.extend(complaints_about(apps, &routes)?);
        Ok((Self(routes), complaints))
    }

    /// The function for a method and a path as a handler would get it, without its query.
    ///
    /// Within an app the first route wins that matches, by the order of the functions' names. Methods are constraints: a
    /// route with the wrong method does not match, and a later one may. Among the apps, which in Azure have an address
    /// each, the most specific route wins. A path that an app owns by a specific route is never handed to another
    /// app's catch-all, and a catch-all takes nothing that a route of another app answers.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Matched> {
        let mut owner: Option<&Route> = None;
        let mut first_of_each: Vec<(&Route, RouteParams)> = Vec::new();
        for route in &self.0 {
            if first_of_each.last().is_some_and(|(first, _)| first.app == route.app) {
                continue;
            }
            let Some(values) = route.template.matches(path) else { continue };
            if route.allows(method) {
                first_of_each.push((route, values));
            } else if !route.is_catch_all && owner.is_none_or(|owner| route.beats(owner)) {
                owner = Some(route);
            }
        }
        let is_theirs = |route: &Route| {
            let another = owner.filter(|owner| owner.app != route.app && owner.beats(route));
            route.is_catch_all && another.is_some()
        };
        first_of_each
            .into_iter()
            .filter(|(route, _)| !is_theirs(route))
            .min_by_key(|(route, _)| (route.is_catch_all, &route.precedence))
            .map(|(route, values)| route.matched(&values))
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

    fn beats(&self, other: &Self) -> bool {
        self.precedence < other.precedence
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

/// Routes that get nothing, or less than they say, as sentences; an error if those of two apps are the same.
fn complaints_about(apps: &[Arc<App>], routes: &[Route]) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for (index, later) in routes.iter().enumerate() {
        for earlier in routes[..index].iter().filter(|route| route.shares_a_method_with(later)) {
            let [one, other] = [earlier, later]
                .map(|route| format!("{}/{}", apps[route.app].name, route.function.name));
            let both = format!("{one} and {other} have the same route {}", later.template);
            match (earlier.template.is_same(&later.template), earlier.app == later.app) {
                (true, false) => {
                    return Err(format!(
                        "{both} and a method in common: an app's routes lie below a path of its own; change one of the two"
                    ));
                }
                (true, true) => complaints
                    .push(format!("{both} and a method in common: the first gets the requests")),
                (false, true) if earlier.template.shadows(&later.template) => {
                    complaints.push(format!(
                        "{one} takes paths of {other}: routes of an app are tried by the names of their functions, and {} \
                         stands before {}; rename one of the two",
                        earlier.template, later.template
                    ));
                }
                (false, _) => {}
            }
        }
    }
    Ok(complaints)
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
        routes.sort_by_cached_key(|route| {
            (route.app, route.function.name.to_string().to_uppercase())
        });
        Routes(routes)
    }

    fn found(routes: &Routes, method: Method, path: &str) -> Option<String> {
        routes.find(&method, path).map(|matched| matched.function.name.to_string())
    }

    #[test]
    fn among_apps_literal_beats_constrained_beats_parameter_beats_catch_all() {
        let routes = routes(&[
            (0, "rest", "v1/{*path}", None),
            (1, "any", "v1/{id}", None),
            (2, "number", "v1/{id:int}", None),
            (3, "me", "v1/me", None),
        ]);
        for (path, expected) in
            [("/v1/me", "me"), ("/V1/7", "number"), ("/v1/x", "any"), ("/v1/x/y", "rest")]
        {
            assert_eq!(found(&routes, Method::GET, path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(found(&routes, Method::GET, "/v2"), None);
    }

    #[test]
    fn within_an_app_the_first_name_in_the_alphabet_wins_in_any_case() {
        let routes = routes(&[
            (0, "b", "things/{id}", None),
            (0, "A", "things/{*rest}", None),
            (0, "c", "other/{id}", Some(["get"].as_slice())),
            (0, "D", "other/{*rest}", None),
        ]);
        let found = |method, path| found(&routes, method, path);
        assert_eq!(found(Method::GET, "/things/1").as_deref(), Some("A"));
        assert_eq!(found(Method::GET, "/other/1").as_deref(), Some("c"));
        assert_eq!(found(Method::PUT, "/other/1").as_deref(), Some("D"));
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
        assert_eq!(found(Method::PUT, "/v1/a/own").as_deref(), Some("any_of_a"));
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
