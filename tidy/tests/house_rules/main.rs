//! The walls of the house (ARCHITECTURE.md), as far as reading the source can check them. A message says what
//! to do instead.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod files;

use files::{File, all, below, rust};
use std::collections::BTreeSet;

/// A file has one subject; past this many lines it has more than one.
const MAX_LINES: usize = 400;

/// Fails with all findings at once.
#[track_caller]
fn none(findings: Vec<String>, remedy: &str) {
    assert!(findings.is_empty(), "{remedy}\n  {}", findings.join("\n  "));
}

#[test]
fn files_have_one_subject() {
    let long = rust().into_iter().filter(|file| file.text.lines().count() > MAX_LINES);
    let found =
        long.map(|file| format!("{} lines: {}", file.text.lines().count(), file.path)).collect();
    none(found, "split these files by subject:");
}

#[test]
fn names_say_something() {
    let vague = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];
    let says_nothing = |file: &File| file.path.split(['/', '.']).any(|part| vague.contains(&part));
    let found = all().into_iter().filter(says_nothing).map(|file| file.path).collect();
    none(found, "name these after what they hold:");
}

#[test]
fn nothing_is_unfinished_or_switched_off() {
    let marks = ["todo!(", "unimplemented!(", "#[ignore", concat!("FIX", "ME"), concat!("XX", "X")];
    let mut found = Vec::new();
    for file in rust().into_iter().filter(|file| !file.path.starts_with("tidy/")) {
        for (number, line) in file.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none(found, "finish these, or make them an issue:");
}

#[test]
fn the_domain_knows_nothing_of_azure_http_or_the_clock() {
    let strangers = [
        "azure_",
        "custom_handler",
        "iommi_app",
        "reqwest",
        "http::",
        "warp",
        "Timestamp::now",
        "now_v7",
        "now_v4",
    ];
    let mut found = Vec::new();
    for file in rust().into_iter().filter(|file| file.path.contains("/src/domain/")) {
        found.extend(
            strangers
                .iter()
                .filter(|s| file.text.contains(*s))
                .map(|s| format!("{}: {s}", file.path)),
        );
    }
    none(found, "hand these in as plain values:");
}

#[test]
fn only_the_store_knows_cosmos_db() {
    let apps = below("functions").into_iter().filter(|file| file.path.ends_with(".rs"));
    let outside =
        apps.filter(|file| !file.path.contains("/src/store/") && !file.path.contains("/tests/"));
    let found =
        outside.filter(|file| file.text.contains("azure_data_cosmos")).map(|f| f.path).collect();
    none(found, "move what needs Cosmos DB into store/:");
}

#[test]
fn an_app_uses_no_other_app_and_nothing_local() {
    let manifests: Vec<File> =
        below("functions").into_iter().filter(|file| file.path.ends_with("/Cargo.toml")).collect();
    let apps: BTreeSet<&str> = manifests.iter().filter_map(|m| m.path.split('/').nth(1)).collect();
    let mut found = Vec::new();
    for manifest in &manifests {
        let own = manifest.path.split('/').nth(1).unwrap_or_default();
        let product = manifest.text.split("[dev-dependencies]").next().unwrap_or_default();
        for line in product.split("[dependencies]").nth(1).unwrap_or_default().lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if name.starts_with("local-") || name != own && apps.contains(name) {
                found.push(format!("{}: {name}", manifest.path));
            }
        }
    }
    none(found, "these dependencies break the walls between apps:");
}

#[test]
fn the_crates_for_strangers_do_not_know_who_we_are() {
    let ours = |file: &File| {
        let stranger = ["crates/custom-handler/", "crates/function-json/"];
        stranger.iter().any(|start| file.path.starts_with(start))
            && file.text.to_lowercase().contains("iommi")
    };
    none(
        all().into_iter().filter(ours).map(|file| file.path).collect(),
        "say this without our name:",
    );
}

#[test]
fn warp_stays_inside_custom_handler() {
    let uses = |file: &File| {
        file.text.contains("warp::") && !file.path.starts_with("crates/custom-handler/")
    };
    let found = rust().into_iter().filter(|file| !file.path.starts_with("tidy/"));
    none(found.filter(uses).map(|file| file.path).collect(), "use custom_handler instead:");
}

#[test]
fn every_setting_an_app_reads_has_a_value_that_works_locally() {
    let sample = files::read("local.settings.sample.json");
    let sample: serde_json::Value = serde_json::from_str(&sample).unwrap();
    let mut found = Vec::new();
    let product = rust().into_iter().filter(|file| {
        !file.path.contains("/tests/")
            && (file.path.starts_with("functions/") || file.path.starts_with("crates/iommi-app/"))
    });
    for file in product {
        for call in ["settings.required(", "settings.parse("] {
            let text = file.text.replace(char::is_whitespace, "");
            for rest in text.split(call).skip(1) {
                let name =
                    rest.trim_start_matches('"').split('"').next().unwrap_or_default().to_owned();
                if sample["Values"].get(&name).is_none() {
                    found.push(format!("{}: {name}", file.path));
                }
            }
        }
    }
    none(found, "add these to local.settings.sample.json:");
}

#[test]
fn every_function_folder_has_its_code_and_its_line_in_main() {
    let mut found = Vec::new();
    for file in below("functions").into_iter().filter(|file| file.path.ends_with("/function.json"))
    {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [_, app, "src", function, _] = parts[..] else {
            found.push(format!("{}: not functions/<app>/src/<function>/function.json", file.path));
            continue;
        };
        let main = files::read(&format!("functions/{app}/src/main.rs"));
        if !main.contains(&format!("function!(\"{function}\")")) {
            found.push(format!("{}: main.rs does not name it", file.path));
        }
    }
    none(found, "each function is a folder that main.rs names:");
}

#[test]
fn every_decision_is_in_the_index() {
    let index = files::read("docs/decisions/README.md");
    let pages =
        below("docs/decisions").into_iter().filter(|file| !file.path.ends_with("README.md"));
    let found =
        pages.filter(|page| !index.contains(page.path.rsplit('/').next().unwrap_or_default()));
    none(found.map(|page| page.path).collect(), "list these in docs/decisions/README.md:");
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest = files::read("Cargo.toml");
    let reasons = files::read("docs/decisions/0006-dependencies.md");
    let table = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let table = table.split("[workspace.lints").next().unwrap();
    let names = table.lines().filter(|line| line.contains('=') && !line.starts_with('#'));
    let foreign = names.filter(|line| !line.contains("path = "));
    let found = foreign.filter_map(|line| line.split([' ', '=']).next());
    let missing = found.filter(|name| !reasons.contains(&format!("`{name}`"))).map(str::to_owned);
    none(missing.collect(), "say in docs/decisions/0006-dependencies.md why these are here:");
}

#[test]
fn links_between_our_documents_lead_somewhere() {
    let mut found = Vec::new();
    for page in all().into_iter().filter(|file| file.path.ends_with(".md")) {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in page.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty()
                && !target.contains("://")
                && !files::exists(&format!("{folder}/{target}"))
            {
                found.push(format!("{}: {link}", page.path));
            }
        }
    }
    none(found, "these links lead nowhere:");
}
