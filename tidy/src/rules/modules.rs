//! Which file of an app knows which: downwards, and never in a circle.

use crate::Project;
use crate::rust::dependencies::{Files, circles};

fn of_app<'a>(project: &'a Project, app: &str) -> Files<'a> {
    Files::of(&format!("functions/{app}/src"), project.rust())
}

/// Files that use what `main.rs` defines: it lists what there is, and nothing stands on a list.
#[must_use]
pub fn arrows_up(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for app in project.apps() {
        let main = format!("functions/{app}/src/main.rs");
        for (file, used) in of_app(project, app).uses() {
            if file != main && used.contains(main.as_str()) {
                found.push(format!(
                    "{file}: it uses what main.rs defines: define it where it belongs, a function as \
                     `pub(crate) const FUNCTION: Function = function!();` in its own mod.rs"
                ));
            }
        }
    }
    found
}

/// Files of an app that use each other in a circle.
#[must_use]
pub fn circles_of_files(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for app in project.apps() {
        let files = of_app(project, app);
        for circle in circles(&files.uses()) {
            let start = format!("functions/{app}/src/");
            let names: Vec<&str> = circle
                .iter()
                .chain(circle.first())
                .map(|file| file.strip_prefix(&start).unwrap_or(file))
                .collect();
            found.push(format!("functions/{app}: {}", names.join(" → ")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_uses_a_constant_of_main_is_found() {
        let project = Project::of(&[
            ("functions/a/src/main.rs", "mod one; mod two; const ONE: u8 = 1;"),
            ("functions/a/src/one.rs", "fn f() -> u8 { crate::ONE }"),
            ("functions/a/src/two.rs", "use crate::one::f;"),
        ]);
        let found = arrows_up(&project);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("functions/a/src/one.rs: it uses what main.rs defines"));
    }

    #[test]
    fn a_circle_is_told_as_the_way_round() {
        let project = Project::of(&[
            ("functions/a/src/main.rs", "mod one; mod two;"),
            ("functions/a/src/one.rs", "use crate::two::g; pub(crate) fn f() {}"),
            ("functions/a/src/two.rs", "pub(crate) fn g() { crate::one::f() }"),
        ]);
        assert_eq!(circles_of_files(&project), ["functions/a: one.rs → two.rs → one.rs"]);
    }
}
