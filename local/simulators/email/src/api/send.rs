//! `POST /emails:send`.

use std::time::Duration;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use simulator_shell::{Reply, Request, StatusCode, reply};
use tokio::time::timeout;
use uuid::Uuid;

use super::{POLL_AFTER_S, Refused};
use crate::{
    Faults, Lost, Status,
    desk::Desk,
    mail::{Mail, OperationState},
    mailbox::Known,
    message::Message,
    reports::Report,
};

/// How long an answer waits for reports that are to come before it.
const EARLY_WITHIN: Duration = Duration::from_secs(10);

/// Takes a mail, once for each operation id.
pub(super) async fn send(
    desk: &Desk,
    request: &Request,
    faults: &Faults,
) -> Result<Reply, Refused> {
    let operation_id = match request.header("operation-id").map(Uuid::parse_str) {
        None => Uuid::new_v4(),
        Some(Ok(id)) => id,
        Some(Err(_)) => return Err(Refused::invalid("Operation-Id is a UUID")),
    };
    let message: Message = serde_json::from_slice(&request.body)
        .map_err(|error| Refused::invalid(format!("the body: {error}")))?;
    message.check().map_err(Refused::Invalid)?;
    if !desk.is_linked(&message.sender_address) {
        return Err(Refused::DomainNotLinked);
    }
    let mail = desk.mailbox.with(|known, now| {
        if let Some(before) = known.by_operation(operation_id).cloned()
            && !before.is_forgotten
        {
            return again(known, before, now, faults);
        }
        let full = faults.per_hour.and_then(|per_hour| known.full_for(per_hour, now));
        if let Some(wait) = full {
            return Err(Refused::Busy(u64::try_from(wait.as_secs()).unwrap_or_default().max(1)));
        }
        let mail = Mail {
            size: request.body.len(),
            ..accepted(Mail::of(known.next_mail(), operation_id, &message, now), desk, faults)
        };
        let reports = reports(known, &mail, now, faults);
        known.put(mail.clone(), Some(&message), reports)?;
        Ok(mail)
    })?;
    if faults.report_early {
        until_told(desk, mail.number).await;
    }
    Ok(taken(desk, &mail, request))
}

/// The operation id is known: nothing is sent but by a fault.
fn again(
    known: &mut Known,
    before: Mail,
    now: Timestamp,
    faults: &Faults,
) -> Result<Mail, Refused> {
    let mut mail = Mail { repeated: before.repeated.saturating_add(1), ..before };
    let mut more = Vec::new();
    if faults.sends_again {
        mail.times = mail.times.saturating_add(1);
        more = reports(known, &mail, now, faults);
    }
    known.put(mail.clone(), None, more)?;
    Ok(mail)
}

/// When it is worked at, and what becomes of it.
fn accepted(mail: Mail, desk: &Desk, faults: &Faults) -> Mail {
    let longer = seconds(faults.running_seconds);
    let takes = desk.takes.saturating_add(longer);
    let (now, lost) = (mail.accepted_at, faults.lose_operation);
    Mail {
        runs_at: later(now, takes / 4),
        ends_at: later(now, takes),
        fails: faults.fails,
        is_forgotten: lost.is_some(),
        is_lost: lost == Some(Lost::Mail),
        ..mail
    }
}

/// One for each recipient, unless nothing reaches anybody.
fn reports(known: &Known, mail: &Mail, now: Timestamp, faults: &Faults) -> Vec<Report> {
    if faults.report_never || mail.fails || mail.is_lost {
        return Vec::new();
    }
    let told_at = if faults.report_early { now } else { mail.ends_at.max(now) };
    let due = later(told_at, seconds(faults.report_delay_seconds));
    let status = faults.report.unwrap_or(Status::Delivered);
    let numbered = (known.next_report()..).zip(&mail.recipients);
    let reports = numbered.map(|(number, recipient)| Report {
        copies: if faults.report_twice { 2 } else { 1 },
        ..Report::of((number, mail), recipient, status, due)
    });
    reports.collect()
}

/// Waits until all reports about a mail are told, or have been tried for long enough.
async fn until_told(desk: &Desk, mail: u64) {
    let all_told = async {
        loop {
            let told = desk.mailbox.told.notified();
            let is_open = |report: &Report| report.outcome.is_none();
            if !desk.mailbox.with(|known, _| known.reports_of(mail).any(is_open)) {
                return;
            }
            told.await;
        }
    };
    // The answer comes all the same: it is only to come after them where they can be told.
    let _ = timeout(EARLY_WITHIN, all_told).await;
}

fn taken(desk: &Desk, mail: &Mail, request: &Request) -> Reply {
    let state = match mail.state(desk.mailbox.clock.now()) {
        OperationState::NotStarted => OperationState::NotStarted,
        _ => OperationState::Running,
    };
    let host = request.header("host").unwrap_or("127.0.0.1");
    let version = request.parameter("api-version").unwrap_or_default();
    let place =
        format!("http://{host}/emails/operations/{}?api-version={version}", mail.operation_id);
    let mut reply = reply::json(StatusCode::ACCEPTED, &mail.result(state));
    let headers = reply.headers_mut();
    headers.extend(
        HeaderValue::from_str(&place)
            .map(|place| (http::HeaderName::from_static("operation-location"), place)),
    );
    headers.insert("retry-after", POLL_AFTER_S.into());
    reply
}

fn seconds(seconds: Option<u64>) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds.unwrap_or_default()).unwrap_or(i64::MAX))
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(now)
}
