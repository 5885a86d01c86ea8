//! What our documents promise.

use crate::Project;

/// Decisions that the index does not list.
#[must_use]
pub fn unlisted_decisions(project: &Project) -> Vec<String> {
    let index = project.text("docs/decisions/README.md").unwrap_or_default();
    let pages = project.below("docs/decisions").filter(|file| file.name() != "README.md");
    let missing = pages.filter(|page| !index.contains(page.name()));
    missing.map(|page| format!("{}: list it in docs/decisions/README.md", page.path)).collect()
}

/// Third-party dependencies that nobody gave a reason for.
#[must_use]
pub fn unexplained_dependencies(project: &Project) -> Vec<String> {
    let manifest = project.text("Cargo.toml").unwrap_or_default();
    let reasons = project.text("docs/decisions/0006-dependencies.md").unwrap_or_default();
    let table = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let table = table.split("[workspace.lints").next().unwrap_or_default();
    let names = table.lines().filter(|line| line.contains('=') && !line.starts_with('#'));
    let foreign = names.filter(|line| !line.contains("path = "));
    let found = foreign.filter_map(|line| line.split([' ', '=']).next());
    let missing = found.filter(|name| !reasons.contains(&format!("`{name}`")));
    missing
        .map(|name| format!("`{name}`: say in docs/decisions/0006-dependencies.md why it is here"))
        .collect()
}

/// Links between our documents that lead nowhere.
#[must_use]
pub fn dead_links(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for page in project.all().filter(|file| file.path.ends_with(".md")) {
        for link in page.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_ours = !target.is_empty() && !target.contains("://");
            if is_ours && !project.exists(&joined(page.folder(), target)) {
                found.push(format!("{}: the link to {link} leads nowhere", page.path));
            }
        }
    }
    found
}

/// A path from a folder, its `..` taken out.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_outside_the_index_is_found() {
        let index = ("docs/decisions/README.md", "[one](0001-one.md)");
        let pages = [index, ("docs/decisions/0001-one.md", ""), ("docs/decisions/0002-two.md", "")];
        assert_eq!(
            unlisted_decisions(&Project::of(&pages)),
            ["docs/decisions/0002-two.md: list it in docs/decisions/README.md"]
        );
    }

    #[test]
    fn a_dependency_without_a_reason_is_found_and_our_own_needs_none() {
        let manifest =
            "[workspace.dependencies]\nours = { path = \"crates/ours\" }\na = \"1\"\nb = \"1\"\n";
        let files =
            [("Cargo.toml", manifest), ("docs/decisions/0006-dependencies.md", "`a`: letters")];
        assert_eq!(
            unexplained_dependencies(&Project::of(&files)),
            ["`b`: say in docs/decisions/0006-dependencies.md why it is here"]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let text = "[a](../b/there.md#x) [b](https://example.com) [c](#here) [d](gone.md)";
        let project = Project::of(&[("made/up/a.md", text), ("made/b/there.md", "")]);
        assert_eq!(dead_links(&project), ["made/up/a.md: the link to gone.md leads nowhere"]);
    }
}
