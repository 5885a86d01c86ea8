//! Names that two apps claim. In Azure one of them would silently get the other's queue.

use std::{collections::BTreeMap, fmt};

use super::{APP_JSON, AppJson};

/// A name that two apps own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedName {
    /// What the name is of: `queue`, `blob container`, `event hub`, `consumer group`, `event type`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
    /// The two apps.
    pub apps: [String; 2],
}

impl fmt::Display for SharedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, apps: [first, second] } = self;
        write!(
            f,
            "the apps {first} and {second} both own the {kind} {name}; let one of them own it in its {APP_JSON}, and \
             begin its name with that app's"
        )
    }
}

/// The first name that two apps own.
pub(crate) fn shared_name<'a>(
    apps: impl IntoIterator<Item = (&'a str, &'a AppJson)>,
) -> Option<SharedName> {
    let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for (app, AppJson { owns, .. }) in apps {
        let blob_containers = owns.blob_containers.iter().map(|container| &container.name);
        let groups = owns.consumer_groups.iter();
        let groups = groups.map(|group| format!("{}/{}", group.event_hub, group.name));
        let names = (owns.queues.iter().cloned().map(|name| ("queue", name)))
            .chain(blob_containers.cloned().map(|name| ("blob container", name)))
            .chain(owns.event_hubs.iter().map(|hub| ("event hub", hub.name.clone())))
            .chain(groups.map(|name| ("consumer group", name)))
            .chain(owns.event_types.iter().cloned().map(|name| ("event type", name)));
        for (kind, name) in names {
            let first = *owners.entry((kind, name.to_lowercase())).or_insert(app);
            if first != app {
                let apps = [first.to_owned(), app.to_owned()];
                return Some(SharedName { kind, name, apps });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(owns: &str) -> AppJson {
        serde_json::from_str(&format!("{{\"owns\": {owns}}}")).unwrap()
    }

    #[test]
    fn a_name_that_two_apps_own_is_told_with_both() {
        for (kind, owns) in [
            ("queue orders", r#"{"queues": ["orders"]}"#),
            ("blob container orders", r#"{"blobContainers": [{"name": "orders"}]}"#),
            ("event hub orders", r#"{"eventHubs": [{"name": "orders", "partitions": 4}]}"#),
            (
                "consumer group orders/till",
                r#"{"consumerGroups": [{"name": "till", "eventHub": "orders"}]}"#,
            ),
            ("event type Orders", r#"{"eventTypes": ["Orders"]}"#),
        ] {
            let apps = [app(owns), app("{}"), app(owns)];
            let found = shared_name(["shop", "none", "till"].into_iter().zip(&apps)).unwrap();
            let text = found.to_string();
            for part in ["shop and till", kind] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }

    #[test]
    fn one_name_may_be_of_several_kinds_and_containers_lie_in_databases_of_their_own() {
        let owns = r#"{"queues": ["a"], "blobContainers": [{"name": "a"}], "containers": [{"name": "c", "partitionKey": "/id"}]}"#;
        let other = r#"{"queues": ["b"], "containers": [{"name": "c", "partitionKey": "/id"}]}"#;
        let apps = [app(owns), app(other)];
        assert_eq!(shared_name(["shop", "till"].into_iter().zip(&apps)), None);
    }
}
