//! Loading an app: its settings, its `host.json`, its functions.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use function_json::{FunctionJson, FunctionName, with_settings};
use serde_json::Value;

use crate::{
    App, AppJson, AppSource, BrokenFunction, Executable, Function, HostJson, Settings, building,
    discovery::{DiscoveryError, FUNCTION_JSON, HOST_JSON, folders},
    host_storage,
};

/// Loads an app: its settings, its `host.json`, its functions. `adapt` may change values of settings.
pub(crate) fn load(
    source: AppSource,
    settings: &BTreeMap<String, String>,
    adapt: impl Fn(&str) -> String,
) -> Result<App, DiscoveryError> {
    let root = source.functions();
    let root = root
        .canonicalize()
        .map_err(|error| DiscoveryError::Unreadable { path: root.clone(), source: error })?;
    let declared = AppJson::read(&source.folder)?;
    let host_json_path = host_json_path(&root, &source.executable);
    let folder = host_json_path.parent().unwrap_or(&root);
    let settings = Settings::load(folder, declared.local_settings(), settings, adapt)?;
    host_storage::check(&settings)?;
    let host_json = HostJson::read(&host_json_path, &settings)?;
    let (functions, broken) = functions(&root, &host_json, &settings)?;
    Ok(App {
        name: source.name.clone(),
        root,
        declared,
        functions,
        broken,
        host_json: Arc::new(host_json),
        settings,
        program: building::program(&source.executable),
        source,
    })
}

/// A stranger's app has its own `host.json`; ours share the one of the workspace, so the nearest upwards is taken.
fn host_json_path(root: &Path, executable: &Executable) -> PathBuf {
    let own = root.join(HOST_JSON);
    if matches!(executable, Executable::HostJson) {
        return own;
    }
    root.ancestors().map(|folder| folder.join(HOST_JSON)).find(|path| path.is_file()).unwrap_or(own)
}

type Loaded = (Vec<Arc<Function>>, Vec<BrokenFunction>);

fn functions(
    root: &Path,
    host_json: &HostJson,
    settings: &Settings,
) -> Result<Loaded, DiscoveryError> {
    let (mut functions, mut broken) = (Vec::new(), Vec::new());
    for folder in folders(root)? {
        let file = root.join(&folder).join(FUNCTION_JSON);
        if !file.is_file() {
            continue;
        }
        match function(&folder, &file, host_json, settings) {
            Ok(function) => functions.push(Arc::new(function)),
            Err(problem) => broken.push(BrokenFunction { name: folder, problem }),
        }
    }
    if !host_json.http_routes.is_empty() {
        if !functions.is_empty() || !broken.is_empty() {
            return Err(DiscoveryError::TwoWays {
                path: host_json.path.clone(),
                folder: root.to_owned(),
            });
        }
        declared_routes(host_json, settings, &mut functions, &mut broken);
    }
    if functions.is_empty() && broken.is_empty() {
        return Err(DiscoveryError::NoFunctions { folder: root.to_owned() });
    }
    Ok((functions, broken))
}

/// The functions `http-handler1`, `http-handler2`… of `customHandler.http.routes`.
fn declared_routes(
    host_json: &HostJson,
    settings: &Settings,
    functions: &mut Vec<Arc<Function>>,
    broken: &mut Vec<BrokenFunction>,
) {
    for (index, route) in host_json.http_routes.iter().enumerate() {
        let name = format!("http-handler{}", index + 1);
        match (FunctionName::parse(&name), route.to_function_json()) {
            (Ok(name), Ok(json)) => {
                functions.push(Arc::new(Function::new(name, json, host_json, settings)))
            }
            (_, Err(error)) => broken.push(BrokenFunction { name, problem: error.to_string() }),
            (Err(error), _) => broken.push(BrokenFunction { name, problem: error.to_string() }),
        }
    }
}

fn function(
    folder: &str,
    file: &Path,
    host_json: &HostJson,
    settings: &Settings,
) -> Result<Function, String> {
    let at = |problem: String| format!("{}: {problem}", file.display());
    let name = FunctionName::parse(folder).map_err(|error| at(error.to_string()))?;
    let text = std::fs::read_to_string(file).map_err(|error| at(format!("reading it: {error}")))?;
    let text = with_settings(&text, |name| settings.get(name))
        .map_err(|error| at(format!("{error}; add it to local.settings.json")))?;
    let json = FunctionJson::parse_named(&name, &text).map_err(|error| at(error.to_string()))?;
    if let Some(script) = script_file(&text)
        && !file.with_file_name(&script).exists()
    {
        return Err(at(format!(
            "scriptFile {script:?} does not exist; remove the key, a handler needs none"
        )));
    }
    Ok(Function::new(name, json, host_json, settings))
}

