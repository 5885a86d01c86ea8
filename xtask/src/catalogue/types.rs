//! An event type as the catalogue shows it.

use serde_json::{Value, json};

use super::{apps::App, example};
use crate::{
    failure::Failure,
    schemas::{releases::Version, types::EventType},
};

/// Nothing if no app owns the type: `tidy` tells of that.
pub(super) fn entry(event_type: &EventType, apps: &[App]) -> Option<Result<Value, Failure>> {
    let owner = apps.iter().find(|app| app.owns_type(&event_type.name))?;
    Some(whole(event_type, owner, apps))
}

fn whole(event_type: &EventType, owner: &App, apps: &[App]) -> Result<Value, Failure> {
    let name = &event_type.name;
    let read = |what: &str, text: &str| {
        serde_json::from_str::<Value>(text)
            .map_err(|source| Failure::Json { what: what.to_owned(), source })
    };
    let schema = read(&event_type.path, &event_type.text)?;
    let releases = event_type.releases.as_ref();
    let versions = releases.map_or(&[] as &[Version], |releases| &releases.versions);
    let versions = versions
        .iter()
        .map(|version| {
            let schema = read(&event_type.folder, &version.text)?;
            Ok(json!({ "number": version.number, "schema": schema }))
        })
        .collect::<Result<Vec<Value>, Failure>>()?;
    let hub = releases.and_then(|releases| releases.hub.as_deref());
    let team = releases.map_or_else(|| owner.says["team"].clone(), |it| json!(it.owner));
    let producers: Vec<&str> =
        apps.iter().filter(|app| app.does(name, "send")).map(|app| app.name.as_str()).collect();
    let consumers: Vec<Value> = apps
        .iter()
        .filter(|app| app.does(name, "receive"))
        .map(|app| {
            let group = hub.and_then(|hub| app.group(hub));
            json!({ "app": app.name, "team": app.says["team"], "group": group })
        })
        .collect();
    Ok(json!({
        "type": name,
        "description": schema["description"],
        "app": owner.name,
        "owner": team,
        "hub": hub,
        "mode": releases.map(|releases| releases.mode.to_string()),
        "producers": producers,
        "consumers": consumers,
        "example": example::event(name, &owner.name, &schema),
        "schema": schema,
        "versions": versions,
    }))
}
