//! The domain: decisions and values, as the business tells them.

use crate::rust::paths::Source;
use crate::rust::tokens::tokens;
use crate::{File, Project};

/// Crates that bring Azure, HTTP, files of others or tests; of ours a domain knows `values`, `money`, `invoice` and `scorecard`.
const STRANGERS: [&str; 15] = [
    "app_tests",
    "azure_core",
    "azure_data",
    "azure_data_cosmos",
    "contract_check",
    "custom_handler",
    "function_json",
    "http",
    "messages",
    "outgoing",
    "picture",
    "public_api",
    "reqwest",
    "staff_pages",
    "warp",
];

/// Functions that ask a clock or a source of random numbers.
const SURPRISES: [&str; 3] = ["now", "now_v4", "now_v7"];

/// Words of how documents are kept and sent.
const STORAGE: [&str; 7] =
    ["ttl", "sweep_after", "schema_version", "SCHEMA_VERSION", "etag", "partition_key", "queue"];

/// What a domain knows and should be handed as a plain value.
#[must_use]
pub fn strangers_in_the_domain(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for file in domains(project) {
        let source = Source::read(&file.text);
        let imports = source.imports.iter().map(|import| &import.path);
        let paths: Vec<&Vec<String>> = imports.chain(&source.paths).collect();
        let begins = |name: &str| paths.iter().any(|path| path.first().is_some_and(|p| p == name));
        let calls = |name: &str| paths.iter().any(|path| path[1..].iter().any(|part| part == name));
        let is_a_child = |name: &str| source.children.contains(name);
        let crates = STRANGERS.iter().filter(|name| begins(name) && !is_a_child(name));
        for name in crates.chain(SURPRISES.iter().filter(|name| calls(name))) {
            found.push(format!("{}: it knows `{name}`: hand it in as a plain value", file.path));
        }
    }
    found
}

/// What a domain knows of how it is stored and sent.
#[must_use]
pub fn storage_in_the_domain(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for file in domains(project) {
        let tokens = tokens(&file.text);
        for word in STORAGE.iter().filter(|word| tokens.iter().any(|token| token == *word)) {
            found.push(format!(
                "{}: it says `{word}`, which belongs to the document or the message, in store/",
                file.path
            ));
        }
    }
    found
}

fn domains(project: &Project) -> impl Iterator<Item = &File> {
    project.rust().filter(|file| file.path.contains("/src/domain/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azure_the_clock_and_storage_are_found_in_a_domain_and_not_in_comments() {
        let text = "//! No http here.\nuse azure_data::X; use values::id; fn f(now: u8, picture: u8) { Timestamp::now(); } \
                    struct D { ttl: u32, title: &'static str }";
        let project =
            Project::of(&[("functions/a/src/domain/x.rs", text), ("functions/a/src/y.rs", text)]);
        assert_eq!(
            strangers_in_the_domain(&project),
            [
                "functions/a/src/domain/x.rs: it knows `azure_data`: hand it in as a plain value",
                "functions/a/src/domain/x.rs: it knows `now`: hand it in as a plain value"
            ]
        );
        assert_eq!(storage_in_the_domain(&project).len(), 1);
    }
}
