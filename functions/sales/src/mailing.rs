//! The step `email`: a mail for each time that somebody had it sent, and no other. What is about to be sent is written down
//! first; whoever finds that asks the mail service before anything is sent again.

use crate::app::App;
use crate::domain::{
    Buyer, IssuedKind, MailOperation, MailStatus, OnAccount, Order, ProblemCode, StepProblem,
    undeliverable,
};
use crate::mail::{About, Letter, MailFailure, MailState};
use crate::pictured;
use crate::steps::{Payload, Stopped, Work, broken, over};
use azure_data::ChangeError;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::time::Duration;
use uuid::Uuid;

/// When the mail service is asked again how far it is, at first; it is a quarter of the time that it has had already.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_secs(2);
const ASKED_AGAIN_AT_LEAST: SignedDuration = SignedDuration::from_mins(10);
/// After that a person has to look at a mail that the service neither sends nor gives up.
const WAITED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// When a busy mail service is asked again that does not say when.
const BUSY_FOR: Duration = Duration::from_secs(60);
/// Where pictures of invoices lie.
const ARCHIVE: &str = "sales-invoices/";
/// The largest picture that is looked at, in bytes.
const MAX_PICTURE: usize = 4 << 20;

/// What the step leaves behind: no address, no words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(crate) enum Mailed {
    /// The mail service has it.
    Accepted {
        operation: Uuid,
        #[serde(with = "values::moment")]
        at: Timestamp,
    },
    /// The person is erased: none goes out.
    Suppressed,
}

impl Payload for Mailed {
    const TYPE: &'static str = "mail";

    fn noted(&self, order: Order) -> Order {
        match *self {
            Self::Accepted { operation, at } => order.mail_accepted(operation, at),
            Self::Suppressed => order,
        }
    }
}

/// Sends the mail, or finds out what became of it.
pub(crate) async fn mail(app: &App, work: &Work) -> Result<Mailed, Stopped> {
    let order = &work.order;
    let operation = order.mail_operation();
    let Some(buyer) = order.buyer.as_ref().filter(|_| order.erased_at.is_none()) else {
        return Ok(Mailed::Suppressed);
    };
    if let Some(known) = order.current_mail() {
        return if known.is_undeliverable() {
            Err(Stopped::Over(undeliverable(&known.status)))
        } else {
            Ok(Mailed::Accepted { operation, at: known.at })
        };
    }
    match app.mail_operations.read(operation).await.map_err(broken)? {
        None => begin(app, work, buyer, operation).await,
        Some(known) if known.sent_at.is_none() => first(app, work, buyer, &known).await,
        Some(known) => again(app, work, buyer, &known).await,
    }
}

/// Takes a slot, and sends the mail if it has come.
async fn begin(app: &App, work: &Work, to: &Buyer, id: Uuid) -> Result<Mailed, Stopped> {
    let letter = letter(app, work, to).await?;
    let slot = app.pacing.slot().await.map_err(broken)?;
    let now = app.clock.now();
    let waiting = MailOperation::waiting(id, work.order.id, slot);
    let sleeps = waiting.sleeps(now);
    let begun = match sleeps.is_zero() {
        true => waiting.clone().sent(&waiting, now).map_err(broken)?,
        false => waiting,
    };
    if !app.mail_operations.begin(&begun).await.map_err(broken)? {
        // Another run was first, or this one and its answer was lost: who comes next asks.
        return Err(Stopped::Asleep(pause(ASKED_AGAIN)));
    }
    if !sleeps.is_zero() {
        return Err(Stopped::Asleep(pause(sleeps)));
    }
    send(app, &begun, &letter).await
}

/// Sends the mail for the first time, once its slot has come.
async fn first(
    app: &App,
    work: &Work,
    to: &Buyer,
    known: &MailOperation,
) -> Result<Mailed, Stopped> {
    let sleeps = known.sleeps(app.clock.now());
    if !sleeps.is_zero() {
        return Err(Stopped::Asleep(pause(sleeps)));
    }
    let letter = letter(app, work, to).await?;
    let begun = mine(app, known).await?;
    send(app, &begun, &letter).await
}

