//! The mocks of one app: the operations of its contract that none of its functions answers.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use contract_mock::{Contract, Operation, Specificity};
use function_json::{AuthLevel, HttpTrigger, Trigger};
use http::Method;

use super::live::{Live, Look};
use crate::{App, Log, gateway::Matched};

/// The file of an app's contract, in its folder.
const CONTRACT: &str = "openapi.yaml";
/// What a function without `methods` answers.
const ALL_METHODS: [Method; 7] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::OPTIONS,
    Method::HEAD,
    Method::PATCH,
];

/// The mocks of an app.
#[derive(Debug)]
pub(crate) struct AppMocks {
    app: Arc<App>,
    live: Live,
    /// The operations that functions answer, without the names of parameters.
    served: BTreeSet<String>,
    /// Whether the app has no routes but catch-alls: it then knows by itself what it answers.
    routes_itself: bool,
    /// Whether there is any mock: an app without one costs its requests nothing.
    has_mocks: AtomicBool,
}

/// An operation that is answered from the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mock {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The month for which its function is planned.
    pub(crate) planned: Option<String>,
}

impl AppMocks {
    pub(super) fn read(app: &Arc<App>, log: &Log) -> Self {
        let http: Vec<&HttpTrigger> = triggers(app).collect();
        let named = http.iter().filter(|trigger| !is_catch_all(trigger));
        let mocks = Self {
            live: Live::read(&app.source.folder.join(CONTRACT)),
            served: named.clone().flat_map(|trigger| shapes(app, trigger)).collect(),
            routes_itself: !http.is_empty() && named.count() == 0,
            app: Arc::clone(app),
            has_mocks: AtomicBool::new(false),
        };
        mocks.count();
        if let Some(problem) = mocks.live.problem() {
            log.error(
                &app.name,
                format_args!("no operation is answered from the contract: {problem}"),
            );
        }
        mocks
    }

    fn count(&self) {
        self.has_mocks.store(!self.all().is_empty(), Ordering::Relaxed);
    }

    /// The operations that are answered from the contract, in its order.
    pub(crate) fn all(&self) -> Vec<Mock> {
        self.mocks_of(self.live.contract().as_deref())
    }

    fn mocks_of(&self, contract: Option<&Contract>) -> Vec<Mock> {
        let operations = contract.into_iter().flat_map(|contract| &contract.operations);
        let mocks = operations.filter(|operation| !self.is_served(operation));
        mocks
            .map(|operation| Mock {
                method: operation.method.clone(),
                path: operation.path.clone(),
                planned: operation.planned.clone(),
            })
            .collect()
    }

    /// Why the contract cannot be read as it is.
    pub(crate) fn problem(&self) -> Option<String> {
        self.live.problem()
    }

    /// Whether a contract that could be read once is still answered from.
    pub(crate) fn has_contract(&self) -> bool {
        self.live.contract().is_some()
    }

    pub(super) fn contract(&self) -> Option<Arc<Contract>> {
        self.live.contract()
    }

    /// Whether a function answers an operation.
    pub(super) fn is_served(&self, operation: &Operation) -> bool {
        self.served.contains(&operation.shape())
            || (self.routes_itself && operation.planned.is_none())
    }

    /// The key that a mock asks for where keys are asked for: none if one of the app's functions asks for none.
    pub(super) fn auth_level(&self) -> AuthLevel {
        let is_open = triggers(&self.app).any(|trigger| trigger.auth_level == AuthLevel::Anonymous);
        if is_open { AuthLevel::Anonymous } else { AuthLevel::Function }
    }

    pub(super) fn finds(&self, method: &Method, path: &str) -> Option<Specificity> {
        if !self.has_mocks.load(Ordering::Relaxed) {
            return None;
        }
        self.live.contract()?.finds(method, path, |operation| self.is_served(operation))
    }

    pub(super) fn owns(&self, path: &str) -> bool {
        self.live
            .contract()
            .is_some_and(|contract| contract.owns(path, |operation| self.is_served(operation)))
    }

    /// How exact the route of a function of this app is; nothing for a catch-all, which is for what nobody else answers.
    pub(super) fn specificity(&self, matched: &Matched) -> Option<Specificity> {
        let Trigger::Http(trigger) = &matched.function.json.trigger else { return None };
        (!is_catch_all(trigger)).then(|| Specificity::of(&route(&self.app, trigger)))
    }

    /// Reads the contract again if it was saved, and tells what that changed.
    pub(super) fn look(&self, log: &Log) {
        let before = self.live.contract();
        match self.live.look() {
            Look::Same => {}
            Look::Broken(problem) => {
                let kept = if self.has_contract() {
                    "; the last good contract is answered from"
                } else {
                    ""
                };
                log.error(&self.app.name, format_args!("{problem}{kept}"));
            }
            Look::Changed => {
                self.count();
                let now = self.all();
                let count = now.len();
                let before = self.mocks_of(before.as_deref());
                let new = now.iter().filter(|mock| !before.contains(mock));
                let new: Vec<String> =
                    new.map(|mock| format!("{} {}", mock.method, mock.path)).collect();
                let new = if new.is_empty() {
                    String::new()
                } else {
                    format!(", new are {}", new.join(", "))
                };
                log.info(
                    &self.app.name,
                    format_args!("{CONTRACT} was saved: {count} operations are mocks{new}"),
                );
            }
        }
    }
}

fn triggers(app: &App) -> impl Iterator<Item = &HttpTrigger> {
    app.functions.iter().filter_map(|function| match &function.json.trigger {
        Trigger::Http(trigger) => Some(trigger),
        _ => None,
    })
}

fn is_catch_all(trigger: &HttpTrigger) -> bool {
    trigger.route.as_str().contains("{*")
}

fn route(app: &App, trigger: &HttpTrigger) -> String {
    let route = trigger.route.with_prefix(&app.host_json.route_prefix);
    route.map(|route| route.as_str().to_owned()).unwrap_or_default()
}

fn shapes(app: &App, trigger: &HttpTrigger) -> Vec<String> {
    let route = route(app, trigger);
    let methods = trigger.methods.clone().unwrap_or_else(|| ALL_METHODS.to_vec());
    methods.iter().map(|method| Operation::shape_of(method, &route)).collect()
}
