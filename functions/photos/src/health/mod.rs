//! `v1/photos/health/{probe}`

use crate::app::App;
use custom_handler::{Problem, Request, Response};
use iommi_app::health::{self, Dependency, Probe};

/// GET: `live` says that the process answers, `ready` that everything it depends on does. Content Safety is not
/// among it: while it is down photos wait, and nothing else does.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    match request.param("probe")? {
        Probe::Live => Ok(health::live()),
        Probe::Ready => {
            let (cosmos_db, storage) = futures::join!(
                Dependency::ask("cosmosDb", app.photos.ping()),
                Dependency::ask("storage", app.blobs.ping()),
            );
            health::ready(&[cosmos_db, storage])
        }
    }
}
