//! `sales/orders`: orders for our own people, those that stand still first. Without a script.

use crate::app::App;
use crate::domain::{Order, OrderId, OrderState, Step, StepProgress};
use crate::functions::order_page;
use crate::restarting::{self, Restart};
use crate::store::place_of;
use crate::{page, problems, standing_query};
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use public_api::problems::unavailable;
use staff_pages::{Form, enter, see_other};
use std::collections::BTreeMap;
use values::moment;

pub(crate) const FUNCTION: Function = function!();

/// Most orders that one click restarts.
const MAX_TICKED: usize = 100;

#[derive(Template)]
#[template(path = "orders.html")]
struct List {
    list: String,
    token: String,
    state: OrderState,
    step: String,
    states: [OrderState; 4],
    steps: [Step; 7],
    rows: Vec<Row>,
    next: Option<String>,
}

/// An order as it stands.
struct Row {
    url: String,
    id: OrderId,
    step: &'static str,
    attempt: u32,
    since: String,
    why: String,
}

/// GET: those that failed unless others are asked for.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::guarded(list(app, request).await)
}

async fn list(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match enter(&request, page::ROLE)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let given: BTreeMap<String, String> = request.query()?;
    let step = given.get("step").cloned().unwrap_or_default();
    let (wanted, query) = standing_query::read(given, OrderState::Failed)?;
    let pages = Page::of(&app.continuation, "orders-page", query)?;
    let orders = app.orders.standing(wanted, pages.after.as_deref(), pages.fetch()).await;
    let orders = orders.map_err(unavailable)?;
    let (orders, next) = pages.cut(&app.continuation, orders, place_of)?;
    let content = List {
        list: FUNCTION.url(&[]),
        token: app.form_key.token(&person.id, app.clock.now()),
        state: wanted.state,
        step,
        states: OrderState::ALL,
        steps: Step::ALL,
        rows: orders.iter().map(row).collect(),
        next,
    };
    page::frame("Orders", &person.name).page(&content)
}

fn row(order: &Order) -> Row {
    let stands = order.progress.standing();
    let problem = stands.and_then(|one| one.problem.as_ref());
    Row {
        url: order_page::url(order.id),
        id: order.id,
        step: stands.map_or("", |one: &StepProgress| one.step.name()),
        attempt: stands.map_or(0, |one| one.attempt),
        since: moment::text(stands.map_or(order.placed_at, |one| one.since)),
        why: problem.map(|it| format!("{}: {}", it.code.name(), it.detail)).unwrap_or_default(),
    }
}

/// POST: restarts those that were ticked, from the step at which each stands.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (person, form) = Form::sent(&app.form_key, &request, page::ROLE, app.clock.now())?;
    page::guarded(restart(app, &person.id, &form).await)
}

async fn restart(app: &App, by: &str, form: &Form) -> Result<Response, Problem> {
    for id in form.all("id").iter().take(MAX_TICKED) {
        let id: OrderId = id.parse().map_err(|error| problems::wrong_form("/id", error))?;
        let order = app.orders.read(id).await.map_err(unavailable)?;
        let Some(step) = order.and_then(|order| Some(order.progress.standing()?.step)) else {
            continue;
        };
        let what = Restart { from: step, resend: false, by };
        restarting::restart(app, id, what).await.map_err(problems::not_restarted)?;
    }
    Ok(see_other(&FUNCTION.url(&[])))
}
