//! Which events there are: `catalogue.json`, which `cargo xtask catalogue` gathers from what all apps say of themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything that is known of events.
#[derive(Debug, Deserialize)]
pub(crate) struct Catalogue {
    pub(crate) types: Vec<KnownType>,
    pub(crate) hubs: Vec<Hub>,
    pub(crate) apps: Vec<KnownApp>,
    pub(crate) teams: Vec<Team>,
}

/// An event type. It is also what clients see.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KnownType {
    pub(crate) r#type: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    /// The app that it is named after.
    pub(crate) app: String,
    /// The team that answers for it.
    pub(crate) owner: String,
    /// The event hub on which it is sent; nothing for what goes through queues.
    pub(crate) hub: Option<String>,
    /// Who must be able to read what (docs/event-schemas.md); nothing until it is released.
    pub(crate) mode: Option<String>,
    pub(crate) producers: Vec<String>,
    pub(crate) consumers: Vec<Consumer>,
    pub(crate) example: Value,
    pub(crate) schema: Value,
    pub(crate) versions: Vec<Version>,
}

/// An app that reads a type.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Consumer {
    pub(crate) app: String,
    pub(crate) team: String,
    /// The consumer group in which it reads the hub.
    pub(crate) group: Option<String>,
}

/// A released version.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) schema: Value,
}

/// An event hub.
#[derive(Debug, Deserialize)]
pub(crate) struct Hub {
    pub(crate) name: String,
    pub(crate) team: String,
    pub(crate) partitions: u32,
    pub(crate) groups: Vec<Group>,
}

/// A consumer group, and the app that reads in it.
#[derive(Debug, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) app: String,
    /// The functions of the app that the hub calls.
    pub(crate) functions: Vec<String>,
}

/// An app that sends or reads events.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KnownApp {
    pub(crate) name: String,
    pub(crate) team: String,
    /// The page of what it gave up.
    pub(crate) dead_letters: String,
}

/// A team, and where one asks it.
#[derive(Debug, Deserialize)]
pub(crate) struct Team {
    pub(crate) name: String,
    pub(crate) mission: String,
    pub(crate) support: String,
}

impl Catalogue {
    /// The one in this package.
    pub(crate) fn shipped() -> Self {
        serde_json::from_str(include_str!("../catalogue.json")).expect("a test holds the file")
    }

    pub(crate) fn find(&self, name: &str) -> Option<&KnownType> {
        self.types.iter().find(|known| known.r#type == name)
    }

    /// The hub that calls this function.
    pub(crate) fn hub_of(&self, app: &str, function: &str) -> Option<&str> {
        let calls =
            |group: &Group| group.app == app && group.functions.iter().any(|name| name == function);
        let hub = self.hubs.iter().find(|hub| hub.groups.iter().any(calls))?;
        Some(&hub.name)
    }

    pub(crate) fn app(&self, name: &str) -> Option<&KnownApp> {
        self.apps.iter().find(|app| app.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::Lists;
    use crate::receivers::Receivers;

    #[test]
    fn the_shipped_catalogue_is_read_and_names_itself() {
        let catalogue = Catalogue::shipped();
        let own = catalogue.find("com.iommi.events.capture-due.v1").unwrap();
        assert_eq!(
            (own.owner.as_str(), own.producers.as_slice()),
            ("platform", &["events".to_owned()][..])
        );
        assert!(catalogue.find("com.iommi.nobody.said.v1").is_none());
        for team in &catalogue.types {
            assert!(catalogue.teams.iter().any(|one| one.name == team.owner), "{}", team.r#type);
        }
    }

    #[test]
    fn every_app_to_which_events_are_sent_once_more_is_one_that_reads_hubs() {
        let catalogue = Catalogue::shipped();
        for name in Receivers::names() {
            let reads = |hub: &Hub| hub.groups.iter().any(|group| group.app == name);
            assert!(catalogue.hubs.iter().any(reads), "{name}");
        }
    }

    #[test]
    fn every_app_that_reads_a_hub_is_one_whose_list_of_what_it_gave_up_is_read() {
        let catalogue = Catalogue::shipped();
        let groups = catalogue.hubs.iter().flat_map(|hub| &hub.groups);
        for group in groups {
            assert!(Lists::names().any(|name| name == group.app), "{}", group.app);
        }
    }

    #[test]
    fn a_hub_is_known_by_the_function_that_it_calls() {
        let catalogue = Catalogue::shipped();
        assert_eq!(catalogue.hub_of("contacts", "sales"), Some("sale"));
        assert_eq!(catalogue.hub_of("contacts", "replays"), None);
        assert_eq!(catalogue.hub_of("profiles", "sales"), None);
    }
}
