//! What belongs into a package, and nothing else: `host.json` and the handler at the root, a folder for each function and
//! for the files that the app names.

mod files;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::failure::Failure;
use files::files;

const MAX_FUNCTION_NAME_CHARS: usize = 128;

/// A file of the package.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry {
    /// From the package's root, with slashes.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) executable: bool,
}

/// The files of a package, sorted by name.
///
/// The handler gets the name that `host.json` starts it by; `app` is the app's folder, with functions below `src/functions`.
pub(crate) fn contents(host_json: &Path, app: &Path, binary: &Path) -> Result<Vec<Entry>, Failure> {
    let settings = read(host_json)?;
    let handler = executable(&json(host_json, &settings)?)?;
    let mut entries = functions(app, &handler)?;
    entries.extend(files(app)?);
    entries.push(Entry { name: "host.json".to_owned(), bytes: settings, executable: false });
    entries.push(Entry { name: handler, bytes: read(binary)?, executable: true });
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

fn executable(host: &Value) -> Result<String, Failure> {
    let found = &host["customHandler"]["description"]["defaultExecutablePath"];
    match found.as_str() {
        Some(name)
            if !name.is_empty() && name != "host.json" && !name.contains(['/', '\\', '%']) =>
        {
            Ok(name.to_owned())
        }
        _ => Err(Failure::Executable { found: found.to_string() }),
    }
}

fn functions(app: &Path, handler: &str) -> Result<Vec<Entry>, Failure> {
    let sources = app.join("src/functions");
    let reading = |source| Failure::file("reading", &sources, source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&sources).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let path: PathBuf = entry.path().join("function.json");
        if !path.is_file() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_function_name(&name) || name == handler {
            return Err(Failure::FunctionName { folder: entry.path().display().to_string() });
        }
        let bytes = read(&path)?;
        json(&path, &bytes)?;
        entries.push(Entry { name: format!("{name}/function.json"), bytes, executable: false });
    }
    if entries.is_empty() {
        return Err(Failure::NoFunctions { folder: sources.display().to_string() });
    }
    Ok(entries)
}

fn is_function_name(name: &str) -> bool {
    name.len() < MAX_FUNCTION_NAME_CHARS
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::file("reading", path, source))
}

fn json(path: &Path, bytes: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|source| Failure::Json { what: path.display().to_string(), source })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const HOST: &str =
        r#"{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"handler"}}}"#;
    const FUNCTION: &str = r#"{"bindings":[]}"#;

    /// A small app, with what must not be in its package lying about.
    pub(crate) fn bakery() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("host.json", HOST);
        write("local.settings.json", r#"{"Values":{"KEY":"not for others"}}"#);
        write("binary", "\u{7f}ELF");
        write("bakery/Cargo.toml", "");
        write("bakery/app.json", "{}");
        write("bakery/src/main.rs", "fn main() {}");
        write("bakery/src/functions/order_baked/function.json", FUNCTION);
        write("bakery/src/functions/order_baked/mod.rs", "");
        write("bakery/src/functions/cake/function.json", FUNCTION);
        write("bakery/src/functions/cake/recipe.json", "{}");
        write("bakery/src/functions/notes.txt", "");
        root
    }

    fn of(root: &Path) -> Result<Vec<Entry>, Failure> {
        contents(&root.join("host.json"), &root.join("bakery"), &root.join("binary"))
    }

    #[test]
    fn only_host_json_the_handler_and_function_json_files_belong_into_a_package() {
        let root = bakery();
        let entries = of(root.path()).unwrap();
        let seen: Vec<_> = entries.iter().map(|e| (e.name.as_str(), e.executable)).collect();
        let expected = [
            ("cake/function.json", false),
            ("handler", true),
            ("host.json", false),
            ("order_baked/function.json", false),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_handler_that_azure_would_not_mark_as_executable_is_refused() {
        let root = bakery();
        fs::write(root.path().join("host.json"), HOST.replace("\"handler\"", "\"./handler\""))
            .unwrap();
        let failure = of(root.path()).err().unwrap().to_string();
        assert!(failure.contains("defaultExecutablePath is \"./handler\""), "{failure}");
    }

    #[test]
    fn an_app_without_functions_or_with_a_function_that_is_no_json_is_refused() {
        let root = bakery();
        fs::write(root.path().join("bakery/src/functions/cake/function.json"), "{").unwrap();
        assert!(matches!(of(root.path()), Err(Failure::Json { .. })));
        for function in ["cake", "order_baked"] {
            fs::remove_dir_all(root.path().join("bakery/src/functions").join(function)).unwrap();
        }
        assert!(matches!(of(root.path()), Err(Failure::NoFunctions { .. })));
    }

    #[test]
    fn a_folder_with_the_handlers_name_is_refused() {
        let root = bakery();
        fs::rename(
            root.path().join("bakery/src/functions/cake"),
            root.path().join("bakery/src/functions/handler"),
        )
        .unwrap();
        assert!(matches!(of(root.path()), Err(Failure::FunctionName { .. })));
    }
}
