//! The functions of an app, registered and checked.

mod checks;
mod error;
mod methods;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use function_json::{Trigger, settings_in};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;

use crate::envelope::{EnvelopeError, Payload};
use crate::function::Function;
use crate::invocation::Invocation;
use crate::outcome::{Done, Failure, GivenUp};
use crate::problem::{Problem, ProblemKind, problems};
use crate::request::Request;
use crate::response::Response;
use crate::server::Server;
use crate::settings::Settings;
use crate::triggers::{
    BlobContent, ChangeFeed, GridEvent, GridEvents, HubEvent, HubEvents, KafkaEvent, KafkaEvents,
    Message, QueueMessage, TimerTick,
};

pub use error::{BuildError, RegistrationError};
pub(crate) use methods::{BoundMethods, HttpCode};
pub use methods::{MAX_BODY_BYTES, Methods, methods};

/// Base of problem types unless [`Handler::problem_types`] says otherwise.
const DEFAULT_PROBLEM_TYPES: &str = "/problems#";

pub(crate) type MessageCode = Arc<
    dyn Fn(
            Payload,
            &Trigger,
            Invocation,
        ) -> Result<BoxFuture<'static, Result<Done, Failure>>, EnvelopeError>
        + Send
        + Sync,
>;
pub(crate) type GiveUpCode =
    Arc<dyn Fn(GivenUp) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The functions of an app. What they share, clients and settings, is the app itself: a value that
/// lives as long as the process and is handed to every function.
pub struct Handler<A: 'static> {
    app: &'static A,
    registrations: Vec<Registration>,
    settings: HandlerSettings,
}

pub(crate) struct HandlerSettings {
    pub(crate) give_up: Option<GiveUpCode>,
    pub(crate) route_prefix: String,
    pub(crate) problem_types: String,
    /// The kinds of problems that answers may be, those of the crate first.
    pub(crate) problems: Vec<ProblemKind>,
    /// What the description says besides, by member.
    pub(crate) described: Vec<(String, Value)>,
    /// The settings that bindings have in percent signs; `None`: they stay as they are.
    pub(crate) in_bindings: Option<BTreeMap<String, String>>,
}

pub(crate) struct Registration {
    pub(crate) function: Function,
    pub(crate) code: Code,
}

pub(crate) enum Code {
    Http(BoundMethods),
    Unmatched(Option<HttpCode>),
    Message { code: MessageCode, expected: &'static str, is_for: fn(&Trigger) -> bool },
}

macro_rules! message_functions {
    ($($(#[$doc:meta])* $name:ident = $message:ty),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<F, R>(self, function: Function, code: F) -> Self
        where
            F: Fn(&'static A, $message, Invocation) -> R + Send + Sync + 'static,
            R: Future<Output = Result<Done, Failure>> + Send + 'static,
        {
            self.message(function, code)
        }
    )*};
}

impl<A: Sync + 'static> Handler<A> {
    /// A handler without functions.
    pub fn new(app: &'static A) -> Self {
        let settings = HandlerSettings {
            give_up: None,
            route_prefix: String::new(),
            problem_types: DEFAULT_PROBLEM_TYPES.to_owned(),
            problems: problems::ALL.to_vec(),
            described: Vec::new(),
            in_bindings: None,
        };
        Self { app, registrations: Vec::new(), settings }
    }

    /// Has `%SETTING%` in the bindings of the functions registered so far replaced by its value, as the host does it, so that
    /// what was given up says which queue it came from. [`run`](crate::run) does this; a description keeps the names.
    #[must_use]
    pub fn with_settings(mut self, settings: &Settings) -> Self {
        let texts = self.registrations.iter().map(|one| one.function.function_json);
        let names = texts.flat_map(settings_in);
        let values = names.filter_map(|name| Some((name.to_owned(), settings.platform(name)?)));
        self.settings.in_bindings = Some(values.collect());
        self
    }

    /// The route prefix of host.json (`extensions.http.routePrefix`), which stays in the path that
    /// a handler sees. Empty unless said; mind that the host's own default is `api`.
    #[must_use]
    pub fn route_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.route_prefix = prefix.into();
        self
    }

    /// What stands before a problem's slug in its `type`, such as `/v1/docs#`. `/problems#` unless said.
    #[must_use]
    pub fn problem_types(mut self, base: impl Into<String>) -> Self {
        self.settings.problem_types = base.into();
        self
    }

    /// Kinds of problems that functions answer with, for the application's description. May be
    /// called for several lists, such as those of libraries and the app's own. A kind of the
    /// crate's own [`problems`](crate::problems) may be named again with another title; any other
    /// slug must not stand for two kinds.
    #[must_use]
    pub fn problems(mut self, kinds: &[ProblemKind]) -> Self {
        self.settings.problems.extend_from_slice(kinds);
        self
    }

    /// Adds to the application's description ([`describe`](crate::describe)): a list joins the list
    /// of that member, where entries that differ only in `uses` become one; any other value
    /// becomes the member. A value that does not serialise becomes null.
    #[must_use]
    pub fn describe_with(
        mut self,
        member: impl Into<String>,
        value: &(impl Serialize + ?Sized),
    ) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.settings.described.push((member.into(), value));
        self
    }

