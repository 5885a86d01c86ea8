//! Files and names.

use crate::Project;

/// A file has one subject; past this many lines it has more than one.
const MAX_LINES: usize = 400;

/// Names that say nothing.
const VAGUE: [&str; 8] =
    ["utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"];

/// Files that have more than one subject.
#[must_use]
pub fn long_files(project: &Project) -> Vec<String> {
    let lines = project.rust().map(|file| (file.text.lines().count(), &file.path));
    let long = lines.filter(|(lines, _)| *lines > MAX_LINES);
    long.map(|(lines, path)| format!("{path}: {lines} lines: split it by subject")).collect()
}

/// Files and folders whose names say nothing.
#[must_use]
pub fn vague_names(project: &Project) -> Vec<String> {
    let vague = |path: &str| path.split(['/', '.']).any(|part| VAGUE.contains(&part));
    let found = project.all().filter(|file| vague(&file.path));
    found.map(|file| format!("{}: name it after what it holds", file.path)).collect()
}

/// What is unfinished or switched off.
#[must_use]
pub fn unfinished(project: &Project) -> Vec<String> {
    let marks = ["todo!(", "unimplemented!(", "#[ignore", concat!("FIX", "ME"), concat!("XX", "X")];
    let mut found = Vec::new();
    for file in project.rust().filter(|file| !file.path.starts_with("tidy/")) {
        for (number, line) in file.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                let line = line.trim();
                found.push(format!(
                    "{}:{}: {line}: finish it, or make it an issue",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_401_lines_is_found_and_one_of_400_is_not() {
        let (long, right) = ("//\n".repeat(401), "//\n".repeat(400));
        let project = Project::of(&[("a/long.rs", &long), ("a/right.rs", &right)]);
        assert_eq!(long_files(&project), ["a/long.rs: 401 lines: split it by subject"]);
    }

    #[test]
    fn a_vague_name_is_found_in_a_file_and_in_a_folder() {
        let project = Project::of(&[("a/utils.rs", ""), ("common/a.rs", ""), ("a/used.rs", "")]);
        assert_eq!(vague_names(&project).len(), 2);
    }

    #[test]
    fn what_is_unfinished_is_found_with_its_line() {
        let project = Project::of(&[("a/b.rs", "fn a() {\n    todo!()\n}\n")]);
        assert_eq!(unfinished(&project), ["a/b.rs:2: todo!(): finish it, or make it an issue"]);
    }
}
