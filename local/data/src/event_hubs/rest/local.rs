//! What is there on this machine only, below `/$local/`:
//!
//! | request | does |
//! | --- | --- |
//! | `PUT /$local/eventhubs/{hub}` with `{"partitions": 4, "retentionHours": 24, "capture": {…}}` | declares a hub |
//! | `PUT /$local/eventhubs/{hub}/consumergroups/{group}` | declares a consumer group |
//! | `GET /$local/eventhubs/{hub}` | says how its partitions stand |
//! | `GET /$local/eventhubs/{hub}/consumergroups/{group}/partitions/{id}/events?from=…&max=…&wait_ms=…` | reads |
//!
//! What is captured goes into `{"container": "captured", "seconds": 10, "bytes": 10485760}`; a declaration without `capture`
//! ends it.
//!
//! A read that finds nothing waits for the first event. Its answer holds events as `HubEvent::read_all` takes them, and
//! says in a header where the next one begins.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{Call, Reply, reply};
use crate::{
    event_hubs::{
        EventHubs,
        capture::{BYTES, Capture, SECONDS},
        hub::Hub,
        namespace::{self, Declared, PARTITIONS, RETENTION_HOURS},
        position::Position,
        refusal::Refusal,
    },
    listen,
};

/// Where the next read begins, a sequence number.
const NEXT: HeaderName = HeaderName::from_static(crate::event_hubs::NEXT_SEQUENCE_NUMBER);
const EVENTS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Events in one answer: unless it is asked for another number, and at most.
const DEFAULT_EVENTS: usize = 100;
const MAX_EVENTS: usize = 5_000;
/// An answer that has grown so large takes no further event.
const ENOUGH_BYTES: usize = 4 << 20;
/// How long a read waits for its first event, at most.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// Hours for which a hub keeps its events that does not say.
const DEFAULT_RETENTION_HOURS: u32 = 24;
/// Characters of a name (the service's limits: 256 for a hub, 50 for a consumer group).
const MAX_HUB_NAME: usize = 256;
const MAX_GROUP_NAME: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Declaration {
    partitions: u32,
    #[serde(default)]
    retention_hours: Option<u32>,
    #[serde(default)]
    capture: Option<Capture>,
}

/// Answers a request for what is named below `/$local/`.
pub(super) async fn answer(
    hubs: &EventHubs,
    call: &Call,
    names: &[&str],
    stopping: watch::Receiver<bool>,
) -> Reply {
    let answer = match (&call.parts.method, names) {
        (&Method::PUT, ["eventhubs", hub]) => declare(hubs, call, hub),
        (&Method::PUT, ["eventhubs", hub, "consumergroups", group]) => {
            check_name(group, MAX_GROUP_NAME)
                .and_then(|()| hubs.declare_group(hub, group))
                .map(declared)
        }
        (&Method::GET, ["eventhubs", hub]) => hubs.hub(hub).map(|hub| extent(&hub)),
        (&Method::GET, ["eventhubs", hub, "consumergroups", group, "partitions", id, "events"]) => {
            read(hubs, call, (hub, group, id), stopping).await
        }
        _ => Err(Refusal::NoResource(call.parts.uri.path().to_owned())),
    };
    answer.unwrap_or_else(|refusal| reply::refused(&refusal))
}

fn declare(hubs: &EventHubs, call: &Call, name: &str) -> Result<Reply, Refusal> {
    check_name(name, MAX_HUB_NAME)?;
    let malformed = |why: String| Refusal::Malformed(why);
    let Declaration { partitions, retention_hours, capture } =
        serde_json::from_slice(&call.body)
            .map_err(|error| malformed(format!("declaring the event hub {name}: {error}")))?;
    let retention_hours = retention_hours.unwrap_or(DEFAULT_RETENTION_HOURS);
    if !PARTITIONS.contains(&partitions) {
        let why = format!("partitions: {partitions} is not between 1 and {}", PARTITIONS.end());
        return Err(malformed(why));
    }
    if !RETENTION_HOURS.contains(&retention_hours) {
        let last = RETENTION_HOURS.end();
        return Err(malformed(format!(
            "retentionHours: {retention_hours} is not between 1 and {last}"
        )));
    }
    capture.as_ref().map_or(Ok(()), check_capture)?;
    hubs.declare(name, namespace::Declaration { partitions, retention_hours, capture })
        .map(declared)
}

