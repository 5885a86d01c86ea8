//! `sales/v1/restarts`

use crate::app::App;
use crate::domain::{OrderId, OrderState, ProblemCode, Step};
use crate::restarting::{self, Restart};
use crate::store::Standing;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::Timestamp;
use messages::acting;
use public_api::problems::{invalid_body, unavailable};
use serde::Serialize;
use serde_json::Value;
use std::num::NonZeroU32;
use values::{Fields, Violations};

pub(crate) const FUNCTION: Function = function!();

/// Most orders that one request restarts: each takes some milliseconds, and a request must end.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Restarts {
    restarted: usize,
    refused: Vec<RefusedRestart>,
    /// Whether there may be more: ask again.
    more: bool,
}

#[derive(Debug, Serialize)]
struct RefusedRestart {
    id: OrderId,
    detail: String,
}

/// POST: restarts the orders that failed at a step, the longest standing first, from that step or an earlier one. What is
/// restarted is not among them any more, so the same request again does the rest.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let wanted = Wanted::parse(&request.json_value()?).map_err(invalid_body)?;
    let by = acting(&request);
    let orders = app.orders.standing(wanted.standing, None, AT_ONCE).await.map_err(unavailable)?;
    let more = orders.len() >= AT_ONCE.get() as usize;
    let mut answer = Restarts { restarted: 0, refused: Vec::new(), more };
    for order in orders {
        let what = Restart { from: wanted.from, resend: wanted.resend, by: &by };
        match restarting::restart(app, order.id, what).await {
            Ok(_) => answer.restarted += 1,
            Err(error) => {
                answer.refused.push(RefusedRestart { id: order.id, detail: error.to_string() });
            }
        }
    }
    // Who was refused stands there the next time as well: asking again would be in vain.
    answer.more &= answer.refused.is_empty();
    Ok(Response::ok(&answer))
}

struct Wanted {
    standing: Standing,
    from: Step,
    resend: bool,
}

impl Wanted {
    fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let step = fields.text("step", str::parse::<Step>);
        let problem = fields.optional_text("problem", str::parse::<ProblemCode>);
        let from = fields.optional_text("from", str::parse::<Step>);
        let since = fields.optional_text("failedSince", moment);
        let before = fields.optional_text("failedBefore", moment);
        let resend = fields.flag("resend");
        fields.finish()?;
        let step = step?;
        let standing = Standing {
            state: OrderState::Failed,
            step: Some(step),
            problem: problem?,
            from: since?,
            until: before?,
        };
        Ok(Self { standing, from: from?.unwrap_or(step), resend: resend? })
    }
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "must be a time such as 2026-11-29T08:00:00Z (RFC 3339)")
}
