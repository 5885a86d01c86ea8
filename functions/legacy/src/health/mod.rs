//! `ops/v1/health/{probe}`

use crate::app::App;
use custom_handler::{Problem, Request, Response};
use iommi_app::health::{self, Dependency, Probe};

/// GET: `live` says that the process answers, `ready` that everything it depends on does.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    match request.param("probe")? {
        Probe::Live => Ok(health::live()),
        Probe::Ready => {
            let blobs = async { app.payloads.properties("ping").await.map(drop) };
            let queues = async { app.outbox.length().await.map(drop) };
            let asked = futures::join!(
                Dependency::ask("cosmosDb", app.syncs.ping()),
                Dependency::ask("blobStorage", blobs),
                Dependency::ask("queueStorage", queues),
            );
            health::ready(&[asked.0, asked.1, asked.2])
        }
    }
}
