use std::borrow::Cow;
use std::collections::HashSet;

use function_json::{
    FunctionJson, FunctionName, HttpTrigger, Output, Part, RouteParameter, RouteTemplate, Segment,
    Trigger, with_settings,
};
use http::Method;

use super::{BoundMethods, BuildError, Code, HandlerSettings, Registration, RegistrationError};
use crate::function::Function;
use crate::problem::{ProblemKind, problems};
use crate::server::{Kind, Role, Served};

/// Turns registrations into functions that can be served, or says everything that is wrong.
pub(super) fn check(
    registrations: Vec<Registration>,
    settings: &mut HandlerSettings,
) -> Result<Vec<Served>, BuildError> {
    let mut errors = one_kind_for_each_slug(&mut settings.problems);
    let mut served: Vec<Served> = Vec::new();
    let mut seen = HashSet::new();
    if registrations.is_empty() {
        errors.push(RegistrationError::NoFunctions);
    }
    for registration in registrations {
        let function = registration.function.name;
        if !seen.insert(function.to_ascii_lowercase()) {
            errors.push(RegistrationError::Twice { function });
            continue;
        }
        match serve(registration, settings, &mut errors) {
            Ok(function) => served.push(function),
            Err(error) => errors.push(error),
        }
    }
    check_together(&served, settings, &mut errors);
    if errors.is_empty() { Ok(served) } else { Err(BuildError(errors)) }
}

/// Keeps one kind for each slug: the last of those that say the same, or that replace one of the
/// crate's own.
fn one_kind_for_each_slug(kinds: &mut Vec<ProblemKind>) -> Vec<RegistrationError> {
    let mut errors = Vec::new();
    let mut kept: Vec<ProblemKind> = Vec::new();
    for kind in kinds.drain(..) {
        let Some(known) = kept.iter_mut().find(|known| known.slug == kind.slug) else {
            kept.push(kind);
            continue;
        };
        let retitled = problems::ALL.contains(known) && known.status == kind.status;
        if *known != kind && !retitled {
            errors.push(RegistrationError::TwoKinds { one: *known, other: kind });
        }
        *known = kind;
    }
    *kinds = kept;
    errors
}

fn serve(
    registration: Registration,
    settings: &HandlerSettings,
    errors: &mut Vec<RegistrationError>,
) -> Result<Served, RegistrationError> {
    let Registration { function, code } = registration;
    let name = function.name;
    let text = as_loaded(function, settings)?;
    let function_json = FunctionJson::parse_named(&FunctionName::parse(name)?, &text)
        .map_err(|source| RegistrationError::FunctionJson { function: name, source })?;
    let kind = match (code, &function_json.trigger) {
        (Code::Message { code, is_for, .. }, trigger) if is_for(trigger) => Kind::Message(code),
        (Code::Message { expected, .. }, _) => {
            return Err(wrong_trigger(name, expected, &function_json));
        }
        (Code::Http(methods), Trigger::Http(http)) => {
            check_methods(name, http, &methods, errors);
            http_kind(function, &function_json, http, methods, Role::Ordinary, settings)?
        }
        (Code::Unmatched(code), Trigger::Http(http)) => {
            let ends_open = matches!(http.route.segments().last(), Some(Segment::CatchAll(_)));
            if !ends_open || http.methods.is_some() || !function_json.is_http_in_out() {
                return Err(RegistrationError::NotCatchAll { function: name });
            }
            let role = if code.is_some() { Role::Fallback } else { Role::Unmatched };
            let methods = BoundMethods {
                any: code,
                by_method: Vec::new(),
                max_body_bytes: super::MAX_BODY_BYTES,
            };
            http_kind(function, &function_json, http, methods, role, settings)?
        }
        (Code::Http(_) | Code::Unmatched(_), _) => {
            return Err(wrong_trigger(name, "an httpTrigger", &function_json));
        }
    };
    Ok(Served { name, function, function_json, kind })
}

/// The text of its `function.json`, as the host reads it where the settings are known.
fn as_loaded(
    function: Function,
    settings: &HandlerSettings,
) -> Result<Cow<'static, str>, RegistrationError> {
    let text = function.function_json;
    let Some(values) = &settings.in_bindings else { return Ok(text.into()) };
    let resolved = with_settings(text, |setting| values.get(setting).cloned());
    let missing = |source| RegistrationError::Setting { function: function.name, source };
    resolved.map(Cow::Owned).map_err(missing)
}

fn wrong_trigger(
    function: &'static str,
    expected: &'static str,
    function_json: &FunctionJson,
) -> RegistrationError {
    let cardinality = match &function_json.trigger {
        Trigger::EventGrid(grid) => Some(grid.cardinality),
        Trigger::EventHub(hub) => Some(hub.cardinality),
        Trigger::Kafka(kafka) => Some(kafka.cardinality),
        _ => None,
    };
    let kind = function_json.trigger.kind();
    let found = cardinality.map_or(kind.to_owned(), |cardinality| {
        format!("{kind} with cardinality {}", format!("{cardinality:?}").to_lowercase())
    });
    RegistrationError::WrongTrigger { function, expected, found }
}

