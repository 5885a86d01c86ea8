//! Checks ask programs (`<app> --describe`); they do not read our source as text.

use crate::Project;

/// Where checks are.
const FOLDERS: [&str; 4] = ["checks", "pipelines", "terraform", ".ci"];
/// Reads the SQL of queries, which no program can tell: it is written where it is used.
const READS_QUERIES: &str = "checks/terraform/queries.py";

/// Checks that look for something in Rust files, whose wording they would nail in place.
#[must_use]
pub fn checks_that_read_rust(project: &Project) -> Vec<String> {
    let checks = FOLDERS.iter().flat_map(|folder| project.below(folder));
    let found = checks.filter(|file| {
        let reads = ["*.rs", "\\.rs"].iter().any(|mark| file.text.contains(mark));
        reads && file.path != READS_QUERIES && !file.path.ends_with(".md")
    });
    found
        .map(|file| format!("{}: it reads Rust files: ask the program with --describe", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_searches_rust_files_is_found() {
        let reads = "for path in source.rglob(\"*.rs\"): re.findall('Problem', path.read_text())";
        let project = Project::of(&[("checks/a/check.py", reads), ("checks/b/run", "cargo test")]);
        assert_eq!(
            checks_that_read_rust(&project),
            ["checks/a/check.py: it reads Rust files: ask the program with --describe"]
        );
    }
}
