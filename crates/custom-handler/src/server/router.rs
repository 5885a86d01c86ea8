use std::collections::HashMap;

use function_json::{Precedence, RouteParams};
use http::Method;

use super::{Kind, Role, Served, refusal};
use crate::handler::HttpCode;
use crate::problem::Problem;

/// Which function a request is for.
pub(super) struct Router {
    /// Functions that get envelopes, by name, in exactly this case.
    envelopes: HashMap<&'static str, usize>,
    /// HTTP functions that see the client's request, the most specific route first.
    routes: Vec<usize>,
    /// Those that answer what the others do not take, the most specific route first.
    unmatched: Vec<usize>,
}

pub(super) enum Found {
    /// The host asks whether the handler is there.
    Ready,
    Envelope(usize),
    Http {
        function: &'static str,
        code: HttpCode,
        params: RouteParams,
        max_body_bytes: usize,
        route: String,
    },
    Refused {
        function: &'static str,
        problem: Problem,
    },
}

/// In the log, for a request that reached no function.
const NO_FUNCTION: &str = "-";

impl Router {
    pub(super) fn new(functions: &[Served]) -> Self {
        let mut envelopes = HashMap::new();
        let mut routes: Vec<(Precedence, usize)> = Vec::new();
        let mut unmatched: Vec<(Precedence, usize)> = Vec::new();
        for (index, function) in functions.iter().enumerate() {
            match &function.kind {
                _ if function.is_enveloped() => {
                    envelopes.insert(function.name, index);
                }
                Kind::Http { role: Role::Ordinary, route, .. } => {
                    routes.push((route.precedence(), index));
                }
                Kind::Http { route, .. } => unmatched.push((route.precedence(), index)),
                Kind::Message(_) => {}
            }
        }
        Self {
            envelopes,
            routes: most_specific_first(routes),
            unmatched: most_specific_first(unmatched),
        }
    }

    pub(super) fn find(
        &self,
        functions: &[Served],
        method: &Method,
        path: &str,
        has_invocation: bool,
    ) -> Found {
        // Only the host's question comes without an invocation; a function may have the path too.
        if path == "/" && !has_invocation && matches!(*method, Method::GET | Method::HEAD) {
            return Found::Ready;
        }
        if *method == Method::POST
            && let Some(index) = path.strip_prefix('/').and_then(|name| self.envelopes.get(name))
        {
            return Found::Envelope(*index);
        }
        let mut allowed = Vec::new();
        for index in &self.routes {
            if let Some(found) = matching(&functions[*index], method, path, &mut allowed) {
                return found;
            }
        }
        self.find_unmatched(functions, method, path, &allowed)
    }

    fn find_unmatched(
        &self,
        functions: &[Served],
        method: &Method,
        path: &str,
        allowed: &[Method],
    ) -> Found {
        let mut catch_alls = self.unmatched.iter().map(|index| &functions[*index]);
        let unmatched = catch_alls.find(|function| function.has_path(path));
        if let Some(found) = unmatched
            .filter(|_| allowed.is_empty())
            .and_then(|f| matching(f, method, path, &mut Vec::new()))
        {
            return found;
        }
        let function = unmatched.map_or(NO_FUNCTION, |function| function.name);
        Found::Refused { function, problem: refusal(allowed) }
    }
}

fn most_specific_first(mut routes: Vec<(Precedence, usize)>) -> Vec<usize> {
    routes.sort();
    routes.into_iter().map(|(_, index)| index).collect()
}

/// The function, if both its route and its methods fit; notes what it does take if only its route fits.
fn matching(
    served: &Served,
    method: &Method,
    path: &str,
    allowed: &mut Vec<Method>,
) -> Option<Found> {
    let Kind::Http { methods, route, listed, .. } = &served.kind else { return None };
    let params = route.matches(path)?;
    let is_listed = listed.as_ref().is_none_or(|listed| listed.contains(method));
    if let Some(code) = methods.code(method).filter(|_| is_listed) {
        return Some(Found::Http {
            function: served.name,
            code: code.clone(),
            params,
            max_body_bytes: methods.max_body_bytes,
            route: route.to_string(),
        });
    }
    let coded = || methods.by_method.iter().map(|(method, _)| method.clone()).collect();
    for method in listed.clone().unwrap_or_else(coded) {
        if !allowed.contains(&method) {
            allowed.push(method);
        }
    }
    None
}
