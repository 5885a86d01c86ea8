//! Event Grid: what became of a mail.

use crate::app::App;
use crate::domain::{MailStatus, Order};
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, GridEvent, Invocation, function};
use jiff::{SignedDuration, Timestamp};
use messages::in_trace_of;
use serde::Deserialize;
use std::convert::Infallible;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// The only events that say something to us.
const REPORT: &str = "Microsoft.Communication.EmailDeliveryReportReceived";
/// What was written so long ago is seen by everybody: until then a mail that we do not know may yet be ours.
const SEEN_BY_ALL: SignedDuration = SignedDuration::from_mins(5);

/// What is needed of a report. Whose mailbox it was is not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// The operation's id.
    message_id: String,
    status: String,
    /// The documentation writes it in one way, the service has been seen to write it in the other.
    #[serde(default, alias = "deliveryAttemptTimeStamp")]
    delivery_attempt_timestamp: Option<Timestamp>,
}

/// Writes it into the order. It may come twice, before the answer to the mail, late or never.
pub(crate) async fn handle(app: &App, event: GridEvent, _: Invocation) -> Result<Done, Failure> {
    if event.event_type != REPORT {
        return Ok(Done::nothing().log("no delivery report"));
    }
    let report: Report = event.data()?;
    let status: MailStatus = report
        .status
        .parse()
        .map_err(|why| Failure::give_up(format!("the status of a delivery report {why}")))?;
    let Ok(operation) = report.message_id.parse::<Uuid>() else {
        return Ok(Done::nothing().log("of a mail that is not ours"));
    };
    let now = app.clock.now();
    let at = report.delivery_attempt_timestamp.or(event.time).unwrap_or(now);
    let order = app.mail_operations.order_of(operation).await.map_err(Failure::again)?;
    let Some(order) = order else {
        if now.duration_since(at) < SEEN_BY_ALL {
            return Err(Failure::again("of a mail that is not known yet"));
        }
        return Ok(Done::nothing().log("of a mail that is not ours"));
    };
    let known = app.orders.read(order).await.map_err(Failure::again)?;
    let reported =
        |order: Order| Ok::<_, Infallible>(order.mail_reported(operation, &status, at, now));
    let origin = known.as_ref().and_then(|known| known.origin.as_ref());
    let changed: Result<_, ChangeError<Infallible>> =
        in_trace_of(origin, "mail reported", app.orders.change(order, reported)).await;
    changed.map_err(Failure::again)?;
    Ok(Done::nothing())
}