/// Somebody has begun to send it: the mail service is asked first.
async fn again(
    app: &App,
    work: &Work,
    to: &Buyer,
    known: &MailOperation,
) -> Result<Mailed, Stopped> {
    let busy = known.is_sent_for(app.clock.now());
    if known.accepted_at.is_none() && !busy.is_zero() {
        return Err(Stopped::Asleep(pause(busy)));
    }
    match app.mail.state(known.id).await {
        Ok(Some(state)) => concluded(app, known, state).await,
        // It had it, and has forgotten: it may have sent it, so it is not sent again.
        Ok(None) if known.accepted_at.is_some() => Ok(accepted(app, known)),
        Ok(None) => {
            let letter = letter(app, work, to).await?;
            let begun = mine(app, known).await?;
            send(app, &begun, &letter).await
        }
        Err(failure) => Err(stopped(&failure)),
    }
}

/// Says that this run sends it.
async fn mine(app: &App, known: &MailOperation) -> Result<MailOperation, Stopped> {
    let now = app.clock.now();
    match app.mail_operations.change(known.id, |operation| operation.sent(known, now)).await {
        Ok(Some(begun)) => Ok(begun),
        Ok(None) => Err(broken("what is known of the mail is gone")),
        Err(ChangeError::Refused(_)) => Err(Stopped::Asleep(pause(ASKED_AGAIN))),
        Err(error) => Err(broken(error)),
    }
}

async fn send(app: &App, begun: &MailOperation, letter: &Letter) -> Result<Mailed, Stopped> {
    let state = app.mail.send(begun.id, letter).await.map_err(|failure| stopped(&failure))?;
    let now = app.clock.now();
    let taken = |operation: MailOperation| Ok::<_, Infallible>(operation.accepted(now));
    let kept = app.mail_operations.change(begun.id, taken).await.map_err(broken)?;
    concluded(app, kept.as_ref().unwrap_or(begun), state).await
}

/// What the mail service says of a mail that it has.
async fn concluded(app: &App, known: &MailOperation, state: MailState) -> Result<Mailed, Stopped> {
    let now = app.clock.now();
    match state {
        MailState::Succeeded => Ok(accepted(app, known)),
        MailState::Running(wanted) => {
            let had = now.duration_since(known.sent_at.unwrap_or(now));
            if had >= WAITED_FOR {
                let detail = "the mail service neither sends the mail nor gives it up";
                return Err(over(ProblemCode::NotAnswering, detail));
            }
            let own = (had / 4).clamp(ASKED_AGAIN, ASKED_AGAIN_AT_LEAST);
            Err(Stopped::Asleep(wanted.unwrap_or_default().max(pause(own))))
        }
        MailState::Failed(code) => {
            let status = MailStatus::failed();
            let failed = |order: Order| {
                Ok::<_, Infallible>(order.mail_reported(known.id, &status, now, now))
            };
            app.orders.change(known.order, failed).await.map_err(broken)?;
            Err(Stopped::Over(undeliverable(&code)))
        }
    }
}

fn accepted(app: &App, known: &MailOperation) -> Mailed {
    let at = known.accepted_at.unwrap_or_else(|| app.clock.now());
    Mailed::Accepted { operation: known.id, at }
}

async fn letter(app: &App, work: &Work, to: &Buyer) -> Result<Letter, Stopped> {
    let pictured = pictured::of(app, work).await?;
    let name = pictured.pdf.strip_prefix(ARCHIVE).unwrap_or(&pictured.pdf);
    let picture = app.pictures.get(name, MAX_PICTURE).await.map_err(broken)?;
    let missing = || broken("the picture of the invoice is not there");
    let account = work.order.on_account.as_ref().map(OnAccount::ending);
    let about = About {
        order: work.order.id,
        number: &pictured.number,
        is_credit: pictured.kind == IssuedKind::CreditNote,
        total: pictured.total,
        due: pictured.due,
        account: account.as_deref(),
    };
    Ok(app.letters.write(about, to, picture.ok_or_else(missing)?.content.into()))
}

/// Why a mail did not go now.
fn stopped(failure: &MailFailure) -> Stopped {
    if let Some(pause) = failure.is_busy() {
        return Stopped::Asleep(if pause.is_zero() { BUSY_FOR } else { pause });
    }
    if let Some(code) = failure.refuses_mail() {
        return Stopped::Over(undeliverable(code));
    }
    let why = StepProblem { code: ProblemCode::NotAnswering, detail: failure.to_string() };
    Stopped::Later { why, after: failure.retry_after() }
}

/// Queues know whole seconds.
fn pause(of: SignedDuration) -> Duration {
    Duration::from_secs(u64::try_from(of.as_secs()).unwrap_or_default() + 1)
}
