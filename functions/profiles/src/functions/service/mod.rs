//! `v1/services/{serviceId}`

use crate::app::App;
use crate::domain::{Body, Form, Service, ServiceId};
use crate::problems;
use crate::views::ServiceView;
use azure_data::{Item, WriteError};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, unavailable};
use public_api::versions::{self, Put, expect, optional_if_match};
use serde_json::{Value, json};

pub(crate) const FUNCTION: Function = function!();

/// GET: the service; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let known = request.if_none_match()?;
    let service = read(app, &id).await?.value;
    Ok(versions::unless_known(&ServiceView::from(service), known))
}

/// PUT: with `If-Match` replaces the service, with `If-None-Match: *` adds it under this id.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    match Put::of(&request, "the service")? {
        Put::Add => put_new(app, id, &request).await,
        Put::Replace(expected) => {
            let body = request.json_value()?;
            let current = expect(read(app, &id).await?, &expected)?;
            store(app, &current, Form::Whole, |_| body).await
        }
    }
}

/// PATCH: merges the body (RFC 7396) into the service, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let expected = request.if_match()?;
    let patch = request.merge_patch()?;
    let current = expect(read(app, &id).await?, &expected)?;
    store(app, &current, Form::Merged, |view| versions::merged(view, &patch)).await
}

/// DELETE: removes a service that is retired or has no subscribers.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let expected = optional_if_match(&request)?;
    let current = read(app, &id).await?;
    let current = match &expected {
        Some(expected) => expect(current, expected)?,
        None => current,
    };
    match app.services.delete(&current, &app.profiles, app.clock.now()).await {
        Ok(()) => Ok(Response::no_content()),
        Err(error) => Err(problems::not_deleted(&id, error)),
    }
}

/// The answer to a new service: 201, where it is, and its version.
pub(crate) fn added(service: Service) -> Response {
    let url = FUNCTION.url(&[("serviceId", service.id.as_str())]);
    versions::created(&ServiceView::from(service), &url)
}

async fn put_new(app: &App, id: ServiceId, request: &Request) -> Result<Response, Problem> {
    let body = request.json_value()?;
    let service = Service::parse(id, &body, app.clock.now()).map_err(invalid_body)?;
    match app.services.create(&service).await {
        Ok(()) => Ok(added(service)),
        Err(WriteError::Conflict) => {
            let current = read(app, &service.id).await?.value;
            Err(versions::precondition_failed(current.revision))
        }
        Err(WriteError::Failed(failure)) => Err(unavailable(failure)),
    }
}

async fn read(app: &App, id: &ServiceId) -> Result<Item<Service>, Problem> {
    let service = app.services.read(id).await.map_err(unavailable)?;
    service.ok_or_else(|| problems::no_such_service(id))
}

async fn store(
    app: &App,
    current: &Item<Service>,
    form: Form,
    body: impl FnOnce(&ServiceView) -> Value,
) -> Result<Response, Problem> {
    let view = ServiceView::from(current.value.clone());
    let (shown, body) = (json!(view), body(&view));
    let body = Body { json: &body, shown: &shown, form };
    let edited = current.value.replaced_with(&body, app.clock.now()).map_err(invalid_body)?;
    match app.services.replace(current, &edited).await {
        Ok(()) => Ok(versions::current(&ServiceView::from(edited))),
        Err(WriteError::Conflict) => {
            let now = read(app, &edited.id).await?.value;
            Err(versions::precondition_failed(now.revision))
        }
        Err(WriteError::Failed(failure)) => Err(unavailable(failure)),
    }
}
