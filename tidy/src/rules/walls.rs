//! The walls of the house (ARCHITECTURE.md).

use crate::Project;
use crate::packages::Package;

/// Test equipment for apps stands on the local platform; nothing but tests stands on it.
const APP_TESTS: &str = "crates/app-tests";
/// What stands in for Azure, for whatever app.
const PLATFORM: [&str; 4] = ["local/contract-mock", "local/host", "local/data", "local/wire"];
/// What it may stand on besides itself: what a function says of itself, and what a schema registry judges by, whosever
/// schemas they are.
const UNDER_PLATFORM: [&str; 2] = ["crates/function-json", "crates/schema-compatibility"];
/// Crates that strangers could take as they are.
const FOR_STRANGERS: [&str; 3] =
    ["crates/custom-handler", "crates/function-json", "crates/webhooks"];

/// Packages that stand on what they must not know, by path.
#[must_use]
pub fn broken_walls(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        for used in &package.uses {
            if let Some(why) = refusal(&package.folder, &used.folder, used.only_in_tests) {
                found.push(format!(
                    "{}/Cargo.toml: it stands on {}: {why}",
                    package.folder, used.folder
                ));
            }
        }
    }
    found
}

fn refusal(folder: &str, used: &str, only_in_tests: bool) -> Option<&'static str> {
    let in_any = |places: &[&str], path: &str| {
        places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")))
    };
    let is_product = in_any(&["functions", "crates"], folder) && folder != APP_TESTS;
    if in_any(&["functions"], used) {
        return Some("an app is known by its contract and its messages, never by its code");
    }
    if is_product && !only_in_tests && in_any(&["local", "ops", "tidy", "xtask", APP_TESTS], used) {
        return Some("what is shipped knows nothing of what stands in for Azure, nor of our tools");
    }
    if in_any(&["crates"], folder) && !only_in_tests && !in_any(&["crates", "local"], used) {
        return Some("a crate stands on crates");
    }
    if in_any(&PLATFORM, folder) && !in_any(&UNDER_PLATFORM, used) && !in_any(&PLATFORM, used) {
        return Some(
            "the local platform runs any app, of anybody: it reads function.json and app.json",
        );
    }
    if in_any(&FOR_STRANGERS, folder) && !in_any(&FOR_STRANGERS, used) {
        return Some("a crate for strangers stands on nothing of ours");
    }
    if folder == "crates/values" && !only_in_tests {
        return Some("values stand on nothing of ours: every domain uses them");
    }
    None
}

/// Crates for strangers that say our name.
#[must_use]
pub fn our_name_before_strangers(project: &Project) -> Vec<String> {
    let named = FOR_STRANGERS.iter().flat_map(|folder| project.below(folder));
    let named = named.filter(|file| file.text.to_lowercase().contains("iommi"));
    named.map(|file| format!("{}: say it without our name", file.path)).collect()
}

/// Names of apps that are also words of Azure's protocols, such as the path `…/events`.
const WORDS_OF_AZURE: [&str; 1] = ["events"];

