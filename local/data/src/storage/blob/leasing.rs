//! Lease Blob and Lease Container: acquire, renew, change, release, break.

use http::StatusCode;
use uuid::Uuid;

use super::{
    Allowed,
    block_blob::{Blob, stamped},
    conditions::Conditions,
    container::Record,
    lease::Lease,
    store::Store,
};
use crate::storage::{
    call::Call,
    failure::{Failure, invalid_header, missing_header},
    reply::Reply,
};

/// For how long a lease may be acquired, unless it is for ever.
const DURATION_S: std::ops::RangeInclusive<i64> = 15..=60;
/// How long a lease may take to break.
const BREAK_PERIOD_S: std::ops::RangeInclusive<i64> = 0..=60;
/// How a client asks for ever.
const FOR_EVER: i64 = -1;

/// What a client wants with a lease.
enum Action {
    Acquire { proposed: String, duration_s: Option<i64> },
    Renew { id: String },
    Change { id: String, proposed: String },
    Release { id: String },
    Break { period_s: Option<i64> },
}

/// Lease Blob.
pub(super) fn blob(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let (action, conditions) = (Action::of(call)?, Conditions::of(call)?);
    require(allowed, &action)?;
    store.with(allowed.container, |container| {
        let old = container.blob(allowed.blob)?;
        old.with_facts(|facts| conditions.check_write(facts))?;
        let (lease, reply) = action.perform(&old.lease, call)?;
        // Not a write to the blob: its entity tag and date stay.
        let blob = Blob { lease, ..Blob::clone(old) };
        let blob = container.put(&store.shared, allowed.blob, blob, false, None)?;
        Ok(blob.written(reply))
    })
}

/// Lease Container.
pub(super) fn container(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let action = Action::of(call)?;
    require(allowed, &action)?;
    store.with(allowed.container, |container| {
        let (lease, reply) = action.perform(&container.record.lease, call)?;
        let record = Record { lease, ..container.record.clone() };
        container.edit(&store.shared, allowed.container, record)?;
        Ok(stamped(reply, container.record.version, container.record.modified))
    })
}

/// With the permission to delete a lease may be broken; all else is writing.
fn require(allowed: Allowed<'_>, action: &Action) -> Result<(), Failure> {
    match action {
        Action::Break { .. } => Ok(()),
        _ => allowed.access.require("w"),
    }
}

impl Action {
    fn of(call: &Call) -> Result<Self, Failure> {
        let action =
            call.header("x-ms-lease-action").ok_or_else(|| missing_header("x-ms-lease-action"))?;
        match action.to_ascii_lowercase().as_str() {
            "acquire" => {
                Ok(Self::Acquire { proposed: proposed(call)?, duration_s: duration(call)? })
            }
            "renew" => Ok(Self::Renew { id: shown(call)? }),
            "change" => {
                if call.header("x-ms-proposed-lease-id").is_none() {
                    return Err(missing_header("x-ms-proposed-lease-id"));
                }
                Ok(Self::Change { id: shown(call)?, proposed: proposed(call)? })
            }
            "release" => Ok(Self::Release { id: shown(call)? }),
            "break" => {
                let period_s = number(call, "x-ms-lease-break-period")?;
                match period_s {
                    Some(seconds) if !BREAK_PERIOD_S.contains(&seconds) => {
                        Err(invalid_header("x-ms-lease-break-period", &seconds.to_string()))
                    }
                    _ => Ok(Self::Break { period_s }),
                }
            }
            other => Err(invalid_header("x-ms-lease-action", other)),
        }
    }

    fn perform(self, lease: &Lease, call: &Call) -> Result<(Lease, Reply), Failure> {
        let now = call.now;
        let with_id = |status, id: &str| Reply::new(status).header("x-ms-lease-id", id);
        match self {
            Self::Acquire { proposed, duration_s } => {
                let reply = with_id(StatusCode::CREATED, &proposed);
                Ok((lease.acquire(now, proposed, duration_s)?, reply))
            }
            Self::Renew { id } => Ok((lease.renew(now, &id)?, with_id(StatusCode::OK, &id))),
            Self::Change { id, proposed } => {
                let reply = with_id(StatusCode::OK, &proposed);
                Ok((lease.change(now, &id, proposed)?, reply))
            }
            Self::Release { id } => Ok((lease.release(&id)?, Reply::new(StatusCode::OK))),
            Self::Break { period_s } => {
                let (lease, ends_in_s) = lease.break_off(now, period_s)?;
                Ok((
                    lease,
                    Reply::new(StatusCode::ACCEPTED)
                        .header("x-ms-lease-time", ends_in_s.to_string()),
                ))
            }
        }
    }
}

fn duration(call: &Call) -> Result<Option<i64>, Failure> {
    let seconds = number(call, "x-ms-lease-duration")?
        .ok_or_else(|| missing_header("x-ms-lease-duration"))?;
    match seconds {
        FOR_EVER => Ok(None),
        seconds if DURATION_S.contains(&seconds) => Ok(Some(seconds)),
        other => Err(invalid_header("x-ms-lease-duration", &other.to_string())),
    }
}

fn number(call: &Call, name: &'static str) -> Result<Option<i64>, Failure> {
    let Some(text) = call.header(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| invalid_header(name, text))
}

/// The name the client wants for the lease, or a new one.
fn proposed(call: &Call) -> Result<String, Failure> {
    match call.header("x-ms-proposed-lease-id") {
        None => Ok(Uuid::new_v4().to_string()),
        Some(text) => uuid("x-ms-proposed-lease-id", text),
    }
}

fn shown(call: &Call) -> Result<String, Failure> {
    uuid(
        "x-ms-lease-id",
        call.header("x-ms-lease-id").ok_or_else(|| missing_header("x-ms-lease-id"))?,
    )
}

fn uuid(name: &'static str, text: &str) -> Result<String, Failure> {
    text.parse::<Uuid>().map(|id| id.to_string()).map_err(|_| invalid_header(name, text))
}
