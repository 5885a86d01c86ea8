//! Which app reads which hub, how far the hub was captured, and where what the app gave up is found.

use crate::app::App;
use crate::catalogue::Hub;
use crate::store::Position;
use custom_handler::Problem;
use public_api::problems::unavailable;
use serde::Serialize;
use values::moment;

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
    pub(crate) partitions: Vec<Captured>,
}

/// How far a partition was captured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Captured {
    pub(crate) partition: u32,
    /// The last sequence number in the lake; nothing if there is none.
    pub(crate) last_captured: Option<i64>,
    /// When that came.
    pub(crate) captured_at: Option<String>,
}

pub(crate) async fn all(app: &App) -> Result<Vec<ReadingApp>, Problem> {
    let positions = app.captures.positions().await.map_err(unavailable)?;
    let mut all = Vec::new();
    for hub in &app.catalogue.hubs {
        let partitions = captured(hub, &positions);
        for group in &hub.groups {
            let known = app.catalogue.app(&group.app);
            all.push(ReadingApp {
                app: group.app.clone(),
                team: known.map_or_else(|| hub.team.clone(), |app| app.team.clone()),
                hub: hub.name.clone(),
                group: group.name.clone(),
                dead_letters: known.map(|app| app.dead_letters.clone()).unwrap_or_default(),
                partitions: partitions.clone(),
            });
        }
    }
    Ok(all)
}

fn captured(hub: &Hub, positions: &[Position]) -> Vec<Captured> {
    let of = |partition: u32| {
        positions.iter().find(|known| known.hub == hub.name && known.partition == partition)
    };
    (0..hub.partitions)
        .map(|partition| Captured {
            partition,
            last_captured: of(partition).map(|known| known.last),
            captured_at: of(partition).map(|known| moment::text(known.at)),
        })
        .collect()
}
