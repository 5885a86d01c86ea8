//! Whether anything came out, and whether there was anything to listen to.

use std::collections::BTreeSet;

use contract_check::Description;
use reqwest::Method;
use serde_json::Value;

use crate::marked::{Heard, Marks, Text};
use crate::{Everything, Platform};

/// The attribute of every invocation's span that names its function.
const FUNCTION: &str = "faas.name";

/// What is held against what came.
pub(super) struct Verdict<'a> {
    pub(super) platform: &'a Platform,
    pub(super) marks: &'a Marks,
    pub(super) description: &'a Description,
    pub(super) heard: &'a mut Heard,
}

impl Verdict<'_> {
    /// Fails if a mark is in any telemetry, or if something told nothing.
    pub(super) async fn hold(mut self) {
        self.all_is_told().await;
        let texts = self.heard.texts();
        let mut wrong = self.silent(&texts);
        wrong.extend(self.heard.findings(self.marks, &self.told_to_the_host().await));
        let app = self.platform.app().name;
        let list = wrong.join("\n");
        assert!(wrong.is_empty(), "what was said to {app} is in its telemetry:\n{list}\n");
    }

    /// Waits until what happened so far was told: a last request is heard of, and figures after it.
    async fn all_is_told(&self) {
        let id = format!("{:032x}", rand::random::<u128>().max(1));
        let route = self.description.functions.iter().find(|function| function.name == "health");
        let route = route.and_then(|health| health.route.clone()).unwrap_or_default();
        let path = format!("/{}", route.replace("{probe}", "live"));
        let request = self.platform.request(Method::GET, &path);
        request.header("traceparent", &format!("00-{id}-00f067aa0ba902b7-01")).raw().await;
        let told = async || {
            let texts = self.heard.texts();
            let of = |signal| texts.iter().any(|text| text.signal == signal && text.text == id);
            (of("span") && of("log record")).then_some(())
        };
        self.platform.eventually("the last request in the telemetry", told).await;
        let before = self.heard.count("/v1/metrics");
        let more = async || (self.heard.count("/v1/metrics") > before).then_some(());
        self.platform.eventually("figures", more).await;
    }

    /// What was told to the host and not to us: its own spans, and what simulators say.
    async fn told_to_the_host(&self) -> Vec<Text> {
        let Everything { spans, logs, metrics, .. } = self.platform.all_telemetry().await;
        let text = |signal, told: &Value| Text {
            service: told["service"].as_str().unwrap_or_default().to_owned(),
            signal,
            place: vec![told["name"].as_str().unwrap_or_default().to_owned()],
            text: told.to_string(),
        };
        let of = |signal, list: Vec<Value>| list.into_iter().map(move |told| text(signal, &told));
        of("span", spans).chain(of("log record", logs)).chain(of("figure", metrics)).collect()
    }

    /// What should have told something and did not.
    fn silent(&mut self, texts: &[Text]) -> Vec<String> {
        let app = self.platform.app().name;
        let mine = || texts.iter().filter(|text| text.service == app);
        let mut silent = Vec::new();
        for signal in ["span", "log record", "figure"] {
            if !mine().any(|text| text.signal == signal) {
                silent.push(format!("no {signal} of {app} came: the search says nothing"));
            }
        }
        if !self.heard.log().iter().any(|line| line.contains(&format!("\"app\":\"{app}"))) {
            silent.push(format!("{app} wrote no line of a log: the search says nothing"));
        }
        let told: BTreeSet<&str> = mine()
            .filter(|text| text.is_attribute(FUNCTION))
            .map(|text| text.text.as_str())
            .collect();
        let functions = self.description.functions.iter().map(|function| function.name.as_str());
        for function in functions.filter(|function| !told.contains(function)) {
            silent.push(format!("the function {function} was not reached: no span names it"));
        }
        silent
    }
}
