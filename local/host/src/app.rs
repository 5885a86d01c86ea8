//! An app as it was loaded: its functions, its settings, and what was wrong with the rest.

use std::{path::PathBuf, sync::Arc};

use function_json::{FunctionJson, FunctionName, RetryPolicy, Trigger};

use crate::{
    AppJson, AppSource, HostJson, Settings, app_json::APP_JSON, host_json::HttpMode,
    triggers::Target,
};

/// A loaded function app.
#[derive(Clone, Debug)]
pub struct App {
    /// Its name: the folder's, or what was asked for.
    pub name: String,
    /// The folder that holds the function folders; `FUNCTIONS_APP_ROOT_PATH` of the handler.
    pub root: PathBuf,
    /// What its `app.json` says.
    pub declared: AppJson,
    /// Its host settings.
    pub host_json: Arc<HostJson>,
    /// Its app settings.
    pub settings: Settings,
    /// Its functions by name.
    pub functions: Vec<Arc<Function>>,
    /// Function folders that could not be loaded.
    pub broken: Vec<BrokenFunction>,
    /// The handler's executable, unless `host.json` names it.
    pub(crate) program: Option<PathBuf>,
    /// Where the app comes from.
    pub(crate) source: AppSource,
}

/// A function that was loaded.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name: the folder's.
    pub name: FunctionName,
    /// Its `function.json`, with `%SETTING%` replaced.
    pub json: FunctionJson,
    /// How the host calls it.
    pub mode: Mode,
    /// False when `function.json` or a setting `AzureWebJobs.<Function>.Disabled` switches it off.
    pub enabled: bool,
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The request is streamed to the handler and its answer back.
    Proxied,
    /// A rebuilt copy of the request is sent.
    Forwarded,
    /// A rebuilt copy of the request is sent to `/<FunctionName>` (the older `httpWorker`).
    ForwardedToName,
    /// The handler gets `POST /<FunctionName>` with `{"Data","Metadata"}`.
    Enveloped,
}

/// A function folder that could not be loaded; the others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenFunction {
    /// The folder's name.
    pub name: String,
    /// Which file, which key, and what to do.
    pub problem: String,
}

impl App {
    /// What `app.json` declares for functions that the app does not have, one message each.
    pub(crate) fn strays(&self) -> Vec<String> {
        let functions = self.functions.iter().map(|function| function.name.as_str());
        let known: Vec<&str> =
            functions.chain(self.broken.iter().map(|broken| broken.name.as_str())).collect();
        let declared = self.declared.event_subscriptions.iter().map(|one| one.function.as_str());
        let stray = |function| {
            format!(
                "{}: eventSubscriptions names the function {function}, which does not exist; there are: {}",
                self.source.folder.join(APP_JSON).display(),
                known.join(", ")
            )
        };
        declared.filter(|function| !known.contains(function)).map(stray).collect()
    }

    /// A function by its name; the case counts, as for the real host's webhooks.
    pub fn function(&self, name: &str) -> Option<&Arc<Function>> {
        self.functions.iter().find(|function| function.name.as_str() == name)
    }
}

impl Function {
    pub(crate) fn new(
        name: FunctionName,
        json: FunctionJson,
        host_json: &HostJson,
        settings: &Settings,
    ) -> Self {
        let mode = match host_json.custom_handler.http {
            _ if !json.is_http_in_out() => Mode::Enveloped,
            HttpMode::Enveloped => Mode::Enveloped,
            HttpMode::Forwarded => Mode::Forwarded,
            HttpMode::ForwardedToName => Mode::ForwardedToName,
            HttpMode::Proxied => Mode::Proxied,
        };
        let enabled = !json.disabled && !is_disabled_by_setting(&name, settings);
        Self { name, json, mode, enabled }
    }

    /// The function's own retry policy, or that of `host.json`.
    pub fn retry<'a>(&'a self, host_json: &'a HostJson) -> Option<&'a RetryPolicy> {
        self.json.retry.as_ref().or(host_json.retry.as_ref())
    }

    /// The function as triggers see it.
    pub(crate) fn target(&self, host_json: &HostJson) -> Target {
        Target {
            name: self.name.to_string(),
            json: self.json.clone(),
            retry: self.retry(host_json).cloned(),
        }
    }

    /// The trigger in one word, as the log shows it: `http`, `queue`, `cosmosDB`…
    pub fn trigger_word(&self) -> &'static str {
        match self.json.trigger {
            Trigger::Http(_) => "http",
            Trigger::Queue(_) => "queue",
            Trigger::CosmosDb(_) => "cosmosDB",
            Trigger::EventGrid(_) => "eventGrid",
            Trigger::EventHub(_) => "eventHub",
            Trigger::Kafka(_) => "kafka",
            Trigger::Timer(_) => "timer",
            Trigger::Blob(_) => "blob",
        }
    }
}

/// On Linux the dots of `AzureWebJobs.<Function>.Disabled` become underscores, as the portal writes them there.
fn is_disabled_by_setting(name: &FunctionName, settings: &Settings) -> bool {
    let names = [format!("AzureWebJobs.{name}.Disabled"), format!("AzureWebJobs_{name}_Disabled")];
    let value = names.iter().find_map(|name| settings.get(name)).unwrap_or_default();
    value.eq_ignore_ascii_case("true") || value == "1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_disables_a_function_in_either_spelling() {
        let name = FunctionName::parse("Order").unwrap();
        for (setting, value, disabled) in [
            ("AzureWebJobs.Order.Disabled", "true", true),
            ("AzureWebJobs_Order_Disabled", "1", true),
            ("AzureWebJobs.Order.Disabled", "false", false),
            ("AzureWebJobs.Other.Disabled", "true", false),
        ] {
            assert_eq!(
                is_disabled_by_setting(&name, &Settings::of([(setting, value)])),
                disabled,
                "{setting}={value}"
            );
        }
    }
}
