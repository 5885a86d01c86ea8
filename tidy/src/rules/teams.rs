//! One team, one backlog, one set of channels, one security group; and nothing without a team.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Project;

/// What of a team is nobody else's, as pointers into its file. Channels and roles have addresses below these.
const ITS_OWN: [&str; 4] = ["/backlog", "/securityGroup", "/channels", "/roles"];

/// A team and its file.
struct Team<'a> {
    name: &'a str,
    file: &'a str,
    says: Value,
}

fn teams(project: &Project) -> Vec<Team<'_>> {
    let files = project.below("teams").filter(|file| !file.name().contains(".schema."));
    files
        .filter_map(|file| {
            let name = file.name().strip_suffix(".json")?;
            let says = serde_json::from_str(&file.text).unwrap_or_default();
            Some(Team { name, file: &file.path, says })
        })
        .collect()
}

/// Apps and what they say, and the files that say it.
fn apps(project: &Project) -> impl Iterator<Item = (&str, &str, Value)> {
    let files = project.below("functions").filter(|file| file.name() == "app.json");
    files.filter_map(|file| {
        let app = file.path.split('/').nth(1)?;
        Some((app, file.path.as_str(), serde_json::from_str(&file.text).unwrap_or_default()))
    })
}

/// Files of teams that another file could take for those of another team.
#[must_use]
pub fn teams_under_another_name(project: &Project) -> Vec<String> {
    let teams = teams(project);
    let other = teams.iter().filter(|team| team.says["name"] != *team.name);
    other
        .map(|team| {
            format!(
                "{}: `name` is {}; write \"{}\", or rename the file",
                team.file, team.says["name"], team.name
            )
        })
        .collect()
}

/// Backlogs, channels, groups and addresses that two teams have, or one team twice.
#[must_use]
pub fn shared_by_teams(project: &Project) -> Vec<String> {
    let teams = teams(project);
    let mut first: BTreeMap<String, (&str, String)> = BTreeMap::new();
    let mut found = Vec::new();
    for team in &teams {
        for (place, value) in ITS_OWN.iter().flat_map(|place| texts(&team.says, place)) {
            match first.get(&value) {
                None => drop(first.insert(value, (team.file, place))),
                Some((file, other)) => found.push(format!(
                    "{}: {place} is {value}, which is {other} of {file}: one team has one backlog, one set of channels \
                     and one security group, and shares none; give one of them its own",
                    team.file
                )),
            }
        }
    }
    found
}