/// Places of the platform that know one of the apps that run on it, other than in tests and comments.
#[must_use]
pub fn apps_in_the_platform(project: &Project) -> Vec<String> {
    let names: Vec<String> = project
        .apps()
        .into_iter()
        .flat_map(|app| {
            let word = (!WORDS_OF_AZURE.contains(&app)).then(|| format!("\"{app}\""));
            word.into_iter().chain([format!("\"{app}-"), format!("functions/{app}")])
        })
        .chain(["com.iommi.".to_owned()])
        .collect();
    let mut found = Vec::new();
    for file in project.rust().filter(|file| is_in_the_platform(&file.path)) {
        let code = file.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        for (number, line) in code.enumerate().filter(|(_, line)| !line.trim().starts_with("//")) {
            if let Some(name) = names.iter().find(|name| line.contains(name.as_str())) {
                found.push(format!(
                    "{}:{}: it knows {name}: the local platform runs any app, of anybody",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    found
}

fn is_in_the_platform(path: &str) -> bool {
    PLATFORM.iter().any(|folder| path.starts_with(&format!("{folder}/src/")))
        && !path.ends_with("tests.rs")
        && !path.contains("/tests/")
}

/// Uses of warp outside of the crate that hides it.
#[must_use]
pub fn warp_outside(project: &Project) -> Vec<String> {
    only_in(project, "warp::", "crates/custom-handler/", "use custom_handler instead")
}

/// Uses of Cosmos DB's SDK outside of the crate that makes each write conditional; the local data services stand on
/// the same SDK's emulator.
#[must_use]
pub fn cosmos_db_outside(project: &Project) -> Vec<String> {
    let places = ["crates/azure-data/", "local/data/", "tidy/"];
    let found = project.rust().filter(|file| {
        file.text.contains("azure_data_cosmos")
            && !places.iter().any(|place| file.path.starts_with(place))
    });
    found.map(|file| format!("{}: use azure_data instead", file.path)).collect()
}

fn only_in(project: &Project, what: &str, place: &str, remedy: &str) -> Vec<String> {
    let found = project.rust().filter(|file| {
        file.text.contains(what) && !file.path.starts_with(place) && !file.path.starts_with("tidy/")
    });
    found.map(|file| format!("{}: {remedy}", file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::Use;

    fn stands_on(folder: &str, used: &str, only_in_tests: bool) -> usize {
        let uses = vec![Use { folder: used.to_owned(), only_in_tests }];
        broken_walls(&[Package { folder: folder.to_owned(), uses }]).len()
    }

    #[test]
    fn what_is_shipped_stands_on_nothing_local_whatever_its_name() {
        assert_eq!(stands_on("functions/a", "local/simulators/mainframe", false), 1);
        assert_eq!(stands_on("functions/a", "ops/dead-letters", false), 1);
        assert_eq!(stands_on("crates/picture", "local/data", false), 1);
        assert_eq!(stands_on("functions/a", "crates/app-tests", false), 1);
        assert_eq!(stands_on("functions/a", "crates/app-tests", true), 0);
        assert_eq!(stands_on("functions/a", "local/host", true), 0);
        assert_eq!(stands_on("crates/app-tests", "local/host", false), 0);
        assert_eq!(stands_on("functions/a", "crates/values", false), 0);
    }

    #[test]
    fn nothing_stands_on_an_app() {
        for folder in ["functions/b", "crates/x", "local/host", "ops/dead-letters", "xtask"] {
            assert_eq!(stands_on(folder, "functions/a", true), 1, "{folder}");
        }
    }

    #[test]
    fn the_platform_knows_only_function_json_and_how_schemas_fit() {
        assert_eq!(stands_on("local/host", "crates/function-json", false), 0);
        assert_eq!(stands_on("local/data", "crates/schema-compatibility", false), 0);
        assert_eq!(stands_on("local/host", "local/data", false), 0);
        assert_eq!(stands_on("local/host", "crates/custom-handler", true), 1);
        assert_eq!(stands_on("local/data", "crates/azure-data", false), 1);
        assert_eq!(stands_on("local/simulators/mainframe", "local/wire", false), 0);
    }

    #[test]
    fn crates_for_strangers_and_values_stand_on_nothing_of_ours() {
        assert_eq!(stands_on("crates/custom-handler", "crates/function-json", false), 0);
        assert_eq!(stands_on("crates/custom-handler", "crates/values", false), 1);
        assert_eq!(stands_on("crates/values", "crates/money", false), 1);
        assert_eq!(stands_on("crates/money", "crates/values", false), 0);
        assert_eq!(stands_on("crates/money", "tidy", false), 1);
    }

    #[test]
    fn an_app_in_the_platform_is_found_but_not_in_its_tests_and_comments() {
        let text = "// as functions/sales does\nlet app = \"sales\";\n#[cfg(test)]\nmod tests { \"sales\" }\n";
        let project = Project::of(&[
            ("functions/sales/app.json", "{}"),
            ("local/host/src/a.rs", text),
            ("local/host/tests/b.rs", text),
            ("local/simulators/mainframe/src/a.rs", text),
        ]);
        assert_eq!(
            apps_in_the_platform(&project),
            [
                "local/host/src/a.rs:2: it knows \"sales\": the local platform runs any app, of anybody"
            ]
        );
    }

    #[test]
    fn names_and_libraries_are_found_outside_of_their_place() {
        let project = Project::of(&[
            ("crates/function-json/src/lib.rs", "//! Of Iommi."),
            ("functions/a/src/main.rs", "use warp::Filter; use azure_data_cosmos::X;"),
            ("crates/azure-data/src/lib.rs", "use azure_data_cosmos::X;"),
            ("crates/custom-handler/src/lib.rs", "use warp::Filter;"),
        ]);
        assert_eq!(our_name_before_strangers(&project).len(), 1);
        assert_eq!(warp_outside(&project).len(), 1);
        assert_eq!(cosmos_db_outside(&project).len(), 1);
    }
}
