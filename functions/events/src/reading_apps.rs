//! Which app reads which hub, how far it has read and how far the hub was captured, and where what the app gave up is found.

use crate::app::App;
use crate::catalogue::{Group, Hub};
use crate::domain::{Progress, Source};
use crate::store::Position;
use azure_data::CosmosFailure;
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Serialize;
use values::moment;

/// Groups, and partitions of each, that are looked at at the same time.
const MAX_AT_ONCE: usize = 16;

/// An app that reads a hub.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadingApp {
    pub(crate) app: String,
    pub(crate) team: String,
    pub(crate) hub: String,
    pub(crate) group: String,
    /// The page of what it gave up.
    pub(crate) dead_letters: String,
    pub(crate) partitions: Vec<ReadPartition>,
}

/// A partition, and how far it was captured and read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadPartition {
    pub(crate) partition: u32,
    /// The last sequence number in the lake; nothing if there is none.
    pub(crate) last_captured: Option<i64>,
    /// When that came.
    #[serde(with = "moment::optional")]
    pub(crate) captured_at: Option<Timestamp>,
    #[serde(flatten)]
    pub(crate) progress: Progress,
    /// Since when the oldest event waits, to the window of capture in which it came; nothing if none waits or it is not known.
    #[serde(with = "moment::optional")]
    pub(crate) waiting_since: Option<Timestamp>,
}

/// All of them. A storage that does not answer keeps the others waiting once, not once for each.
pub(crate) async fn all(app: &App) -> Result<Vec<ReadingApp>, CosmosFailure> {
    let positions = app.captures.positions().await?;
    let mut readings = Vec::new();
    for hub in &app.catalogue.hubs {
        readings.extend(hub.groups.iter().map(|group| reading(app, hub, group, &positions)));
    }
    stream::iter(readings).buffered(MAX_AT_ONCE).try_collect().await
}

async fn reading(
    app: &App,
    hub: &Hub,
    group: &Group,
    positions: &[Position],
) -> Result<ReadingApp, CosmosFailure> {
    let known = app.catalogue.app(&group.app);
    Ok(ReadingApp {
        app: group.app.clone(),
        team: known.map_or_else(|| hub.team.clone(), |app| app.team.clone()),
        hub: hub.name.clone(),
        group: group.name.clone(),
        dead_letters: known.map(|known| app.page_of(known)).unwrap_or_default(),
        partitions: read(app, hub, group, positions).await?,
    })
}

/// All partitions of a hub as a group has read them.
async fn read(
    app: &App,
    hub: &Hub,
    group: &Group,
    positions: &[Position],
) -> Result<Vec<ReadPartition>, CosmosFailure> {
    let partitions = (0..hub.partitions).map(|partition| {
        let source = Source { hub: hub.name.clone(), partition };
        let of = |known: &&Position| known.hub == hub.name && known.partition == partition;
        let position = positions.iter().find(of);
        async move { one(app, group, &source, position).await }
    });
    stream::iter(partitions).buffered(MAX_AT_ONCE).try_collect().await
}

async fn one(
    app: &App,
    group: &Group,
    source: &Source,
    position: Option<&Position>,
) -> Result<ReadPartition, CosmosFailure> {
    let last_captured = position.map(|known| known.last);
    let progress = Progress::of(app.checkpoints.of(group, source).await, last_captured);
    let waiting_since = match progress.waits_after() {
        Some(after) => app.captures.began_after(source, after).await?,
        None => None,
    };
    Ok(ReadPartition {
        partition: source.partition,
        last_captured,
        captured_at: position.map(|known| known.at),
        progress,
        waiting_since,
    })
}
