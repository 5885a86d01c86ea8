//! `v1/services/{serviceId}`

use crate::app::App;
use crate::conditional::{self, expect};
use crate::domain::{Body, Service, ServiceId};
use crate::problems;
use custom_handler::{IfNoneMatch, Problem, Request, Response};
use iommi_app::{Kept, Refusal};
use serde_json::Value;

/// GET: the service; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let known = request.if_none_match()?;
    Ok(conditional::unless_known(&read(app, &id).await?.value, known))
}

/// PUT: with `If-Match` replaces the service, with `If-None-Match: *` adds it under this id.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let expected = conditional::optional_if_match(&request)?;
    let expected = match (expected, request.if_none_match()?) {
        (Some(expected), None) => expected,
        (None, Some(IfNoneMatch::Any)) => return put_new(app, id, &request).await,
        (None, None) => return Err(problems::add_or_replace()),
        (_, Some(_)) => return Err(problems::one_condition()),
    };
    let body = request.json_value()?;
    let current = expect(read(app, &id).await?, &expected)?;
    store(app, &current, &body, Body::Whole).await
}

/// PATCH: merges the body (RFC 7396) into the service, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let expected = request.if_match()?;
    let patch = request.merge_patch()?;
    let current = expect(read(app, &id).await?, &expected)?;
    let merged = conditional::merged(&current.value, &patch);
    store(app, &current, &merged, Body::Merged).await
}

/// DELETE: removes a service that is retired or has no subscribers.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ServiceId = request.param("serviceId")?;
    let expected = conditional::optional_if_match(&request)?;
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
pub(crate) fn added(service: &Service) -> Response {
    let url = crate::SERVICE.url(&[("serviceId", service.id.as_str())]);
    conditional::created(service, &url)
}

async fn put_new(app: &App, id: ServiceId, request: &Request) -> Result<Response, Problem> {
    let body = request.json_value()?;
    let service = Service::parse(id, &body, app.clock.now()).map_err(problems::invalid_body)?;
    match app.services.create(&service).await {
        Ok(()) => Ok(added(&service)),
        Err(Refusal::Changed) => {
            let current = read(app, &service.id).await?.value;
            Err(problems::precondition_failed(current.revision))
        }
        Err(Refusal::Failed(failure)) => Err(problems::unavailable(failure)),
    }
}

async fn read(app: &App, id: &ServiceId) -> Result<Kept<Service>, Problem> {
    let service = app.services.read(id).await.map_err(problems::unavailable)?;
    service.ok_or_else(|| problems::no_such_service(id))
}

async fn store(
    app: &App,
    current: &Kept<Service>,
    body: &Value,
    form: Body,
) -> Result<Response, Problem> {
    let edited = current.value.replaced_with(body, form, app.clock.now());
    let edited = edited.map_err(problems::invalid_body)?;
    match app.services.replace(current, &edited).await {
        Ok(()) => Ok(conditional::current(&edited)),
        Err(Refusal::Changed) => {
            let now = read(app, &edited.id).await?.value;
            if now == edited {
                // Our own write, of which we lost the answer.
                return Ok(conditional::current(&now));
            }
            Err(problems::precondition_failed(now.revision))
        }
        Err(Refusal::Failed(failure)) => Err(problems::unavailable(failure)),
    }
}
