use std::fmt;

use function_json::{FunctionJsonError, InvalidFunctionName, MissingSetting, RouteTemplateError};
use http::Method;
use thiserror::Error;

use crate::problem::ProblemKind;

/// Why the functions of a handler and their `function.json` do not go together.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The folder's name is not one the host loads.
    #[error(transparent)]
    Name(#[from] InvalidFunctionName),
    /// The file is not one the host loads.
    #[error("function {function}: {source}")]
    FunctionJson {
        /// The function.
        function: &'static str,
        /// What is wrong with its file.
        source: FunctionJsonError,
    },
    /// The file names a setting that there is not: the host does not load the function either.
    #[error("function {function}: {source}; set it, to what the host has")]
    Setting {
        /// The function.
        function: &'static str,
        /// The binding and the setting.
        source: MissingSetting,
    },
    /// The route, behind the route prefix, is no template.
    #[error("function {function}: {source}")]
    Route {
        /// The function.
        function: &'static str,
        /// What is wrong with its route.
        source: RouteTemplateError,
    },
    /// No function is registered.
    #[error("the handler has no functions; register at least one")]
    NoFunctions,
    /// A function is registered twice.
    #[error("function {function} is registered twice; remove one of the two")]
    Twice {
        /// The function.
        function: &'static str,
    },
    /// A function is registered as something that its trigger is not.
    #[error(
        "function {function} is registered for {expected}, but its function.json has {found}; register it as that, or change the file"
    )]
    WrongTrigger {
        /// The function.
        function: &'static str,
        /// What it is registered for.
        expected: &'static str,
        /// The trigger in the file.
        found: String,
    },
    /// An HTTP function cannot answer.
    #[error(
        "function {function} has an httpTrigger but no http output; add {{ \"type\": \"http\", \"direction\": \"out\", \"name\": \"response\" }}"
    )]
    NoHttpOutput {
        /// The function.
        function: &'static str,
    },
    /// Code for a method that the host never passes.
    #[error(
        "function {function} has code for {method}, which its function.json does not list; add it to `methods` or remove the code"
    )]
    MethodNotListed {
        /// The function.
        function: &'static str,
        /// The method.
        method: Method,
    },
    /// A method that the host passes and nothing answers.
    #[error(
        "function {function} has no code for {method}, which its function.json lists; register some or remove it from `methods`"
    )]
    MethodMissing {
        /// The function.
        function: &'static str,
        /// The method.
        method: Method,
    },
    /// An HTTP function without any code.
    #[error("function {function} has code for no method; register some, or use `methods().any(…)`")]
    NoMethods {
        /// The function.
        function: &'static str,
    },
    /// Two functions want the same requests.
    #[error(
        "functions {function} and {other} both take {method} {route}; change one of the routes or methods"
    )]
    SameRoute {
        /// One function.
        function: &'static str,
        /// The other.
        other: &'static str,
        /// A method they share.
        method: String,
        /// The route they share.
        route: String,
    },
    /// The function for unmatched requests is not a catch-all.
    #[error(
        "function {function} is to answer what no other function takes, but does not see all of it; end its route with `{{*path}}`, leave `methods` out and have no bindings besides http"
    )]
    NotCatchAll {
        /// The function.
        function: &'static str,
    },
    /// Two functions for unmatched requests with the same route.
    #[error(
        "functions {function} and {other} both answer unmatched requests of one route; keep one"
    )]
    TwoUnmatched {
        /// One function.
        function: &'static str,
        /// The other.
        other: &'static str,
    },
    /// One slug for two kinds of problems.
    #[error(
        "the problem {} is registered as {} \"{}\" and as {} \"{}\"; give one of the two another slug",
        one.slug, one.status.code().as_u16(), one.title, other.status.code().as_u16(), other.title
    )]
    TwoKinds {
        /// The first kind.
        one: ProblemKind,
        /// The other.
        other: ProblemKind,
    },
    /// A client could reach the place where the host delivers envelopes.
    #[error(
        "the route of function {function}, {route}, also takes POST /{enveloped}, where the host calls function {enveloped}: a client could forge messages; put the route behind a first segment of its own, such as `v1/`"
    )]
    ReachesEnvelope {
        /// The HTTP function.
        function: &'static str,
        /// Its route.
        route: String,
        /// The function that gets envelopes.
        enveloped: &'static str,
    },
    /// A message function may give up, and nothing keeps what it gives up.
    #[error(
        "function {function} takes messages and nothing keeps those it gives up; name it with `on_give_up`"
    )]
    NoGiveUp {
        /// The function.
        function: &'static str,
    },
}

/// Every reason why a handler does not start.
#[derive(Debug)]
pub struct BuildError(pub(crate) Vec<RegistrationError>);

impl BuildError {
    /// The reasons, function by function.
    pub fn reasons(&self) -> &[RegistrationError] {
        &self.0
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "registering the functions:")?;
        self.0.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

impl std::error::Error for BuildError {}
