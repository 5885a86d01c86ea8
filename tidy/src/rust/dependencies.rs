//! Which file of a package uses which other.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Source;
use crate::File;

/// Longest way from a name to where it is defined, over `pub use`.
const MAX_HOPS: usize = 8;

/// A module: the names from the crate's root.
type Module = Vec<String>;

/// The files of one package, by module.
pub(crate) struct Files<'a> {
    modules: BTreeMap<Module, (&'a File, Source)>,
}

impl<'a> Files<'a> {
    /// The files below a folder `…/src`, but those of tests.
    pub(crate) fn of(source_folder: &str, files: impl Iterator<Item = &'a File>) -> Self {
        let start = format!("{source_folder}/");
        let modules = files.filter_map(|file| {
            let module = module(file.path.strip_prefix(&start)?)?;
            Some((module, (file, Source::read(&file.text))))
        });
        Self { modules: modules.collect() }
    }

    /// The modules and their files.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&Module, &'a File, &Source)> {
        self.modules.iter().map(|(module, (file, source))| (module, *file, source))
    }

    /// For each file the files that it uses; what it only passes on (`pub use`) does not count.
    pub(crate) fn uses(&self) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
        let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (module, file, source) in self.sources() {
            let imports = source.imports.iter().filter(|import| !import.is_public);
            let paths = imports.map(|import| &import.path).chain(&source.paths);
            let used = paths.filter_map(|path| self.file_of(module, path, MAX_HOPS));
            let others = used.filter(|used| *used != file.path.as_str());
            uses.entry(&file.path).or_default().extend(others);
        }
        uses
    }

    /// The file that defines what a path names, seen from a module.
    fn file_of(&self, from: &Module, path: &[String], hops: usize) -> Option<&'a str> {
        let (mut module, rest) = self.start(from, path)?;
        let mut rest = rest.iter();
        loop {
            let (file, source) = self.modules.get(&module)?;
            let Some(name) = rest.next() else { return Some(&file.path) };
            let child: Module = module.iter().chain([name]).cloned().collect();
            if self.modules.contains_key(&child) {
                module = child;
                continue;
            }
            if !source.items.contains(name) && hops > 0 {
                let passed_on = source.imports.iter().filter(|i| i.name == *name || i.name == "*");
                for import in passed_on {
                    let mut whole = import.path.clone();
                    if import.name == "*" {
                        whole.push(name.clone());
                    }
                    if let Some(found) = self.file_of(&module, &whole, hops - 1) {
                        return Some(found);
                    }
                }
            }
            return Some(&file.path);
        }
    }

    /// The module in which a path begins, and what is left of the path; `None` for other crates.
    fn start<'p>(&self, from: &Module, path: &'p [String]) -> Option<(Module, &'p [String])> {
        let mut module = from.clone();
        match path.first()?.as_str() {
            "crate" => Some((Module::new(), &path[1..])),
            "self" => Some((module, &path[1..])),
            "super" => {
                let ups = path.iter().take_while(|segment| *segment == "super").count();
                (0..ups).for_each(|_| drop(module.pop()));
                Some((module, &path[ups..]))
            }
            child => {
                let (_, source) = self.modules.get(from)?;
                source.children.contains(child).then_some((module, path))
            }
        }
    }
}

/// The module of a file below `src`; `None` for tests.
fn module(path: &str) -> Option<Module> {
    let path = path.strip_suffix(".rs")?;
    let mut names: Module = path.split('/').map(str::to_owned).collect();
    if names.iter().any(|name| name == "tests" || name.ends_with("_tests")) {
        return None;
    }
    if names.last().is_some_and(|last| last == "mod") || matches!(path, "main" | "lib") {
        names.pop();
    }
    Some(names)
}

/// A shortest circle through each file that is in one; each circle once.
pub(crate) fn circles<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    for start in uses.keys() {
        if found.iter().any(|circle| circle.contains(start)) {
            continue;
        }
        found.extend(shortest_circle(start, uses));
    }
    found
}

fn shortest_circle<'a>(
    start: &'a str,
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
) -> Option<Vec<&'a str>> {
    let mut ways: Vec<Vec<&str>> = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| uses.get(last)).into_iter().flatten() {
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    longer.push(way.iter().copied().chain([*next]).collect());
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    fn uses(files: &[(&str, &str)]) -> Vec<String> {
        let project = Project::of(files);
        let files = Files::of("a/src", project.rust());
        let pairs = files.uses().into_iter();
        pairs
            .flat_map(|(file, used)| used.into_iter().map(move |other| format!("{file} → {other}")))
            .collect()
    }

    #[test]
    fn a_name_is_followed_to_the_file_that_defines_it() {
        let found = uses(&[
            ("a/src/main.rs", "mod store; mod one; fn main() {}"),
            (
                "a/src/store/mod.rs",
                "mod photos; pub(crate) use photos::Photos; pub(crate) use photos::*;",
            ),
            ("a/src/store/photos.rs", "pub(crate) struct Photos; pub(crate) fn read() {}"),
            (
                "a/src/one.rs",
                "use crate::store::Photos; fn f() { crate::store::read(); serde::x(); }",
            ),
        ]);
        assert_eq!(found, ["a/src/one.rs → a/src/store/photos.rs"]);
    }

    #[test]
    fn relative_paths_and_children_count() {
        let found = uses(&[
            ("a/src/x/mod.rs", "mod y; mod z; const N: u8 = 0; fn f() { y::g(); }"),
            ("a/src/x/y.rs", "use super::N; pub(super) fn g() { super::z::h(); }"),
            ("a/src/x/z.rs", "pub(super) fn h() {}"),
            ("a/src/x/tests.rs", "use super::N;"),
        ]);
        assert_eq!(
            found,
            [
                "a/src/x/mod.rs → a/src/x/y.rs",
                "a/src/x/y.rs → a/src/x/mod.rs",
                "a/src/x/y.rs → a/src/x/z.rs"
            ]
        );
    }

    #[test]
    fn each_circle_is_found_once_by_its_shortest_way() {
        let uses = BTreeMap::from([
            ("a", BTreeSet::from(["b", "c"])),
            ("b", BTreeSet::from(["c"])),
            ("c", BTreeSet::from(["a"])),
            ("d", BTreeSet::from(["a"])),
        ]);
        assert_eq!(circles(&uses), [["a", "c"].as_slice(), &["b", "c", "a"]]);
    }
}
