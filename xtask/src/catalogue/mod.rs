//! `cargo xtask catalogue`: which events there are, who sends them, on which hub, who reads them, and who answers for them; one
//! file for the app `events`, which shows it.
//!
//! It is gathered from the files that the tests of each app hold against its binary: `app.json` says what `--describe` says.

mod apps;
mod example;
mod types;

use std::fs;

use serde_json::{Value, json};

use crate::{failure::Failure, schemas, workspace::Workspace};

/// Where it lies, from the workspace's folder.
const FILE: &str = "functions/events/catalogue.json";

/// Writes the file and answers with its name.
pub(crate) fn write(workspace: &Workspace) -> Result<&'static str, Failure> {
    let path = workspace.root().join(FILE);
    fs::write(&path, catalogue(workspace)?)
        .map_err(|source| Failure::file("writing", &path, source))?;
    Ok(FILE)
}

/// The text of the file.
fn catalogue(workspace: &Workspace) -> Result<String, Failure> {
    let apps = apps::read(workspace)?;
    let known = schemas::types::of(workspace)?.types;
    let mut types = known
        .iter()
        .filter_map(|event_type| types::entry(event_type, &apps))
        .collect::<Result<Vec<Value>, Failure>>()?;
    types.sort_by(|one, other| one["type"].as_str().cmp(&other["type"].as_str()));
    let catalogue = json!({
        "types": types,
        "hubs": apps::hubs(&apps),
        "apps": apps::entries(&apps, &types),
        "teams": teams(workspace)?,
    });
    Ok(format!("{catalogue:#}\n"))
}

/// What everybody may know of each team.
fn teams(workspace: &Workspace) -> Result<Vec<Value>, Failure> {
    let folder = workspace.root().join("teams");
    let files = schemas::types::names(&folder)?;
    let files = files.iter().filter(|file| file.ends_with(".json") && !file.contains(".schema."));
    files
        .map(|file| {
            let says = apps::json_of(&folder.join(file))?;
            let word = |name: &str| says[name].clone();
            Ok(json!({
                "name": word("name"), "mission": word("mission"), "backlog": word("backlog"),
                "support": says["channels"]["support"],
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn ours() -> Value {
        serde_json::from_str(&catalogue(&Workspace::ours()).unwrap()).unwrap()
    }

    #[test]
    fn the_catalogue_is_what_the_apps_say() {
        let workspace = Workspace::ours();
        let file = fs::read_to_string(workspace.root().join(FILE)).unwrap();
        assert_eq!(file, catalogue(&workspace).unwrap(), "write it anew: cargo xtask catalogue");
    }

    #[test]
    fn every_example_is_what_its_schema_asks_for() {
        for entry in ours()["types"].as_array().unwrap() {
            let schema = jsonschema::validator_for(&entry["schema"]).unwrap();
            let wrong: Vec<String> = schema
                .iter_errors(&entry["example"]["data"])
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            let none: Vec<String> = Vec::new();
            assert_eq!(wrong, none, "{}: give its schema an example (`examples`)", entry["type"]);
        }
    }

    #[test]
    fn a_type_names_its_owner_its_versions_and_who_sends_and_reads_it() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let schema = r#"{ "title": "com.iommi.bakery.baked.v1", "description": "A cake is ready.", "type": "object",
            "required": ["cakeId"], "properties": { "cakeId": { "type": "string", "format": "uuid" } } }"#;
        write("functions/bakery/Cargo.toml", "");
        write(
            "functions/bakery/app.json",
            r#"{ "purpose": "Bakes", "team": "bakers",
                "owns": { "eventTypes": ["com.iommi.bakery.baked.v1"], "eventHubs": [{ "name": "cake", "partitions": 4 }] },
                "uses": { "eventTypes": { "com.iommi.bakery.baked.v1": ["send"] } } }"#,
        );
        write("functions/bakery/messages/baked.schema.json", schema);
        write("functions/bakery/messages/released/baked/1.json", schema);
        let terms = r#"{ "mode": "full-transitive", "owner": "bakers", "hub": "cake" }"#;
        write("functions/bakery/messages/released/baked/release.json", terms);
        write("functions/shop/Cargo.toml", "");
        write(
            "functions/shop/app.json",
            r#"{ "purpose": "Sells", "team": "sellers",
                "owns": { "queues": ["shop-replays"], "consumerGroups": [{ "name": "shop", "eventHub": "cake" }] },
                "uses": { "eventTypes": { "com.iommi.bakery.baked.v1": ["receive"] } },
                "people": [{ "role": "Operator", "page": "/shop/dead-letters" }] }"#,
        );
        write(
            "functions/shop/src/functions/cakes/function.json",
            r#"{ "bindings": [{ "type": "eventHubTrigger", "eventHubName": "cake" }] }"#,
        );
        let team = r#"{ "name": "bakers", "mission": "m", "backlog": "b", "channels": { "support": "s" } }"#;
        write("teams/bakers.json", team);
        let catalogue = catalogue(&Workspace::at(root.path())).unwrap();
        let found: Value = serde_json::from_str(&catalogue).unwrap();
        let baked = &found["types"][0];
        assert_eq!(
            (&baked["owner"], &baked["hub"], &baked["versions"][0]["number"]),
            (&json!("bakers"), &json!("cake"), &json!(1))
        );
        assert_eq!(baked["producers"], json!(["bakery"]));
        assert_eq!(
            baked["consumers"],
            json!([{ "app": "shop", "team": "sellers", "group": "shop" }])
        );
        assert_eq!(baked["example"]["type"], "com.iommi.bakery.baked.v1");
        assert_eq!(
            found["hubs"][0]["groups"],
            json!([{ "name": "shop", "app": "shop", "functions": ["cakes"] }])
        );
        let shop =
            found["apps"].as_array().unwrap().iter().find(|app| app["name"] == "shop").unwrap();
        assert_eq!(
            (&shop["replays"], &shop["deadLetters"]),
            (&json!(true), &json!("/shop/dead-letters"))
        );
    }
}
