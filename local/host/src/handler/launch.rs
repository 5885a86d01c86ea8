//! What exactly is started: program, arguments, folder and environment (host `HttpWorkerDescription.cs`).

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::arguments;
use crate::{App, Settings, host_json::Description};

/// A handler's start, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    /// A path, or a name that is looked up on `PATH`.
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) directory: PathBuf,
    /// Added to the inherited environment.
    pub(crate) environment: Vec<(String, String)>,
}

impl Launch {
    /// The start of `app`'s handler on `port`: its built program, or the one that `host.json` names.
    pub(crate) fn new(app: &App, port: u16) -> Self {
        let own = own_variables(&app.root, port);
        let description = &app.host_json.custom_handler.description;
        let expand = |text: &str| app.settings.expand_or_empty(text, &own);
        let worker_directory =
            app.root.join(expand(description.worker_directory.as_deref().unwrap_or_default()));
        let working_directory =
            app.root.join(expand(description.working_directory.as_deref().unwrap_or_default()));
        let named = || executable(&worker_directory, &expand(&description.default_executable_path));
        // A setting may say that they are elsewhere.
        let mut environment: Vec<_> = app.declared.files.variables(&app.source.folder).collect();
        let added = app.settings.added().iter();
        environment.extend(added.map(|(name, value)| (name.clone(), value.clone())));
        environment.extend(own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Self {
            program: app.program.clone().unwrap_or_else(named),
            arguments: command_line(description, &app.settings, &own, &worker_directory),
            directory: working_directory,
            environment,
        }
    }
}

/// The five variables that only the host sets.
fn own_variables(root: &Path, port: u16) -> [(&'static str, String); 5] {
    let worker = Uuid::new_v4().to_string();
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    [
        ("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()),
        ("FUNCTIONS_HTTPWORKER_PORT", port.to_string()),
        ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", worker.clone()),
        ("FUNCTIONS_HTTPWORKER_ID", worker),
        ("FUNCTIONS_APP_ROOT_PATH", root.to_string_lossy().into_owned()),
    ]
}

/// A relative path means the app's folder only if the file is there; otherwise `PATH` is asked.
fn executable(worker_directory: &Path, path: &str) -> PathBuf {
    let beside = worker_directory.join(path);
    if beside.is_file() { beside } else { PathBuf::from(path) }
}

fn command_line(
    description: &Description,
    settings: &Settings,
    own: &[(&str, String)],
    worker_directory: &Path,
) -> Vec<String> {
    let expand = |text: &String| settings.expand_or_empty(text, own);
    let worker_path = description.default_worker_path.as_ref().map(|path| {
        let path = worker_directory.join(expand(path));
        format!("\"{}\"", path.display())
    });
    let before = description.arguments.iter().map(expand);
    let after = description.worker_arguments.iter().map(expand);
    let line: Vec<String> = before.chain(worker_path).chain(after).collect();
    arguments::split(&line.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_has_arguments_then_worker_path_then_worker_arguments() {
        let description = Description {
            default_worker_path: Some("my server.js".into()),
            arguments: vec!["--inspect=%DEBUG_PORT%".into(), "two words".into(), "%UNSET%".into()],
            worker_arguments: vec!["--port".into(), "%FUNCTIONS_CUSTOMHANDLER_PORT%".into()],
            ..Description::default()
        };
        let settings = Settings::of([("DEBUG_PORT", "9229")]);
        let own = [("FUNCTIONS_CUSTOMHANDLER_PORT", "20123".to_owned())];
        let line = command_line(&description, &settings, &own, Path::new("/app"));
        assert_eq!(
            line,
            ["--inspect=9229", "two", "words", "/app/my server.js", "--port", "20123"]
        );
    }

    #[test]
    fn a_program_in_the_app_folder_wins_over_the_search_path() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(executable(folder.path(), "node"), Path::new("node"));
        std::fs::write(folder.path().join("node"), "").unwrap();
        assert_eq!(executable(folder.path(), "node"), folder.path().join("node"));
    }
}
