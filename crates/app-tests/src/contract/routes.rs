//! Which function the host calls: it tries the routes of an app by the names of the functions, in any case of letters,
//! and the first that matches wins, however wide its route is.

use super::none;
use crate::App;
use contract_check::description::Function;
use function_json::RouteTemplate;

/// Fails if a function takes paths of another one that is more specific and has a later name.
pub fn routes(app: &App) {
    none(findings(&app.description().functions));
}

fn findings(functions: &[Function]) -> Vec<String> {
    let mut routed: Vec<_> = functions.iter().filter_map(with_route).collect();
    routed.sort_by_cached_key(|(function, _)| function.name.to_uppercase());
    let mut findings = Vec::new();
    for (index, (later, narrow)) in routed.iter().enumerate() {
        for (earlier, wide) in &routed[..index] {
            if share_a_method(earlier, later) && (wide.is_same(narrow) || wide.shadows(narrow)) {
                findings.push(format!(
                    "{} ({wide}) takes paths of {} ({narrow}): the host tries routes by the names of the functions; \
                     rename one of the two",
                    earlier.name, later.name
                ));
            }
        }
    }
    findings
}

fn with_route(function: &Function) -> Option<(&Function, RouteTemplate)> {
    let route = function.route.as_deref()?;
    let template = RouteTemplate::parse(route).unwrap_or_else(|error| panic!("{error}"));
    Some((function, template))
}

fn share_a_method(one: &Function, other: &Function) -> bool {
    match (&one.methods, &other.methods) {
        (Some(mine), Some(theirs)) => mine.iter().any(|method| theirs.contains(method)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, route: &str, methods: Option<&[&str]>) -> Function {
        Function {
            name: name.to_owned(),
            trigger: "http".to_owned(),
            bindings: Vec::new(),
            methods: methods.map(|them| them.iter().map(|&method| method.to_owned()).collect()),
            route: Some(route.to_owned()),
            unmatched: false,
        }
    }

    #[test]
    fn a_wide_route_with_an_early_name_is_found() {
        let cakes = function("cakes", "v1/cakes/{id}", Some(&["get"]));
        let of = |other: Function| findings(&[cakes.clone(), other]).len();
        assert_eq!(of(function("All", "v1/{*path}", None)), 1);
        assert_eq!(of(function("unmatched", "v1/{*path}", None)), 0);
        assert_eq!(of(function("all", "v1/{*path}", Some(&["post"]))), 0);
        assert_eq!(of(function("same", "V1/Cakes/{id}", None)), 1);
    }
}
