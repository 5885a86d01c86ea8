//! `v1/services`

use crate::app::App;
use crate::domain::{Service, ServiceDraft};
use crate::problems;
use custom_handler::{Problem, Request, Response};
use iommi_app::{Page, Refusal};
use uuid::Uuid;

/// GET: the catalogue, in the order of the services' ids.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let page = Page::of(&app.continuation, "services", request.query()?)?;
    let services = app.services.list(page.after.as_deref(), page.fetch()).await;
    page.answer(&app.continuation, services.map_err(problems::unavailable)?, |service| {
        service.id.to_string()
    })
}

/// POST: adds a service, with the `id` of the body or one that is made up.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, draft) =
        ServiceDraft::parse_new(&request.json_value()?).map_err(problems::invalid_body)?;
    let id = id.unwrap_or_else(|| Uuid::now_v7().into());
    let service = Service::new(id, draft, app.clock.now());
    match app.services.create(&service).await {
        Ok(()) => Ok(crate::service::added(&service)),
        Err(Refusal::Changed) => Err(problems::service_exists(&service.id)),
        Err(Refusal::Failed(failure)) => Err(problems::unavailable(failure)),
    }
}