/// The texts at a place or below it, in small letters, each with its own place.
fn texts(says: &Value, place: &str) -> Vec<(String, String)> {
    match says.pointer(place) {
        Some(Value::String(text)) => vec![(place.to_owned(), text.to_lowercase())],
        Some(Value::Object(members)) => members
            .iter()
            .filter_map(|(name, value)| {
                Some((format!("{place}/{name}"), value.as_str()?.to_lowercase()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Apps and event hubs whose team is nobody's file.
#[must_use]
pub fn without_a_team(project: &Project) -> Vec<String> {
    let teams = teams(project);
    let known: BTreeSet<&str> = teams.iter().map(|team| team.name).collect();
    let list = known.iter().copied().collect::<Vec<_>>().join(", ");
    let cure = |said: &Value| match said.as_str() {
        Some(name) => format!(
            "there is no teams/{name}.json; write one of {list}, or make that file with a backlog, channels and a group of its own"
        ),
        None => format!("it says nothing; write `\"team\": \"…\"` with one of {list}"),
    };
    let is_known = |said: &Value| said.as_str().is_some_and(|name| known.contains(name));
    let mut found = Vec::new();
    for (_, file, says) in apps(project) {
        if !is_known(&says["team"]) {
            found.push(format!("{file}: team: {}", cure(&says["team"])));
        }
        for hub in says["owns"]["eventHubs"].as_array().into_iter().flatten() {
            if !hub["team"].is_null() && !is_known(&hub["team"]) {
                found.push(format!(
                    "{file}: team of the event hub {}: {}",
                    hub["name"],
                    cure(&hub["team"])
                ));
            }
        }
    }
    found
}

/// Released event types that belong to a team which neither their app nor one of its event hubs belongs to.
#[must_use]
pub fn types_of_strangers(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for (app, file, says) in apps(project) {
        let hubs = says["owns"]["eventHubs"].as_array().cloned().unwrap_or_default();
        let teams: BTreeSet<&str> =
            hubs.iter().chain([&says]).filter_map(|of| of["team"].as_str()).collect();
        let folder = format!("functions/{app}/messages/released");
        for terms in project.below(&folder).filter(|file| file.name() == "release.json") {
            let terms_say: Value = serde_json::from_str(&terms.text).unwrap_or_default();
            let owner = terms_say["owner"].as_str().unwrap_or_default();
            if !teams.contains(owner) {
                found.push(format!(
                    "{}: owner is `{owner}`, and {file} belongs to {}: who answers for a type is the team of its app or \
                     of its event hub",
                    terms.path,
                    teams.iter().copied().collect::<Vec<_>>().join(" and ")
                ));
            }
            let hub = &terms_say["hub"];
            if !hub.is_null() && !hubs.iter().any(|owned| owned["name"] == *hub) {
                found.push(format!(
                    "{}: hub is {hub}, which is not among owns.eventHubs of {file}: a type is sent on a hub of its app",
                    terms.path
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{ "name": "one", "backlog": "https://b/1", "channels": { "team": "one@c", "support": "help-one@c" }, "securityGroup": "g1" }"#;
    const TWO: &str = r#"{ "name": "two", "backlog": "https://b/2", "channels": { "team": "two@c", "support": "help-two@c" }, "securityGroup": "g2" }"#;

    fn project<'a>(two: &'a str, app: &'a str) -> Project {
        Project::of(&[
            ("teams/team.schema.json", "{}"),
            ("teams/one.json", ONE),
            ("teams/two.json", two),
            ("functions/bakery/app.json", app),
            (
                "functions/bakery/messages/released/baked/release.json",
                r#"{ "owner": "one", "hub": "cake" }"#,
            ),
        ])
    }

    #[test]
    fn two_teams_that_share_a_backlog_a_channel_or_a_group_are_both_named() {
        let spoilt = TWO
            .replace("https://b/2", "https://b/1")
            .replace("two@c", "ONE@c")
            .replace("help-two@c", "two@c")
            .replace("g2", "g1");
        let found = shared_by_teams(&project(&spoilt, "{}"));
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].starts_with(
            "teams/two.json: /backlog is https://b/1, which is /backlog of teams/one.json"
        ));
        assert!(found.iter().any(|line| line.contains("/channels/team is one@c")), "{found:#?}");
        assert_eq!(shared_by_teams(&project(TWO, "{}")), [""; 0]);
    }

    #[test]
    fn a_file_says_the_name_that_it_has() {
        let found = teams_under_another_name(&project(&TWO.replace("\"two\"", "\"2\""), "{}"));
        assert_eq!(found, ["teams/two.json: `name` is \"2\"; write \"two\", or rename the file"]);
    }

    #[test]
    fn every_app_and_hub_has_a_team_with_a_file() {
        let owns = |app: &str, hub: &str| {
            format!(
                r#"{{ "team": {app}, "owns": {{ "eventHubs": [{{ "name": "cake", "team": {hub} }}] }} }}"#
            )
        };
        let found = |app: &str, hub: &str| without_a_team(&project(TWO, &owns(app, hub)));
        assert_eq!(found("\"one\"", "\"two\""), [""; 0]);
        assert_eq!(found("\"one\"", "null"), [""; 0]);
        let nobody = found("\"three\"", "\"four\"");
        assert!(
            nobody[0].contains(
                "bakery/app.json: team: there is no teams/three.json; write one of one, two"
            ),
            "{nobody:?}"
        );
        assert!(
            nobody[1].contains("event hub \"cake\": there is no teams/four.json"),
            "{nobody:?}"
        );
        assert!(found("null", "null")[0].contains("it says nothing"));
    }

    #[test]
    fn a_released_type_belongs_to_the_team_of_its_app_or_of_a_hub() {
        let found = |app: &str, hub: &str| {
            let app = format!(
                r#"{{ "team": "{app}", "owns": {{ "eventHubs": [{{ "name": "cake", "team": "{hub}" }}] }} }}"#
            );
            types_of_strangers(&project(TWO, &app))
        };
        assert_eq!(found("one", "two"), [""; 0]);
        assert_eq!(found("two", "one"), [""; 0]);
        let of_two = found("two", "two");
        assert!(
            of_two[0].contains("owner is `one`, and functions/bakery/app.json belongs to two"),
            "{of_two:?}"
        );
        let elsewhere = types_of_strangers(&project(TWO, r#"{ "team": "one" }"#));
        assert!(
            elsewhere[0].contains("hub is \"cake\", which is not among owns.eventHubs"),
            "{elsewhere:?}"
        );
    }
}
