//! The files of a new app, from `xtask/templates/app`.

use super::{Container, Wish};

/// A path in the app's folder, with words to be replaced, and the text of the template.
const TEMPLATES: [(&str, &str); 13] = [
    ("Cargo.toml", include_str!("../../templates/app/Cargo.toml.txt")),
    ("app.json", include_str!("../../templates/app/app.json.txt")),
    ("build.rs", include_str!("../../templates/app/build.rs.txt")),
    ("openapi.yaml", include_str!("../../templates/app/openapi.yaml.txt")),
    ("pipeline.yml", include_str!("../../templates/app/pipeline.yml.txt")),
    ("src/main.rs", include_str!("../../templates/app/src/main.rs.txt")),
    ("src/app.rs", include_str!("../../templates/app/src/app.rs.txt")),
    ("src/domain.rs", include_str!("../../templates/app/src/domain.rs.txt")),
    ("src/store.rs", include_str!("../../templates/app/src/store.rs.txt")),
    ("src/functions/mod.rs", include_str!("../../templates/app/src/functions/mod.rs.txt")),
    (
        "src/functions/__things_mod__/mod.rs",
        include_str!("../../templates/app/src/functions/things/mod.rs.txt"),
    ),
    (
        "src/functions/__work_mod__/mod.rs",
        include_str!("../../templates/app/src/functions/work/mod.rs.txt"),
    ),
    ("tests/app/main.rs", include_str!("../../templates/app/tests/app/main.rs.txt")),
];

/// HTTP functions: folder, authorisation level, methods (none for the one that takes what has no route) and route.
const HTTP: [(&str, &str, &str, &str); 9] = [
    ("__things_mod__", "anonymous", "get put", "__app__/v1/__things__/__route__"),
    ("health", "anonymous", "get", "__app__/v1/health/{probe}"),
    ("openapi", "anonymous", "get", "__app__/v1/openapi.yaml"),
    ("docs", "anonymous", "get", "__app__/v1/docs"),
    ("unmatched", "anonymous", "", "__app__/{*path}"),
    ("dead_letters", "function", "get post", "__app__/v1/dead-letters"),
    ("dead_letter", "function", "get put post", "__app__/v1/dead-letters/{letterId}"),
    ("dead_letters_page", "anonymous", "get post", "__app__/dead-letters"),
    ("dead_letter_page", "anonymous", "get post", "__app__/dead-letters/{letterId}"),
];

/// Functions that nobody calls: folder and trigger. Poison queues are read every five minutes (docs/cost.md); messages are
/// bytes, so that what is no text is kept as it is.
const OTHERS: [(&str, &str); 2] = [
    (
        "__work_mod__",
        r#""type": "queueTrigger", "direction": "in", "name": "message", "queueName": "__app__-__work__", "connection": "STORAGE", "dataType": "binary""#,
    ),
    (
        "poison_queues",
        r#""type": "timerTrigger", "direction": "in", "name": "tick", "schedule": "30 */5 * * * *""#,
    ),
];

/// Path and text of every file.
pub(super) fn render(wish: &Wish) -> Vec<(String, String)> {
    let words = words(wish);
    let replaced = |text: &str| {
        words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
    };
    let templates = TEMPLATES.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let functions = HTTP.map(http).into_iter().chain(OTHERS.map(other));
    let files = templates.into_iter().chain(functions);
    files.map(|(path, text)| (replaced(&path), replaced(&text))).collect()
}

fn http((folder, level, methods, route): (&str, &str, &str, &str)) -> (String, String) {
    let listed =
        methods.split_whitespace().map(|method| format!("\"{method}\"")).collect::<Vec<_>>();
    let methods = match listed.as_slice() {
        [] => String::new(),
        some => format!("\"methods\": [{}], ", some.join(", ")),
    };
    function_json(
        folder,
        &format!(
            r#"{{ "type": "httpTrigger", "direction": "in", "name": "request", "authLevel": "{level}", {methods}"route": "{route}" }}, {{ "type": "http", "direction": "out", "name": "response" }}"#
        ),
    )
}

fn other((folder, trigger): (&str, &str)) -> (String, String) {
    function_json(folder, &format!("{{ {trigger} }}"))
}

fn function_json(folder: &str, bindings: &str) -> (String, String) {
    (format!("src/functions/{folder}/function.json"), format!("{{ \"bindings\": [{bindings}] }}\n"))
}

/// The words of the templates and what stands for them here, longer ones before those that they contain.
pub(super) fn words(wish: &Wish) -> Vec<(&'static str, String)> {
    let app = wish.name.as_str();
    let work = wish.queue.short(&wish.name);
    let Container { name: things, partition_key: key } = &wish.container;
    let of_id = key == "id";
    let (things_mod, work_mod) = modules(things, work);
    let mut sorted = [things_mod.clone(), work_mod.clone()];
    sorted.sort();
    let [first, second] = sorted;
    let parameter = |name: &str| {
        format!("{{ name: {name}, in: path, required: true, schema: {{ type: string }} }}")
    };
    let (route, parameters, field, value, test_url) = if of_id {
        ("{id}".to_owned(), parameter("id"), String::new(), String::new(), "one".to_owned())
    } else {
        (
            format!("{{{key}}}/{{id}}"),
            format!("{}, {}", parameter(key), parameter("id")),
            format!("    #[serde(rename = \"{key}\")]\n    pub(crate) key: String,\n"),
            "key: key.clone(), ".to_owned(),
            "some/one".to_owned(),
        )
    };
    vec![
        ("__test_url__", format!("/{app}/v1/{things}/{test_url}")),
        ("__test_key__", if of_id { "one" } else { "some" }.to_owned()),
        ("__parameters__", parameters),
        ("__key_field__", field),
        ("__key_value__", value),
        ("__key_param__", key.clone()),
        ("__route__", route),
        ("__mod_1__", first),
        ("__mod_2__", second),
        ("__things_mod__", things_mod),
        ("__work_mod__", work_mod),
        ("__things__", things.clone()),
        ("__work__", work.to_owned()),
        ("__key__", key.clone()),
        ("__team__", wish.team.as_str().to_owned()),
        ("__app__", app.to_owned()),
    ]
}

/// The modules of the two functions: words of their own, that no function of every app has.
fn modules(things: &str, work: &str) -> (String, String) {
    let module = |name: &str| name.replace('-', "_");
    (module(things), format!("{}_queue", module(work)))
}
