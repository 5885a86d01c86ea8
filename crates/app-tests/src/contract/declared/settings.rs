//! Settings: read by the code, or named by bindings.

use super::Declared;
use crate::contract::app_json::SettingEntry;
use contract_check::Description;

pub(super) fn findings(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let settings = &declared.app.settings;
    let everyones = &declared.everyones.settings;
    let mut findings = Vec::new();
    for setting in &description.settings {
        let (name, example) = (&setting.name, &setting.example);
        let Some(own) = settings.get(name) else {
            let entry = match everyones.contains_key(name) {
                true => "{}".to_owned(),
                false => format!("{{ \"local\": \"{example}\", \"azure\": … }}"),
            };
            findings.push(format!(
                "{file}: the handler reads the setting `{name}` ({}), which settings does not list: add \"{name}\": \
                 {entry}",
                setting.purpose
            ));
            continue;
        };
        let has =
            |part: fn(&SettingEntry) -> bool| part(own) || everyones.get(name).is_some_and(part);
        if setting.required && !has(|entry| entry.local.is_some()) {
            findings.push(format!(
                "{file}: the handler needs the setting `{name}`, which has no value that works locally: add \"local\""
            ));
        }
        if setting.required && !has(|entry| entry.azure.is_some()) {
            findings.push(format!(
                "{file}: the handler needs the setting `{name}`, which has no value in Azure: add \"azure\""
            ));
        }
    }
    let unread = settings.keys().filter(|name| {
        description.settings.iter().all(|setting| setting.name != **name)
            && !is_in_a_binding(name, description)
    });
    findings.extend(unread.map(|name| {
        format!("{file}: settings has `{name}`, which neither the handler nor a binding reads: take it out")
    }));
    findings
}

/// Whether a binding says `%NAME%`, or names the connection to which the setting belongs, such as
/// `COSMOS__accountEndpoint` to `COSMOS`; or whether the host reads it, to leave one of the functions alone.
fn is_in_a_binding(setting: &str, description: &Description) -> bool {
    let mut functions = description.functions.iter().map(|function| function.name.as_str());
    if functions.any(|function| setting == format!("AzureWebJobs.{function}.Disabled")) {
        return true;
    }
    let connection = setting.split("__").next().unwrap_or_default();
    let members = description.functions.iter().flat_map(|function| &function.bindings);
    members.filter_map(serde_json::Value::as_object).flatten().any(|(name, value)| {
        let text = value.as_str().unwrap_or_default();
        text.contains(&format!("%{setting}%"))
            || name.to_ascii_lowercase().ends_with("connection") && text == connection
    })
}
