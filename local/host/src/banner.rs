//! What a person sees when everything is up.

use std::{fmt::Write as _, time::Duration};

use anstyle::Style;
use function_json::{HttpTrigger, RouteTemplate, Trigger};
use http::Method;

use crate::{App, keys::Keys, mock::Mocks, platform::Platform};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The addresses, the apps with a request to try, and how to end it.
pub(crate) fn text(
    platform: &Platform,
    mocks: &Mocks,
    keys: Option<&Keys>,
    idle_timeout: Duration,
) -> String {
    let endpoints = &platform.endpoints;
    let mut text = format!(
        "\n  {BOLD}{}/{BOLD:#}  shows what is running; Ctrl-C ends it\n\n",
        endpoints.gateway
    );
    for (index, running) in platform.apps.iter().enumerate() {
        let count = running.app.functions.len();
        let noun = if count == 1 { "function" } else { "functions" };
        let _ = write!(text, "  {:<11} {count} {noun}", running.app.name);
        match mocks.of(index).map_or(0, |mocks| mocks.all().len()) {
            0 => {}
            1 => text.push_str(", 1 mock"),
            count => {
                let _ = write!(text, ", {count} mocks");
            }
        }
        if let Some(path) = path_to_try(&running.app) {
            let _ = write!(text, ", try {}{path}", endpoints.gateway);
        }
        text.push('\n');
    }
    for (name, url) in [
        ("Cosmos DB", &endpoints.cosmos),
        ("Blob", &endpoints.blob),
        ("Queue", &endpoints.queue),
        ("Event Hubs", &endpoints.event_hubs),
        ("OTLP", &endpoints.otlp),
    ] {
        let _ = writeln!(text, "  {DIM}{name:<12}{url}{DIM:#}");
    }
    for simulator in platform.simulators.all() {
        let _ = writeln!(text, "  {DIM}{:<20}{}/{DIM:#}", simulator.name, simulator.url);
    }
    if !platform.travel.offset().is_zero() {
        let _ = writeln!(
            text,
            "  {BOLD}It is {:.0} here{BOLD:#}, as the last run left it",
            platform.travel.now()
        );
    }
    if let Some(keys) = keys {
        let _ = writeln!(
            text,
            "\n  keys for x-functions-key, new at each start\n  functions   {}\n  admin       {}\n  webhooks    {}",
            keys.host, keys.master, keys.system
        );
    }
    let _ = writeln!(
        text,
        "\n  {DIM}Handlers start with the first request and sleep after {} without one.{DIM:#}",
        span(idle_timeout)
    );
    text
}

fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}

/// The shortest path of an app that a browser can ask for as it is.
fn path_to_try(app: &App) -> Option<String> {
    let paths = app.functions.iter().filter(|function| function.enabled).filter_map(|function| {
        match &function.json.trigger {
            Trigger::Http(http) => link(http, &app.host_json.route_prefix),
            _ => None,
        }
    });
    paths.min_by_key(String::len)
}

/// The path of a function that answers GET at a route without parameters.
pub(crate) fn link(http: &HttpTrigger, prefix: &str) -> Option<String> {
    let answers_get = http.methods.as_ref().is_none_or(|methods| methods.contains(&Method::GET));
    let route: RouteTemplate = http.route.with_prefix(prefix).ok()?;
    (answers_get && route.parameters().next().is_none())
        .then(|| format!("/{}", route.as_str().trim_matches('/')))
}