    /// An HTTP function.
    #[must_use]
    pub fn http(self, function: Function, methods: Methods<A>) -> Self {
        let code = Code::Http(methods.bind(self.app));
        self.register(function, code)
    }

    /// A catch-all HTTP function that answers what no other function takes, needing no code: 405
    /// with `Allow` where another function has the path but not the method, else 404, both as
    /// problems. Without one the host answers both itself, as 404 without a body. An app whose paths
    /// lie in several places has one for each of them.
    #[must_use]
    pub fn unmatched(self, function: Function) -> Self {
        self.register(function, Code::Unmatched(None))
    }

    /// As [`Handler::unmatched`], with code of its own for the paths that no function has.
    #[must_use]
    pub fn fallback<F, R>(self, function: Function, code: F) -> Self
    where
        F: Fn(&'static A, Request) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response, Problem>> + Send + 'static,
    {
        let bound = methods().any(code).bind(self.app).any;
        self.register(function, Code::Unmatched(bound))
    }

    message_functions! {
        /// A function for messages of a storage queue (`queueTrigger`).
        queue = QueueMessage,
        /// A function for changes of a Cosmos DB container (`cosmosDBTrigger`).
        cosmos_db = ChangeFeed,
        /// A function for single Event Grid events (`eventGridTrigger`).
        event_grid = GridEvent,
        /// A function for Event Grid events in batches (`eventGridTrigger`, `cardinality: many`).
        event_grid_batch = GridEvents,
        /// A function for single Event Hubs events (`eventHubTrigger`, `cardinality: one`).
        event_hub = HubEvent,
        /// A function for Event Hubs events in batches (`eventHubTrigger`, `cardinality: many`).
        event_hub_batch = HubEvents,
        /// A function for single records of Kafka (`kafkaTrigger`, `cardinality: one`, `dataType: binary`).
        kafka = KafkaEvent,
        /// A function for records of Kafka in batches (`kafkaTrigger`, `cardinality: many`, `dataType: binary`).
        kafka_batch = KafkaEvents,
        /// A function that runs on a schedule (`timerTrigger`).
        timer = TimerTick,
        /// A function for new and changed blobs (`blobTrigger`).
        blob = BlobContent,
    }

    /// What keeps the messages that functions give up. Only when it succeeds is the host told that
    /// the message is dealt with; otherwise it tries again. Required as soon as there is a message
    /// function. It may be called more than once for the same message.
    #[must_use]
    pub fn on_give_up<F, R, E>(mut self, keep: F) -> Self
    where
        F: Fn(&'static A, GivenUp) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: fmt::Display,
    {
        let app = self.app;
        self.settings.give_up = Some(Arc::new(move |given_up| {
            keep(app, given_up).map(|kept| kept.map_err(|error| error.to_string())).boxed()
        }));
        self
    }

    /// Checks that functions and their function.json go together and makes them ready to answer.
    /// An app's test that calls this finds what would otherwise stop the handler at start.
    pub fn build(self) -> Result<Server, BuildError> {
        let Self { registrations, mut settings, .. } = self;
        let functions = checks::check(registrations, &mut settings)?;
        Ok(Server::new(functions, settings))
    }

    fn message<M, F, R>(self, function: Function, code: F) -> Self
    where
        M: Message,
        F: Fn(&'static A, M, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Done, Failure>> + Send + 'static,
    {
        let app = self.app;
        let code: MessageCode = Arc::new(move |payload, trigger, invocation: Invocation| {
            let message = M::read(payload, &invocation.metadata, trigger)?;
            Ok(code(app, message, invocation).boxed())
        });
        self.register(function, Code::Message { code, expected: M::EXPECTED, is_for: M::is_for })
    }

    fn register(mut self, function: Function, code: Code) -> Self {
        self.registrations.push(Registration { function, code });
        self
    }
}
