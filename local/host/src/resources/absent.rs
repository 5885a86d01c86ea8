//! Event hubs of apps that do not run: who reads such a hub waits in vain, but starts, and finds it as its owner would make it.

use std::{collections::BTreeSet, path::Path};

use super::Resources;
use crate::app_json::{AppJson, EventHub};

/// The hubs that consumer groups of running apps name, and that an app beside them owns, which does not run. `folders` are
/// those of the running apps.
pub(crate) fn hubs_of_absent_apps<'a>(
    folders: impl IntoIterator<Item = &'a Path>,
    running: &[Resources],
) -> Vec<EventHub> {
    let groups = running.iter().flat_map(|app| &app.consumer_groups);
    let mut wanted: BTreeSet<&str> = groups.map(|group| group.event_hub.as_str()).collect();
    for hub in running.iter().flat_map(|app| &app.event_hubs) {
        wanted.remove(hub.name.as_str());
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let places: BTreeSet<&Path> = folders.into_iter().filter_map(Path::parent).collect();
    let mut hubs: Vec<EventHub> = places.into_iter().flat_map(hubs_below).collect();
    hubs.retain(|hub| wanted.remove(hub.name.as_str()));
    // Its container may be that of an app which does not run either.
    hubs.iter_mut().for_each(|hub| hub.capture = None);
    hubs
}

/// What the apps in a folder own. One that cannot be read is told when it is started.
fn hubs_below(functions: &Path) -> Vec<EventHub> {
    let folders = std::fs::read_dir(functions).into_iter().flatten().flatten();
    let mut folders: Vec<_> = folders.map(|folder| folder.path()).collect();
    folders.sort();
    let apps = folders.iter().filter_map(|folder| AppJson::read(folder).ok());
    apps.flat_map(|app| app.owns.event_hubs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app_json::ConsumerGroup;

    fn reading(hub: &str) -> Resources {
        let group = ConsumerGroup { name: "till".to_owned(), event_hub: hub.to_owned() };
        Resources { consumer_groups: vec![group], ..Resources::default() }
    }

    #[test]
    fn a_hub_of_a_neighbour_that_does_not_run_is_found_and_one_of_nobody_is_not() {
        let functions = tempfile::tempdir().unwrap();
        let bakery = functions.path().join("bakery");
        std::fs::create_dir(&bakery).unwrap();
        let owns = r#"{"owns": {"eventHubs": [{"name": "cake", "partitions": 3}, {"name": "bread", "partitions": 1}]}}"#;
        std::fs::write(bakery.join("app.json"), owns).unwrap();
        let shop = functions.path().join("shop");
        let found = |resources: &[Resources]| {
            let hubs = hubs_of_absent_apps([shop.as_path()], resources);
            hubs.into_iter().map(|hub| (hub.name, hub.partitions)).collect::<Vec<_>>()
        };
        assert_eq!(found(&[reading("cake"), reading("cake")]), [("cake".to_owned(), 3)]);
        assert_eq!(found(&[reading("soup")]), []);
        let hub = serde_json::from_str(r#"{"name": "cake", "partitions": 3}"#).unwrap();
        let running = Resources { event_hubs: vec![hub], ..Resources::default() };
        assert_eq!(found(&[reading("cake"), running]), []);
    }
}
