//! The overview: what is wrong at the top, then apps, data and the latest invocations.

use askama::Template;
use local_data::Service;
use serde::Serialize;

use super::{
    Visit,
    apps::AppView,
    clock::ClockView,
    frame::Frame,
    invocations::InvocationRow,
    services::{BlobContainerSummary, ContainerSummary, QueueSummary},
    simulators::SimulatorView,
};
use crate::triggers::WireError;

/// How many invocations are listed here.
const INVOCATIONS_SHOWN: usize = 12;

/// How many apps are shown with all their functions; of more, each is a row, and its functions are on the page of apps.
const APPS_IN_FULL: usize = 1;

#[derive(Template, Serialize)]
#[template(path = "overview.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    #[serde(skip)]
    frame: Frame,
    problems: Vec<Problem>,
    clock: ClockView,
    apps: Vec<AppView>,
    simulators: Vec<SimulatorView>,
    queues: Reading<QueueSummary>,
    containers: Reading<ContainerSummary>,
    blob_containers: Reading<BlobContainerSummary>,
    endpoints: [(&'static str, String); 5],
    invocations: Vec<InvocationRow>,
}

/// Something wrong, and what to do about it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    what: String,
    remedy: String,
    link: Option<Link>,
    /// The app whose restart is the remedy.
    restart: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) to: String,
}

/// What a data service said, or why nothing was read.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reading<T> {
    pub(super) items: Vec<T>,
    pub(super) problem: Option<String>,
}

impl<T> Reading<T> {
    /// Reads, unless the service has a simulated fault: looking must not use it up.
    pub(super) async fn of(
        visit: &Visit,
        service: Service,
        read: impl Future<Output = Result<Vec<T>, WireError>>,
    ) -> Self {
        if visit.page.faults.disturbs(service) {
            let why = format!("not read: a simulated fault of {service} is on");
            return Self { items: Vec::new(), problem: Some(why) };
        }
        match read.await {
            Ok(items) => Self { items, problem: None },
            Err(error) => Self { items: Vec::new(), problem: Some(error.to_string()) },
        }
    }
}

impl Overview {
    pub(super) async fn of(visit: &Visit) -> Self {
        let services = &visit.page.services;
        let (queues, containers, blob_containers) = tokio::join!(
            Reading::of(visit, Service::Queue, services.queues()),
            Reading::of(visit, Service::Cosmos, services.containers()),
            Reading::of(visit, Service::Blob, services.blob_containers()),
        );
        let platform = &visit.page.platform;
        let at = &platform.endpoints;
        let apps = AppView::all(visit);
        Self {
            frame: Frame::new(visit, "Overview", "overview"),
            problems: problems(&apps, &queues),
            clock: ClockView::of(visit),
            apps,
            simulators: SimulatorView::all(visit),
            queues,
            containers,
            blob_containers,
            endpoints: [
                ("Gateway", at.gateway.clone()),
                ("Cosmos DB", at.cosmos.clone()),
                ("Blob", at.blob.clone()),
                ("Queue", at.queue.clone()),
                ("OTLP", at.otlp.clone()),
            ],
            invocations: InvocationRow::all(&platform.journal.latest(INVOCATIONS_SHOWN)),
        }
    }
}

impl Overview {
    /// Whether there is a picture of how fast changes reach customers.
    fn has_figures(&self) -> bool {
        super::delivery::is_drawn()
    }

    fn has_mocks(&self) -> bool {
        self.apps.iter().any(|app| !app.mocks.is_empty())
    }

    /// More apps than a screen holds with all their functions are one row each.
    fn has_many_apps(&self) -> bool {
        self.apps.len() > APPS_IN_FULL
    }
}

fn problems(apps: &[AppView], queues: &Reading<QueueSummary>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for app in apps {
        let name = &app.name;
        if let Some(why) = &app.stopped {
            problems.push(Problem {
                what: format!("{name} is stopped: {why}"),
                remedy: "Mend what the message says, then restart the app.".to_owned(),
                link: None,
                restart: Some(name.clone()),
            });
        } else if app.instances.iter().any(|instance| instance.state == "gone") {
            problems.push(Problem {
                what: format!("{name}'s handler left with code 0: every call fails"),
                remedy: "A handler must run until it is killed. Mend it, then restart the app."
                    .to_owned(),
                link: None,
                restart: Some(name.clone()),
            });
        }
        problems.extend(app.broken.iter().map(|broken| Problem {
            what: format!("{name}: {} is not loaded. {}", broken.name, broken.problem),
            remedy: "The other functions run. Mend the file and start the host again.".to_owned(),
            link: None,
            restart: None,
        }));
    }
    problems.extend(apps.iter().filter_map(unreadable));
    problems.extend(queues.items.iter().filter_map(poisoned));
    problems
}

/// A contract that cannot be read as it is.
fn unreadable(app: &AppView) -> Option<Problem> {
    let problem = app.contract_problem.as_ref()?;
    let remedy = if problem.last_good {
        "Until it is mended and saved, the last good contract is answered from."
    } else {
        "Until it is mended and saved, nothing is answered from it. Functions run."
    };
    Some(Problem {
        what: format!("{}: {}", app.name, problem.what),
        remedy: remedy.to_owned(),
        link: None,
        restart: None,
    })
}

fn poisoned(queue: &QueueSummary) -> Option<Problem> {
    let count = queue.messages.filter(|count| queue.poison && *count > 0)?;
    let noun = if count == 1 { "message" } else { "messages" };
    Some(Problem {
        what: format!("{count} {noun} in {} could not be processed", queue.name),
        remedy: "Find out why in the invocations, mend it, then send them again.".to_owned(),
        link: Some(Link {
            text: "Look at them".to_owned(),
            to: format!("/admin/page/queues/{}", queue.name),
        }),
        restart: None,
    })
}
