//! `app.json` against what the binary says of itself and against the function folders.

mod containers;
mod events;
mod folders;
mod hubs;
mod queues;
mod settings;

use std::collections::BTreeSet;

use super::app_json::AppJson;
use super::none;
use crate::App;
use contract_check::Description;

/// Fails unless everything that the app uses is declared in its `app.json`, and everything declared there is used.
pub fn declarations(app: &App) {
    let everyones = std::fs::read_to_string(app.workspace().join("functions/every-app.json"));
    let declared = Declared {
        file: app.file("app.json"),
        name: app.name.to_owned(),
        app: read(&app.file("app.json"), &app.read("app.json")),
        everyones: read("functions/every-app.json", &everyones.unwrap_or_default()),
    };
    let description = app.description();
    let mut findings = declared.compare(&description);
    findings.extend(folders::findings(app, &description));
    none(findings);
}

fn read(file: &str, text: &str) -> AppJson {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What an app's files say.
struct Declared {
    /// Its `app.json`, for messages.
    file: String,
    name: String,
    app: AppJson,
    /// `every-app.json`.
    everyones: AppJson,
}

impl Declared {
    fn compare(&self, description: &Description) -> Vec<String> {
        let mut findings = queues::findings(self, description);
        findings.extend(containers::findings(self, description));
        findings.extend(containers::blobs(self, description));
        findings.extend(events::findings(self, description));
        findings.extend(hubs::findings(self, description));
        findings.extend(settings::findings(self, description));
        findings
    }
}

/// `["send", "length"]`
fn listed<'a>(uses: impl IntoIterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = uses.into_iter().map(|usage| format!("\"{usage}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// What is used and not declared, and the reverse.
fn differences(used: &[String], declared: Option<&BTreeSet<String>>) -> (Vec<String>, Vec<String>) {
    let used: BTreeSet<&String> = used.iter().collect();
    let declared: BTreeSet<&String> = declared.into_iter().flatten().collect();
    let owned = |names: Vec<&&String>| names.into_iter().map(|name| (*name).clone()).collect();
    (owned(used.difference(&declared).collect()), owned(declared.difference(&used).collect()))
}

#[cfg(test)]
mod tests;
