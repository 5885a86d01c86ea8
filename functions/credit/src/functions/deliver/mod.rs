//! Queue `credit-webhooks`: a delivery is due.

mod outcome;

use crate::app::App;
use crate::delivering;
use crate::domain::{Delivery, DeliveryId, DeliveryState, Endpoint, Endpoints, EventKind};
use crate::sent::DeliveryDue;
use crate::telling;
use crate::views::event::{self, NoBody};
use azure_data::READS_MAY_BE_OLD_FOR;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use webhooks::{MessageId, Signer, SigningKey};

pub(crate) const FUNCTION: Function = function!();

/// The first pause when the endpoint has enough to do; it doubles with each in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// Makes one attempt, and sends the message for the next. A message that comes twice or late does nothing; a handler that is
/// killed between the POST and the note of it sends the same message id again.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.deliveries_due.read::<DeliveryDue>(&message, &mut invocation)?;
    let subject = event.event.subject.as_deref().unwrap_or_default();
    let id: DeliveryId = subject.parse().map_err(|_| Failure::give_up("no delivery's id"))?;
    let DeliveryDue { about, turn } = event.data;
    let found = app.deliveries.read(about, id).await.map_err(Failure::again)?;
    let now = app.clock.now();
    if found.as_ref().is_none_or(|it| it.turn < turn) && is_young(event.event.time, now) {
        return Err(Failure::again("the delivery is not to be seen as it was when it was sent"));
    }
    let Some(delivery) = found.filter(|it| it.is_turn(turn)) else { return Ok(Done::nothing()) };
    let endpoints = app.endpoints.of(delivery.partner()).await.map_err(Failure::again)?;
    let found = endpoints.find(delivery.endpoint);
    let Some(endpoint) = found.filter(|it| it.disabled.is_none()) else {
        if let Some(disabled) = found {
            // Whoever disabled it may have been killed before the others were told.
            let told = telling::tell_disabled(app, delivery.partner(), disabled).await;
            told.map_err(Failure::again)?;
        }
        return dropped(app, &delivery, DeliveryState::Disabled).await;
    };
    let Some(_passage) = app.lanes.enter(endpoint.id, now) else {
        return put_off(app, &delivery, now).await;
    };
    match body(app, &delivery, &endpoints, now).await? {
        Some(body) => attempt(app, &delivery, endpoint, body).await,
        None => dropped(app, &delivery, DeliveryState::Erased).await,
    }
}

async fn attempt(
    app: &App,
    delivery: &Delivery,
    endpoint: &Endpoint,
    body: Vec<u8>,
) -> Result<Done, Failure> {
    let (at, began) = (app.clock.now(), Instant::now());
    let url = app.secrets.open_for_long(&endpoint.url, &endpoint.id.to_string());
    let url = url.map_err(Failure::again)?;
    let id: MessageId = delivery.event.message_id().parse().map_err(Failure::give_up)?;
    let headers = signer(app, delivery, endpoint, at)?.sign(&id, at, &body);
    let posted = app.posting.post(&url, headers.pairs(), body).await;
    outcome::record(app, delivery, endpoint, at, began.elapsed(), posted).await
}

/// All secrets that are valid now sign.
fn signer(
    app: &App,
    delivery: &Delivery,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<Signer, Failure> {
    let mut signer: Option<Signer> = None;
    for secret in endpoint.valid_secrets(now) {
        let text = app.secrets.open_for_long(&secret.key, delivery.partner().as_str());
        let key: SigningKey = text.map_err(Failure::again)?.parse().map_err(Failure::give_up)?;
        signer = Some(match signer {
            Some(signer) => signer.and(key),
            None => Signer::new(key),
        });
    }
    signer.ok_or_else(|| Failure::give_up("the endpoint has no secret"))
}

/// What is said; `None` if nobody is to hear of it any more.
async fn body(
    app: &App,
    delivery: &Delivery,
    endpoints: &Endpoints,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, Failure> {
    let (event, secrets) = (&delivery.event, &app.secrets);
    let body = match event.kind {
        EventKind::AssessmentCompleted
        | EventKind::AssessmentFailed
        | EventKind::AssessmentWithdrawn => {
            let found = app.assessments.read(event.about.into()).await.map_err(Failure::again)?;
            found.map(|it| (it.is_open(), event::of_assessment(event, &it, secrets)))
        }
        EventKind::ConsentExpired => {
            let found = app.consents.read(event.about.into()).await.map_err(Failure::again)?;
            found.map(|it| (it.is_live(), event::of_consent(event, &it, secrets)))
        }
        EventKind::EndpointDisabled => Some((false, event::of_endpoint(event, endpoints))),
        EventKind::Test => Some((false, event::of_test(event))),
    };
    match body {
        Some((_, Ok(body))) => Ok(Some(body)),
        // What was read may be older than the event.
        None | Some((true, Err(NoBody::Gone))) if is_young(event.at, now) => {
            Err(Failure::again("what the event tells of is not to be seen yet"))
        }
        None | Some((_, Err(NoBody::Gone))) => Ok(None),
        Some((_, Err(error))) => Err(Failure::again(error)),
    }
}

/// Whether what is read may still be older than what happened then.
fn is_young(at: Timestamp, now: Timestamp) -> bool {
    let old = SignedDuration::try_from(READS_MAY_BE_OLD_FOR).unwrap_or(SignedDuration::MAX);
    now.duration_since(at) < old
}

async fn dropped(app: &App, delivery: &Delivery, state: DeliveryState) -> Result<Done, Failure> {
    let turn = delivery.turn;
    let drop = |it: Delivery| Ok::<_, Infallible>(it.dropped(turn, state));
    let dropped = app.deliveries.change(delivery.event.about, delivery.id, drop).await;
    dropped.map_err(Failure::again)?;
    Ok(Done::nothing())
}

/// It comes back later, rather than wait here.
async fn put_off(app: &App, delivery: &Delivery, now: Timestamp) -> Result<Done, Failure> {
    let turn = delivery.turn;
    let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(delivery.put_off.min(16)));
    let pause = doubled.min(LONGEST_PAUSE).mul_f64(0.5 + rand::random::<f64>() / 2.0);
    let due_at = now.saturating_add(pause).unwrap_or(now);
    let later = |it: Delivery| Ok::<_, Infallible>(it.put_off(turn, due_at));
    let later = app.deliveries.change(delivery.event.about, delivery.id, later).await;
    if let Some(delivery) = later.map_err(Failure::again)? {
        delivering::send(app, &delivery).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}
