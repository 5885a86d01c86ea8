//! What the code says, to be compared with the contract.

use function_json::{FunctionJson, FunctionName, Trigger};
use std::{collections::BTreeSet, fs, path::Path};

/// Every `METHOD /path` of the function.json files below an app's `src`, of the functions that `counts`; what answers
/// requests that have no route names no method, and is left out.
#[must_use]
pub fn routes(source: &Path, counts: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for folder in fs::read_dir(source).unwrap() {
        let folder = folder.unwrap();
        let Ok(text) = fs::read_to_string(folder.path().join("function.json")) else { continue };
        let name = FunctionName::parse(folder.file_name().to_str().unwrap()).unwrap();
        let Trigger::Http(http) = FunctionJson::parse_named(&name, &text).unwrap().trigger else {
            continue;
        };
        for method in http.methods.iter().flatten().filter(|_| counts(name.as_str())) {
            routes.insert(format!("{} /{}", method.to_string().to_uppercase(), http.route));
        }
    }
    routes
}

/// The kinds of problems that source files make: the first text in each `Problem::new` and `Self::new` that is given an
/// `ErrorStatus`.
#[must_use]
pub fn problems(sources: &[&str]) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for source in sources {
        let source: String = source.split_whitespace().collect();
        for start in ["Problem::new(ErrorStatus::", "Self::new(ErrorStatus::"] {
            let calls = source.split(start).skip(1);
            kinds.extend(calls.map(|call| call.split('"').nth(1).unwrap().to_owned()));
        }
    }
    kinds
}
