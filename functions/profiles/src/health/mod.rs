//! `v1/health/{probe}`

use crate::app::App;
use custom_handler::{Problem, Request, Response};
use iommi_app::health::{self, Dependency, Probe};

/// GET: `live` says that the process answers, `ready` that everything it depends on does.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    match request.param("probe")? {
        Probe::Live => Ok(health::live()),
        Probe::Ready => {
            let cosmos_db = Dependency::ask("cosmosDb", app.profiles.ping()).await;
            health::ready(&[cosmos_db])
        }
    }
}
