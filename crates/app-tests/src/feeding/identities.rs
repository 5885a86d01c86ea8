//! As whom an app is asked: as nobody, as the people of its `app.json`, and as a caller with a key.

use serde_json::Value;

use crate::App;

/// Headers of somebody.
pub(super) type Identity = Vec<(String, String)>;

/// The cookie by which the local gateway knows who is signed in.
const COOKIE: &str = "AppServiceAuthSession";

/// Everybody: a signed-in person and a caller at once may do most, nobody at all comes last.
pub(super) fn all(app: &App) -> Vec<Identity> {
    let read = |path: &str| -> Value {
        let text = std::fs::read_to_string(app.workspace().join(path)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    };
    let (persons, callers) = (read("local/persons.json"), read("local/callers.json"));
    let declared: Value = serde_json::from_str(&app.read("app.json")).unwrap_or_default();
    let key = callers["callers"]
        .as_object()
        .and_then(|keys| keys.keys().next())
        .map(|key| (callers["keyHeader"].as_str().unwrap_or_default().to_owned(), key.clone()));
    let mut identities: Vec<Identity> = Vec::new();
    for role in declared["people"].as_array().into_iter().flatten() {
        let has_role = |person: &&Value| {
            person["roles"].as_array().is_some_and(|roles| roles.contains(&role["role"]))
        };
        let person = persons.as_array().into_iter().flatten().find(has_role);
        let Some(name) = person.and_then(|person| person["name"].as_str()) else { continue };
        let cookie = ("cookie".to_owned(), format!("{COOKIE}={name}"));
        identities.push([Some(cookie.clone()), None].into_iter().flatten().collect());
        identities.push([Some(cookie), key.clone()].into_iter().flatten().collect());
    }
    identities.extend(key.map(|key| vec![key]));
    identities.push(Vec::new());
    identities
}
