//! The same as the page, for programs.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use simulator_shell::{Reply, StatusCode, reply};

use super::{Answer, status::Status};
use crate::{
    Pace,
    intake::Machine,
    ledger::{Ledger, NotStored, Record, RestoreTo},
};

/// Records in an answer unless a limit is asked for, and at most.
const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;

/// `GET /status`: how far behind it is.
pub(super) async fn status(machine: &Machine) -> Reply {
    ok(&Status::of(machine).await)
}

/// `GET /pace`
pub(super) fn pace(machine: &Machine) -> Reply {
    ok(&machine.controls.pace())
}

/// `GET /records?limit=&continuation=`: in the order of the profiles' ids.
pub(super) fn records(machine: &Machine, query: &str) -> Answer {
    #[derive(Serialize)]
    struct Page<'a> {
        items: Vec<&'a Record>,
        /// The last id of the page, when there may be more.
        continuation: Option<String>,
    }
    let mut limit = DEFAULT_LIMIT;
    let mut after = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" => {
                limit = value
                    .parse()
                    .ok()
                    .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                    .ok_or_else(|| bad(format!("limit is a number from 1 to {MAX_LIMIT}")))?;
            }
            "continuation" => after = Some(value.into_owned()),
            other => return Err(bad(format!("{other:?} is none of limit, continuation"))),
        }
    }
    let records = machine.ledger().page(after.as_deref(), limit + 1);
    let items: Vec<&Record> = records.iter().take(limit).map(AsRef::as_ref).collect();
    let last = items.last().filter(|_| records.len() > limit);
    let continuation = last.map(|last| last.profile_id.clone());
    Ok(ok(&Page { items, continuation }))
}

/// `GET /records/{profileId}`
pub(super) fn record(machine: &Machine, profile_id: &str) -> Answer {
    let id = percent_decode_str(profile_id).decode_utf8_lossy();
    match machine.ledger().get(&id) {
        Some(record) => Ok(ok(record.as_ref())),
        None => Err(Box::new(reply::problem(
            StatusCode::NOT_FOUND,
            "there is no record of that profile",
        ))),
    }
}

/// `PUT /pace`: what is left out becomes what it is by default.
pub(super) fn put_pace(machine: &Machine, body: &[u8]) -> Answer {
    machine.controls.set_pace(read::<Pace>(body)?.checked().map_err(bad)?);
    Ok(ok(&machine.controls.pace()))
}

/// `PUT /snapshot`: remembers the records as they are.
pub(super) fn snapshot(machine: &Machine) -> Answer {
    let records = stored(Ledger::take_snapshot(&mut machine.ledger()))?;
    Ok(ok(&json!({"records": records})))
}

/// `POST /restore` with `{"to": "nothing"}`, also without a body, or `{"to": "snapshot"}`.
pub(super) fn restore(machine: &Machine, body: &[u8]) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Restore {
        to: RestoreTo,
    }
    let to = if body.is_empty() { RestoreTo::Nothing } else { read::<Restore>(body)?.to };
    let records = restored(machine, to)?;
    Ok(ok(&json!({"records": records})))
}

/// Goes back; says how many records there are now.
pub(super) fn restored(machine: &Machine, to: RestoreTo) -> Result<usize, Box<Reply>> {
    stored(machine.ledger().restore(to))?.ok_or_else(|| {
        Box::new(reply::problem(
            StatusCode::CONFLICT,
            "there is no snapshot; PUT /snapshot takes one",
        ))
    })
}

/// What could not be stored is told as a problem.
pub(super) fn stored<T>(result: Result<T, NotStored>) -> Result<T, Box<Reply>> {
    result.map_err(|error| {
        tracing::error!(%error, "a restore or a snapshot failed");
        Box::new(reply::problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
    })
}

fn ok(value: &impl Serialize) -> Reply {
    reply::json(StatusCode::OK, value)
}

pub(super) fn bad(detail: impl Into<String>) -> Box<Reply> {
    Box::new(reply::problem(StatusCode::BAD_REQUEST, detail))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| bad(format!("the body: {error}")))
}
