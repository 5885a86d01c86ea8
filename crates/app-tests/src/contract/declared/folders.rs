//! The function folders, and the functions that the binary has.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::App;
use crate::app::functions_folder;
use contract_check::Description;

pub(super) fn findings(app: &App, description: &Description) -> Vec<String> {
    let folder = functions_folder(Path::new(app.folder));
    let place = folder.strip_prefix(app.folder).unwrap_or(&folder).display().to_string();
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        let Ok(text) = fs::read_to_string(entry.path().join("function.json")) else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = app.file(&format!("{place}/{name}/function.json"));
        let json: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
        match description.functions.iter().find(|function| function.name == name) {
            None => findings.push(format!(
                "{file}: the handler has no function `{name}`: register it in main.rs, or remove the folder"
            )),
            Some(function) if Value::from(function.bindings.clone()) != json["bindings"] => findings
                .push(format!("{file}: the handler was built from other bindings: build it again")),
            Some(_) => {}
        }
        found.push(name);
    }
    let without = description.functions.iter().filter(|function| !found.contains(&function.name));
    findings.extend(without.map(|function| {
        let name = &function.name;
        let folder = app.file(&format!("{place}/{name}"));
        format!(
            "{folder}: the handler has a function `{name}`, and there is no function.json: add it"
        )
    }));
    findings
}