fn check_capture(capture: &Capture) -> Result<(), Refusal> {
    let Capture { seconds, bytes, .. } = capture;
    let outside = |name: &str, number: u64, least: u64, most: u64| {
        let why = format!("capture.{name}: {number} is not between {least} and {most}");
        Err(Refusal::Malformed(why))
    };
    if !SECONDS.contains(seconds) {
        let (least, most) = (*SECONDS.start(), *SECONDS.end());
        return outside("seconds", (*seconds).into(), least.into(), most.into());
    }
    if !BYTES.contains(bytes) {
        return outside("bytes", *bytes, *BYTES.start(), *BYTES.end());
    }
    Ok(())
}

fn declared(declared: Declared) -> Reply {
    reply::empty(match declared {
        Declared::New => StatusCode::CREATED,
        Declared::Known => StatusCode::OK,
    })
}

fn check_name(name: &str, most: usize) -> Result<(), Refusal> {
    let is_inside = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_');
    let bytes = name.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    if ends.iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
        && bytes.iter().all(|c| is_inside(*c))
        && bytes.len() <= most
    {
        return Ok(());
    }
    Err(Refusal::Malformed(format!(
        "{name:?} is no name: write letters, digits, dots, hyphens and underscores, at most {most}, with a letter or a \
         digit at both ends"
    )))
}

fn extent(hub: &Hub) -> Reply {
    let record = hub.record();
    let partitions = hub.partitions.iter().enumerate().map(|(at, partition)| {
        let extent = partition.extent();
        let captured = hub.with_progress(at, |progress| progress.next);
        json!({
            "nextToCapture": record.capture.as_ref().map(|_| captured),
            "firstSequenceNumber": extent.first_sequence_number,
            "lastSequenceNumber": extent.last_sequence_number,
            "lastOffset": extent.last_offset.to_string(),
            "lastEnqueued": extent.last_enqueued,
            "isEmpty": extent.is_empty,
        })
    });
    let value = json!({
        "name": record.name,
        "created": record.created,
        "retentionHours": record.retention_hours,
        "consumerGroups": record.consumer_groups,
        "capture": record.capture,
        "partitions": partitions.collect::<Vec<_>>(),
    });
    reply::json(StatusCode::OK, &value)
}

async fn read(
    hubs: &EventHubs,
    call: &Call,
    (hub, group, id): (&str, &str, &str),
    mut stopping: watch::Receiver<bool>,
) -> Result<Reply, Refusal> {
    let hub = hubs.hub(hub)?;
    hub.check_group(group)?;
    let (_, partition) = hub.partition(id)?;
    let number = |name: &str| -> Result<Option<usize>, Refusal> {
        let Some(text) = call.query(name) else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| Refusal::Malformed(format!("{name}: {text:?} is no number")))
    };
    let from = call.query("from").unwrap_or_else(|| Position::Start.to_string());
    let from: Position =
        from.parse().map_err(|error| Refusal::Malformed(format!("from: {error}")))?;
    let max = number("max")?.unwrap_or(DEFAULT_EVENTS).clamp(1, MAX_EVENTS);
    let wait =
        Duration::from_millis(number("wait_ms")?.unwrap_or(0).try_into().unwrap_or(u64::MAX));
    let deadline = Instant::now() + wait.min(MAX_WAIT);

    let mut appended = partition.appended();
    let begin = partition.begin(from);
    // An error means that the time is over, or that the service ends: then there is nothing yet.
    let _ = tokio::select! {
        () = listen::stopped(&mut stopping) => Ok(()),
        there = timeout_at(deadline, appended.wait_for(|next| *next > begin)) => there.map(|_| ()),
    };
    let mut next = begin;
    let mut frames = Vec::new();
    for event in partition.read(begin, max)? {
        frames.extend(event.to_frame());
        next = event.sequence_number + 1;
        if frames.len() >= ENOUGH_BYTES {
            break;
        }
    }
    let mut answer = reply::with_body(StatusCode::OK, EVENTS, frames);
    answer.headers_mut().insert(NEXT, next.into());
    Ok(answer)
}
