//! The shape of an app: a function is a folder, and the app's list names it.

use crate::Project;
use crate::rust::paths::Source;

/// Function folders that are in another place, or that no code names.
#[must_use]
pub fn functions_outside_of_the_list(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for file in project.below("functions").filter(|file| file.name() == "function.json") {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [_, app, "src", "functions", function, _] = parts[..] else {
            found.push(format!(
                "{}: a function's folder is functions/<app>/src/functions/<function>",
                file.path
            ));
            continue;
        };
        let source =
            |path: &str| project.text(&format!("functions/{app}/src/{path}")).unwrap_or_default();
        let module = source(&format!("functions/{function}/mod.rs"));
        let has_code = !module.is_empty();
        let list = [source("main.rs"), source("functions/mod.rs")].concat();
        if has_code && !names(&Source::read(&list), function) {
            found.push(format!(
                "{}: main.rs does not register `functions::{function}::FUNCTION`",
                file.path
            ));
        }
        if !has_code && !list.contains(&format!("\"{function}\"")) && !is_shared(function) {
            found.push(format!(
                "{}: there is no mod.rs beside it, and neither main.rs nor functions/mod.rs names \"{function}\"",
                file.path
            ));
        }
    }
    found
}

/// Functions that crates register by the names that all apps give them.
fn is_shared(function: &str) -> bool {
    const SHARED: [&str; 9] = [
        "health",
        "openapi",
        "docs",
        "unmatched",
        "dead_letters",
        "dead_letter",
        "dead_letters_page",
        "dead_letter_page",
        "poison_queues",
    ];
    SHARED.contains(&function)
}

/// Whether a path of the code goes through the module of the function to its constant.
fn names(list: &Source, function: &str) -> bool {
    let goes = |path: &Vec<String>| {
        path.windows(2).any(|pair| pair[0] == function && pair[1] == "FUNCTION")
    };
    list.paths.iter().any(goes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_a_folder_that_the_list_names() {
        let project = Project::of(&[
            (
                "functions/a/src/main.rs",
                "fn h() { http(functions::one::FUNCTION); all![\"keep_x\"] }",
            ),
            ("functions/a/src/functions/one/function.json", ""),
            ("functions/a/src/functions/one/mod.rs", "x"),
            ("functions/a/src/functions/two/function.json", ""),
            ("functions/a/src/functions/two/mod.rs", "x"),
            ("functions/a/src/functions/keep_x/function.json", ""),
            ("functions/a/src/functions/keep_y/function.json", ""),
            ("functions/a/src/functions/health/function.json", ""),
            ("functions/a/src/three/function.json", ""),
        ]);
        let found = functions_outside_of_the_list(&project);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].ends_with("main.rs does not register `functions::two::FUNCTION`"));
        assert!(found[1].contains("keep_y"), "{found:?}");
        assert!(
            found[2].starts_with("functions/a/src/three/function.json: a function's folder is")
        );
    }
}
