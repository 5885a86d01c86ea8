//! What an app's contract promises and no function keeps: such a package is not made.

use std::{collections::BTreeSet, fs};

use contract_page::plan::{Operation, Planned, gaps, operations, routes_of};
use serde_json::Value;

use crate::{failure::Failure, workspace::App};

/// What a function without `methods` answers.
const ALL_METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Refuses an app whose contract has an operation that is neither a function nor planned; for a release also one that
/// still has planned operations, since clients would be promised what is not there.
pub(crate) fn check(app: &App, is_release: bool) -> Result<(), Failure> {
    let contract = app.folder.join("openapi.yaml");
    if !contract.is_file() {
        return Ok(());
    }
    let operations = operations(&contract).map_err(Failure::Bundle)?;
    let mut broken: Vec<String> =
        gaps(&operations, &served(app)?).iter().map(ToString::to_string).collect();
    if is_release {
        broken.extend(operations.iter().filter_map(only_planned));
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Failure::Promises { app: app.name.clone(), broken })
    }
}

fn only_planned(operation: &Operation) -> Option<String> {
    let Planned::For(month) = &operation.planned else { return None };
    Some(format!(
        "openapi.yaml has {}, which is planned for {month}: what is released keeps its contract; write the function, or \
         release without the operation",
        operation.route
    ))
}

/// Every `METHOD /path` that a function of the app answers.
fn served(app: &App) -> Result<BTreeSet<String>, Failure> {
    let folder = app.folder.join("src/functions");
    let reading = |source| Failure::file("reading", &folder, source);
    let mut served = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let file = entry.path().join("function.json");
        if !file.is_file() {
            continue;
        }
        let text = fs::read(&file).map_err(|source| Failure::file("reading", &file, source))?;
        let json: Value = serde_json::from_slice(&text)
            .map_err(|source| Failure::Json { what: file.display().to_string(), source })?;
        served.extend(routes(&json, &entry.file_name().to_string_lossy()));
    }
    Ok(served)
}

fn routes(function: &Value, name: &str) -> Vec<String> {
    let bindings = function["bindings"].as_array().into_iter().flatten();
    let triggers = bindings.filter(|binding| binding["type"] == "httpTrigger");
    let of = |trigger: &Value| {
        let methods: Vec<String> = match trigger["methods"].as_array() {
            Some(methods) => methods.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            None => ALL_METHODS.map(str::to_owned).to_vec(),
        };
        routes_of(&methods, trigger["route"].as_str().unwrap_or(name))
    };
    triggers.flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    const READ: &str = r#"{ "bindings": [{ "type": "httpTrigger", "methods": ["get"], "route": "cakes/v1/{id:guid}" }] }"#;
    const SHARED: &str =
        "components: { pathItems: { Cake: { get: {}, delete: { x-planned: 2027-02 } } } }";

    /// The app `cakes` with one function and a contract of these paths.
    fn refused(paths: &str, is_release: bool) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("functions/cakes");
        fs::create_dir_all(folder.join("src/functions/cake")).unwrap();
        fs::write(folder.join("src/functions/cake/function.json"), READ).unwrap();
        fs::write(folder.join("openapi.yaml"), format!("paths:\n  {paths}\n")).unwrap();
        fs::create_dir(root.path().join("crates")).unwrap();
        fs::write(root.path().join("crates/openapi.yaml"), SHARED).unwrap();
        match check(&App { name: "cakes".to_owned(), folder }, is_release) {
            Ok(()) => Vec::new(),
            Err(Failure::Promises { app, broken }) => {
                assert_eq!(app, "cakes");
                broken
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_neither_a_function_nor_planned_is_in_no_package() {
        let same = "/cakes/v1/{id}: { parameters: [], get: {} }";
        assert_eq!(refused(same, false), Vec::<String>::new());
        assert_eq!(refused(same, true), Vec::<String>::new());
        for is_release in [false, true] {
            let broken = refused("/cakes/v1/{id}: { get: {}, put: {} }", is_release);
            assert_eq!(broken.len(), 1, "{broken:?}");
            assert!(
                broken[0]
                    .starts_with("openapi.yaml has PUT /cakes/v1/{id}, which no function answers")
            );
        }
    }

    #[test]
    fn what_is_planned_is_in_packages_and_in_no_release_also_from_a_shared_part() {
        let own = "/cakes/v1/{id}: { get: {}, put: { x-planned: 2027-01 } }";
        let shared =
            "/cakes/v1/{id}: { $ref: '../../crates/openapi.yaml#/components/pathItems/Cake' }";
        for (paths, named) in [
            (own, "openapi.yaml has PUT /cakes/v1/{id}, which is planned for 2027-01"),
            (shared, "openapi.yaml has DELETE /cakes/v1/{id}, which is planned for 2027-02"),
        ] {
            assert_eq!(refused(paths, false), Vec::<String>::new());
            let broken = refused(paths, true);
            assert_eq!(broken.len(), 1, "{broken:?}");
            assert!(broken[0].starts_with(named), "{broken:?}");
        }
    }

    #[test]
    fn a_plan_that_is_kept_or_no_month_is_refused() {
        let kept = refused("/cakes/v1/{id}: { get: { x-planned: 2027-01 } }", false);
        assert!(kept[0].ends_with("take x-planned away"), "{kept:?}");
        let soon = refused("/cakes/v1/{id}: { get: {}, put: { x-planned: soon } }", false);
        assert!(soon[0].contains("write the month as YYYY-MM"), "{soon:?}");
    }
}
