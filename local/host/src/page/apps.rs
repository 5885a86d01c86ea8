//! The apps: their instances and functions.

use std::path::Path;

use askama::Template;
use function_json::Trigger;
use http::Method;
use serde::Serialize;

use super::{Visit, frame::Frame, instance::InstanceView};
use crate::{Function, People, banner, mock::AppMocks, platform::RunningApp};

/// All apps.
#[derive(Template, Serialize)]
#[template(path = "apps.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Apps {
    #[serde(skip)]
    frame: Frame,
    apps: Vec<AppView>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct AppView {
    pub(super) name: String,
    /// What it is there for, as its `app.json` says.
    pub(super) purpose: String,
    pub(super) root: String,
    /// The pages of people who work with it, each with the role that it asks for.
    pub(super) people: Vec<PeopleView>,
    /// Where the value of each setting comes from.
    pub(super) settings: Vec<SettingView>,
    pub(super) instances: Vec<InstanceView>,
    pub(super) functions: Vec<FunctionView>,
    pub(super) broken: Vec<BrokenView>,
    /// Operations that are answered from the contract.
    pub(super) mocks: Vec<MockView>,
    /// Why the contract cannot be read as it is.
    pub(super) contract_problem: Option<ContractProblem>,
    /// Why it takes no more requests.
    pub(super) stopped: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct PeopleView {
    pub(super) role: String,
    pub(super) page: String,
}

/// A setting without its value, which may be a secret.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SettingView {
    pub(super) name: String,
    pub(super) source: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct BrokenView {
    pub(super) name: String,
    pub(super) problem: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct MockView {
    pub(super) method: String,
    pub(super) path: String,
    /// The month for which its function is planned; nothing if the contract does not say.
    pub(super) planned: Option<String>,
    /// For a browser to follow.
    pub(super) link: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContractProblem {
    pub(super) what: String,
    /// Whether the last good contract is answered from.
    pub(super) last_good: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct FunctionView {
    pub(super) name: String,
    pub(super) trigger: &'static str,
    pub(super) methods: String,
    /// The route, the queue, the schedule…
    pub(super) about: String,
    /// For a browser to follow.
    pub(super) link: Option<String>,
    pub(super) enabled: bool,
}

impl Apps {
    pub(super) fn of(visit: &Visit) -> Self {
        Self { frame: Frame::new(visit, "Apps", ""), apps: AppView::all(visit) }
    }

    fn has_mocks(&self) -> bool {
        self.apps.iter().any(|app| !app.mocks.is_empty())
    }
}

impl AppView {
    pub(super) fn all(visit: &Visit) -> Vec<Self> {
        let apps = visit.page.platform.apps.iter().enumerate();
        apps.map(|(index, running)| Self::new(running, visit.page.mocks.of(index))).collect()
    }

    fn new(running: &RunningApp, mocks: Option<&AppMocks>) -> Self {
        let app = &running.app;
        let prefix = &app.host_json.route_prefix;
        let broken = app.broken.iter();
        let broken =
            broken.map(|one| BrokenView { name: one.name.clone(), problem: one.problem.clone() });
        Self {
            name: app.name.clone(),
            purpose: app.declared.purpose.clone(),
            people: app.declared.people.iter().map(PeopleView::of).collect(),
            settings: app.settings.sources().map(SettingView::of).collect(),
            root: from_here(&app.root),
            instances: running.pool.conditions().iter().map(InstanceView::new).collect(),
            functions: app.functions.iter().map(|f| FunctionView::new(f, prefix)).collect(),
            broken: broken.collect(),
            mocks: mocks.map(MockView::all).unwrap_or_default(),
            contract_problem: mocks.and_then(ContractProblem::of),
            stopped: running.pool.stopped(),
        }
    }
}

impl MockView {
    fn all(mocks: &AppMocks) -> Vec<Self> {
        let view = |mock: crate::mock::Mock| Self {
            link: (mock.method == Method::GET && !mock.path.contains('{'))
                .then(|| mock.path.clone()),
            method: mock.method.to_string(),
            path: mock.path,
            planned: mock.planned,
        };
        mocks.all().into_iter().map(view).collect()
    }
}

impl ContractProblem {
    fn of(mocks: &AppMocks) -> Option<Self> {
        Some(Self { what: mocks.problem()?, last_good: mocks.has_contract() })
    }
}

impl PeopleView {
    fn of(people: &People) -> Self {
        Self { role: people.role.clone(), page: people.page.clone() }
    }
}

impl SettingView {
    fn of((name, source): (&str, &'static str)) -> Self {
        Self { name: name.to_owned(), source }
    }
}

/// A path as it is seen from where the host was started, when it is below.
fn from_here(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}

impl FunctionView {
    pub(super) fn new(function: &Function, prefix: &str) -> Self {
        let (methods, about, link) = match &function.json.trigger {
            Trigger::Http(http) => {
                let methods = http.methods.as_ref().map_or_else(
                    || "any method".to_owned(),
                    |methods| methods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                );
                let route = http.route.with_prefix(prefix);
                let route = route.map(|route| format!("/{route}")).unwrap_or_default();
                (methods, route, banner::link(http, prefix).filter(|_| function.enabled))
            }
            Trigger::Queue(queue) => (String::new(), queue.queue_name.clone(), None),
            Trigger::CosmosDb(feed) => {
                (String::new(), format!("{}/{}", feed.database_name, feed.container_name), None)
            }
            Trigger::EventHub(hub) => (String::new(), hub.event_hub_name.clone(), None),
            Trigger::Kafka(kafka) => (String::new(), kafka.topic.clone(), None),
            Trigger::Timer(timer) => (String::new(), timer.schedule.clone(), None),
            Trigger::Blob(blob) => (String::new(), blob.path.clone(), None),
            Trigger::EventGrid(_) => (String::new(), String::new(), None),
        };
        Self {
            name: function.name.to_string(),
            trigger: function.trigger_word(),
            methods,
            about,
            link,
            enabled: function.enabled,
        }
    }
}
