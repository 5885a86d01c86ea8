//! An app does not know where it runs: not on a laptop, not in a test; and there is one clock.

use crate::rust::paths::Source;
use crate::{File, Project};

/// What tells a laptop from Azure, or a test from the rest.
const PLACES: [&str; 4] = ["debug_assertions", "is_loopback", "localhost", "127.0.0.1"];

/// Where the machine's clock is asked: by the clock of all, for the time of a log line and how long a message has waited,
/// and for signatures and tokens, which the services hold against their own time.
const CLOCKS: [&str; 4] = [
    "crates/azure-data/src/credential.rs",
    "crates/azure-data/src/storage/delegation.rs",
    "crates/custom-handler/src/now.rs",
    "crates/values/src/clock.rs",
];

/// Types whose `now` is the machine's clock. `Instant` only measures.
const MACHINE_TIME: [&str; 6] =
    ["DateTime", "OffsetDateTime", "SystemTime", "Timestamp", "Utc", "Zoned"];

/// Apps that do something else on a laptop or in a test.
#[must_use]
pub fn apps_that_know_where_they_run(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for file in shipped(project).filter(|file| file.path.starts_with("functions/")) {
        let code = without_tests(&file.text);
        for place in PLACES.iter().filter(|place| code.contains(**place)) {
            found.push(format!(
                "{}: it says `{place}`: what differs between places is a setting",
                file.path
            ));
        }
    }
    found
}

/// Clocks besides the one that travels.
#[must_use]
pub fn other_clocks(project: &Project) -> Vec<String> {
    let asks = |path: &Vec<String>| {
        let mut pairs = path.windows(2);
        pairs.any(|pair| MACHINE_TIME.contains(&pair[0].as_str()) && pair[1].starts_with("now"))
    };
    let found = shipped(project).filter(|file| {
        !CLOCKS.contains(&file.path.as_str()) && Source::read(&file.text).paths.iter().any(asks)
    });
    found
        .map(|file| format!("{}: it has a clock of its own: pass `Clock` down", file.path))
        .collect()
}

fn shipped(project: &Project) -> impl Iterator<Item = &File> {
    let is_test = |path: &str| path.contains("tests") || path.contains("/model/");
    project.rust().filter(move |file| {
        let path = file.path.as_str();
        let is_source = path.contains("/src/") && !is_test(path);
        is_source
            && (path.starts_with("functions/") || path.starts_with("crates/"))
            && !path.starts_with("crates/app-tests/")
    })
}

/// The code with its texts, which are what counts here: without lines of comment, and without tests, which stand at
/// the end of a file.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_that_asks_where_it_is_and_a_second_clock_are_found() {
        let text = "fn f(url: &str) { if url.contains(\"localhost\") {} let _ = Timestamp::now(); }\n\
                    // 127.0.0.1 in a comment\n#[cfg(test)]\nmod tests { fn g() { is_loopback(); } }";
        let project = Project::of(&[
            ("functions/a/src/x.rs", text),
            ("functions/a/src/model/world.rs", text),
            ("crates/values/src/clock.rs", text),
        ]);
        assert_eq!(
            apps_that_know_where_they_run(&project),
            ["functions/a/src/x.rs: it says `localhost`: what differs between places is a setting"]
        );
        assert_eq!(
            other_clocks(&project),
            ["functions/a/src/x.rs: it has a clock of its own: pass `Clock` down"]
        );
    }
}