fn http_kind(
    function: Function,
    function_json: &FunctionJson,
    http: &HttpTrigger,
    methods: BoundMethods,
    role: Role,
    settings: &HandlerSettings,
) -> Result<Kind, RegistrationError> {
    let function = function.name;
    if !function_json.outputs.iter().any(|output| output.kind == Output::Http) {
        return Err(RegistrationError::NoHttpOutput { function });
    }
    let route = http.route.with_prefix(&settings.route_prefix);
    let route = route.map_err(|source| RegistrationError::Route { function, source })?;
    Ok(Kind::Http {
        methods,
        route,
        listed: http.methods.clone(),
        enveloped: !function_json.is_http_in_out(),
        role,
    })
}

fn check_methods(
    function: &'static str,
    http: &HttpTrigger,
    methods: &BoundMethods,
    errors: &mut Vec<RegistrationError>,
) {
    if methods.by_method.is_empty() && methods.any.is_none() {
        errors.push(RegistrationError::NoMethods { function });
        return;
    }
    let Some(listed) = &http.methods else { return };
    let coded = methods.by_method.iter().map(|(method, _)| method);
    for method in coded.filter(|method| !listed.contains(method)) {
        errors.push(RegistrationError::MethodNotListed { function, method: method.clone() });
    }
    for method in listed.iter().filter(|method| methods.code(method).is_none()) {
        errors.push(RegistrationError::MethodMissing { function, method: method.clone() });
    }
}

/// What only shows when all functions are known.
fn check_together(
    served: &[Served],
    settings: &HandlerSettings,
    errors: &mut Vec<RegistrationError>,
) {
    let messages = || served.iter().filter(|function| matches!(function.kind, Kind::Message(_)));
    if settings.give_up.is_none() {
        errors.extend(
            messages().map(|function| RegistrationError::NoGiveUp { function: function.name }),
        );
    }
    check_unmatched(served, errors);
    for (index, function) in served.iter().enumerate() {
        let Kind::Http { route, listed, enveloped: false, role, .. } = &function.kind else {
            continue;
        };
        check_envelopes(function, route, listed.as_deref(), served, errors);
        if *role != Role::Ordinary {
            continue;
        }
        for other in &served[..index] {
            let Kind::Http { route: taken, listed: others, role: Role::Ordinary, .. } = &other.kind
            else {
                continue;
            };
            let same = shape(route) == shape(taken);
            if let Some(method) = shared(listed.as_deref(), others.as_deref()).filter(|_| same) {
                let route = route.to_string();
                errors.push(RegistrationError::SameRoute {
                    function: function.name,
                    other: other.name,
                    method,
                    route,
                });
            }
        }
    }
}

fn check_unmatched(served: &[Served], errors: &mut Vec<RegistrationError>) {
    let catch_alls = served.iter().filter_map(|function| match &function.kind {
        Kind::Http { role, route, .. } if *role != Role::Ordinary => Some((function.name, route)),
        _ => None,
    });
    let mut seen: Vec<(&'static str, &RouteTemplate)> = Vec::new();
    for (function, route) in catch_alls {
        if let Some((other, _)) = seen.iter().find(|(_, taken)| shape(taken) == shape(route)) {
            errors.push(RegistrationError::TwoUnmatched { function, other });
        }
        seen.push((function, route));
    }
}

fn check_envelopes(
    function: &Served,
    route: &RouteTemplate,
    listed: Option<&[Method]>,
    served: &[Served],
    errors: &mut Vec<RegistrationError>,
) {
    if listed.is_some_and(|listed| !listed.contains(&Method::POST)) {
        return;
    }
    for enveloped in served.iter().filter(|other| other.is_enveloped()) {
        if route.matches(&format!("/{}", enveloped.name)).is_some() {
            let route = route.to_string();
            errors.push(RegistrationError::ReachesEnvelope {
                function: function.name,
                route,
                enveloped: enveloped.name,
            });
        }
    }
}

/// What a route matches, whatever its parameters are called.
fn shape(route: &RouteTemplate) -> Vec<String> {
    let parameter = |parameter: &RouteParameter| format!("{{{:?}}}", parameter.constraints);
    let part = |part: &Part| match part {
        Part::Literal(text) => text.to_lowercase(),
        Part::Parameter(named) => parameter(named),
    };
    let segment = |segment: &Segment| match segment {
        Segment::Literal(text) => text.to_lowercase(),
        Segment::Parameter(named) => parameter(named),
        Segment::Mixed(parts) => parts.iter().map(part).collect(),
        Segment::CatchAll(named) => format!("*{}", parameter(named)),
    };
    route.segments().iter().map(segment).collect()
}

fn shared(one: Option<&[Method]>, other: Option<&[Method]>) -> Option<String> {
    match (one, other) {
        (None, None) => Some("every method".to_owned()),
        (Some(methods), None) | (None, Some(methods)) => methods.first().map(Method::to_string),
        (Some(one), Some(other)) => {
            one.iter().find(|method| other.contains(method)).map(Method::to_string)
        }
    }
}
