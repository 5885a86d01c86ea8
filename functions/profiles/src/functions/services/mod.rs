//! `v1/services`

use super::service;
use crate::app::App;
use crate::domain::{Service, ServiceDraft};
use crate::problems;
use crate::views::ServiceView;
use azure_data::WriteError;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use public_api::problems::{invalid_body, unavailable};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// GET: the catalogue, in the order of the services' ids.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let page = Page::of(&app.continuation, "services", request.query()?)?;
    let services = app.services.list(page.after.as_deref(), page.fetch()).await;
    let position = |service: &Service| service.id.to_string();
    page.answer_as(&app.continuation, services.map_err(unavailable)?, position, ServiceView::from)
}

/// POST: adds a service, with the `id` of the body or one that is made up.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, draft) = ServiceDraft::parse_new(&request.json_value()?).map_err(invalid_body)?;
    let id = id.unwrap_or_else(|| Uuid::now_v7().into());
    let service = Service::new(id, draft, app.clock.now());
    match app.services.create(&service).await {
        Ok(()) => Ok(service::added(service)),
        Err(WriteError::Conflict) => Err(problems::service_exists(&service.id)),
        Err(WriteError::Failed(failure)) => Err(unavailable(failure)),
    }
}
