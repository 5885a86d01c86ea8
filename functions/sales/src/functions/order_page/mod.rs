//! `sales/orders/{orderId}`: an order for our own people: its steps, what each left behind, and what can be done. Without a
//! script.

use crate::app::App;
use crate::domain::{Happened, Order, OrderId, Step, StepProgress, StepState};
use crate::restarting::{self, Restart};
use crate::{cancelling, page, problems};
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use serde_json::Value;
use staff_pages::{Form, enter, see_other};
use values::moment;

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "order.html")]
struct One {
    url: String,
    token: String,
    order: Order,
    net: String,
    placed_at: String,
    steps: Vec<StepRow>,
    history: Vec<Entry>,
    is_cancellable: bool,
}

/// A step and what it left behind.
struct StepRow {
    progress: StepProgress,
    since: String,
    why: String,
    /// `None`: it left nothing, or that is gone.
    payload: Option<String>,
    is_restartable: bool,
}

struct Entry {
    at: String,
    what: String,
    by: String,
}

pub(crate) fn url(id: OrderId) -> String {
    FUNCTION.url(&[("orderId", &id.to_string())])
}

/// GET: the order, step by step.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::guarded(show(app, request).await)
}

async fn show(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match enter(&request, page::ROLE)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let id: OrderId = request.param("orderId")?;
    let found = app.orders.read(id).await.map_err(unavailable)?;
    let order = found.ok_or_else(|| problems::no_such_order(id))?;
    let mut steps = Vec::new();
    for step in order.progress.steps() {
        steps.push(step_row(app, &order, step).await?);
    }
    let content = One {
        url: url(id),
        token: app.form_key.token(&person.id, app.clock.now()),
        net: order.net().map_err(problems::too_much)?.to_string(),
        placed_at: moment::text(order.placed_at),
        steps,
        history: order.history.iter().rev().map(entry).collect(),
        is_cancellable: order.cancelled.is_none() && !order.progress.is_done(Step::Provision),
        order,
    };
    let title = format!("Order {id}");
    page::frame(&title, &person.name).page(&content)
}

async fn step_row(app: &App, order: &Order, step: &StepProgress) -> Result<StepRow, Problem> {
    let payload = match &step.path {
        Some(path) => match app.payloads.read::<Value>(path).await {
            Ok(payload) => serde_json::to_string_pretty(&payload).ok(),
            Err(crate::store::PayloadError::Expired(_)) => None,
            Err(error) => return Err(problems::not_kept(error)),
        },
        None => None,
    };
    let was_made = matches!(step.state, StepState::Done | StepState::Failed);
    let why = step.problem.as_ref();
    Ok(StepRow {
        progress: step.clone(),
        since: moment::text(step.since),
        why: why.map(|it| format!("{}: {}", it.code.name(), it.detail)).unwrap_or_default(),
        payload,
        is_restartable: was_made && order.cancelled.is_none(),
    })
}

fn entry(happened: &Happened) -> Entry {
    let step = happened.step.map(|step| format!(" {step}")).unwrap_or_default();
    let attempt = happened.attempt.map(|number| format!(", attempt {number}")).unwrap_or_default();
    Entry {
        at: moment::text(happened.at),
        what: format!("{}{step}{attempt}", happened.what),
        by: happened.by.clone().unwrap_or_default(),
    }
}

/// POST: restarts it from a step, or cancels it.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (person, form) = Form::sent(&app.form_key, &request, page::ROLE, app.clock.now())?;
    page::guarded(act(app, &request, &person.id, &form).await)
}

async fn act(app: &App, request: &Request, by: &str, form: &Form) -> Result<Response, Problem> {
    let id: OrderId = request.param("orderId")?;
    match form.get("action") {
        "cancel" => cancelling::cancel(app, id).await?,
        step => {
            let from = step.parse().map_err(|error| problems::wrong_form("/action", error))?;
            let what = Restart { from, resend: !form.get("resend").is_empty(), by };
            restarting::restart(app, id, what).await.map_err(problems::not_restarted)?;
        }
    }
    Ok(see_other(&url(id)))
}
