//! Addresses for people and tests, as JSON.

use serde::Deserialize;
use serde_json::{Value, json};
use simulator_shell::{Reply, Request, StatusCode, reply};
use uuid::Uuid;

use super::{Answer, bad, no_mail, not_kept};
use crate::{
    desk::Desk,
    mail::Mail,
    mailbox::Known,
    reports::{Report, Status},
};

/// `GET /v1/simulation`
pub(super) fn counts(desk: &Desk) -> Reply {
    let counts = desk.mailbox.with(|known, now| known.counts(now));
    reply::json(StatusCode::OK, &counts)
}

/// `GET /v1/simulation/mails?to=&operationId=`: what was accepted, the oldest first, without contents.
pub(super) fn mails(desk: &Desk, request: &Request) -> Answer {
    let to = request.parameter("to");
    let operation = match request.parameter("operationId").map(|id| Uuid::parse_str(&id)) {
        Some(Err(_)) => return Err(bad("operationId is a UUID")),
        other => other.and_then(Result::ok),
    };
    let is_meant = |mail: &&Mail| {
        to.as_deref().is_none_or(|to| mail.is_to(to))
            && operation.is_none_or(|id| mail.operation_id == id)
    };
    let mails: Vec<Value> = desk.mailbox.with(|known, now| {
        known.mails().filter(is_meant).map(|mail| shown(known, mail, now)).collect()
    });
    Ok(reply::json(StatusCode::OK, &json!({"mails": mails})))
}

/// `GET /v1/simulation/mails/{number}`: the same of one mail, and what it says.
pub(super) fn mail(desk: &Desk, number: &str) -> Answer {
    let number: u64 = number.parse().map_err(|_| no_mail())?;
    let found = desk.mailbox.with(|known, now| {
        let mut found = shown(known, known.mail(number)?, now);
        found["message"] = json!(known.content(number)?);
        Some(found)
    });
    Ok(reply::json(StatusCode::OK, &found.ok_or_else(no_mail)?))
}

/// `DELETE /v1/simulation/mails`: forgets all mails, and reports that are to come.
pub(super) fn forget(desk: &Desk) -> Answer {
    desk.mailbox.with(|known, _| known.forget_all()).map_err(not_kept)?;
    Ok(counts(desk))
}

fn shown(known: &Known, mail: &Mail, now: jiff::Timestamp) -> Value {
    let mut shown = json!(mail);
    shown["status"] = json!(mail.state(now));
    shown["arrived"] = json!(mail.has_arrived(now));
    shown["reports"] = known.reports_of(mail.number).map(|report| json!(report)).collect();
    shown
}

/// The body of `POST /v1/simulation/reports`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ByHand {
    operation_id: Uuid,
    recipient: String,
    status: Status,
}

/// `POST /v1/simulation/reports`: a report that nothing else makes, such as a bounce after days.
pub(super) fn report(desk: &Desk, body: &[u8]) -> Answer {
    let ByHand { operation_id, recipient, status } =
        serde_json::from_slice(body).map_err(|error| bad(format!("the body: {error}")))?;
    let put = desk.mailbox.with(|known, now| {
        let mail = known.by_operation(operation_id).cloned()?;
        let report = Report::of((known.next_report(), &mail), &recipient, status, now);
        let event = report.event();
        Some(known.put(mail, None, vec![report]).map(|()| event))
    });
    let event = put.ok_or_else(no_mail)?.map_err(not_kept)?;
    Ok(reply::json(StatusCode::ACCEPTED, &event))
}