fn script_file(text: &str) -> Option<String> {
    let json: Value = serde_json::from_str(text).ok()?;
    json.get("scriptFile")?.as_str().filter(|script| !script.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::folder_app;

    const HTTP: &str = r#"{"bindings":[{"type":"httpTrigger","direction":"in","name":"req"},
                                       {"type":"http","direction":"out","name":"res"}]}"#;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn app_folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            HOST_JSON,
            r#"{"customHandler":{"description":{"defaultExecutablePath":"app"}}}"#,
        );
        files.iter().for_each(|(path, text)| write(folder.path(), path, text));
        folder
    }

    fn load_folder(folder: &Path) -> Result<App, DiscoveryError> {
        load(folder_app(folder)?, &BTreeMap::new(), str::to_owned)
    }

    #[test]
    fn only_immediate_subfolders_with_function_json_are_functions() {
        let folder = app_folder(&[
            ("a/function.json", HTTP),
            ("b/deep/function.json", HTTP),
            ("c/readme", ""),
        ]);
        let app = load_folder(folder.path()).unwrap();
        assert_eq!(app.functions.iter().map(|f| f.name.to_string()).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_broken_function_is_named_with_file_and_key_and_the_others_load() {
        let folder = app_folder(&[
            ("good/function.json", HTTP),
            (
                "bad/function.json",
                r#"{"bindings":[{"type":"queueTrigger","direction":"in","name":"m"}]}"#,
            ),
            ("1st/function.json", HTTP),
            (
                "unset/function.json",
                r#"{"bindings":[{"type":"queueTrigger","name":"m","queueName":"%NO_SUCH_QUEUE%"}]}"#,
            ),
        ]);
        let app = load_folder(folder.path()).unwrap();
        assert_eq!(app.functions.len(), 1);
        let problems: Vec<_> = app.broken.iter().map(|broken| broken.problem.as_str()).collect();
        assert!(problems[0].contains("1st/function.json: function name \"1st\""), "{problems:?}");
        assert!(
            problems[1].contains("bad/function.json") && problems[1].contains("queueName"),
            "{problems:?}"
        );
        assert!(problems[2].contains("there is no setting NO_SUCH_QUEUE"), "{problems:?}");
    }

    #[test]
    fn a_second_binding_makes_an_http_function_enveloped() {
        let two = HTTP
            .replace("]}", r#",{"type":"queue","direction":"out","name":"q","queueName":"x"}]}"#);
        let folder = app_folder(&[("one/function.json", HTTP), ("two/function.json", &two)]);
        let host_json = r#"{"customHandler":{"description":{"defaultExecutablePath":"app"},
                                             "enableProxyingHttpRequest":true}}"#;
        write(folder.path(), HOST_JSON, host_json);
        let app = load_folder(folder.path()).unwrap();
        assert_eq!(app.functions[0].mode, crate::Mode::Proxied);
        assert_eq!(app.functions[1].mode, crate::Mode::Enveloped);
    }

    #[test]
    fn functions_may_be_declared_in_host_json_alone() {
        let routes = r#"{"customHandler":{"description":{"defaultExecutablePath":"app"},
                         "http":{"routes":[{"route":"hello/{name}","authorizationLevel":"anonymous"}]}}}"#;
        let folder = app_folder(&[]);
        write(folder.path(), HOST_JSON, routes);
        let app = load_folder(folder.path()).unwrap();
        assert_eq!(app.functions[0].name.as_str(), "http-handler1");
        write(folder.path(), "a/function.json", HTTP);
        assert!(matches!(load_folder(folder.path()), Err(DiscoveryError::TwoWays { .. })));
    }

    #[test]
    fn a_folder_without_host_json_or_functions_says_what_is_missing() {
        let folder = app_folder(&[]);
        assert!(load_folder(folder.path()).unwrap_err().to_string().contains("no functions found"));
        std::fs::remove_file(folder.path().join(HOST_JSON)).unwrap();
        assert!(
            load_folder(folder.path()).unwrap_err().to_string().contains("host.json is missing")
        );
    }

    #[test]
    fn a_subscription_for_a_function_that_is_not_there_is_named_with_those_that_are() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("Ingest")).unwrap();
        for (path, text) in [
            ("host.json", r#"{"customHandler":{"description":{"defaultExecutablePath":"app"}}}"#),
            ("Ingest/function.json", r#"{"bindings":[{"type":"eventGridTrigger","name":"e"}]}"#),
            (
                "app.json",
                r#"{"eventSubscriptions":[{"function":"Ingest","source":"blob","container":"c"},
                                          {"function":"Ingset","source":"blob","container":"c"}]}"#,
            ),
        ] {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let source = folder_app(folder.path()).unwrap();
        let app = load(source, &BTreeMap::new(), str::to_owned).unwrap();
        let strays = app.strays();
        assert_eq!(strays.len(), 1, "{strays:?}");
        for part in ["app.json", "the function Ingset", "there are: Ingest"] {
            assert!(strays[0].contains(part), "{part}: {strays:?}");
        }
    }
}
