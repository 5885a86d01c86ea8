//! Whose photos they are: asked only if a setting says who may touch all.

use crate::support::{KIM, Scene, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

/// A key of local/callers.json, and the person that it is of.
const KEY: &str = "local-only-person";
const PERSON: &str = "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d06";
/// Who may touch all.
const ACME: &str = "local-only-acme";

#[tokio::test]
async fn a_person_reaches_their_own_photos_and_no_others() {
    // Both apps get the setting, and past the gateway `photos` is a caller that nobody has checked.
    let app = TestApp::start_with(&[("PROFILE_OWNERS", "partner/acme,anonymous")]).await;
    let profiles = app.documents_of("profiles", "profiles");
    let mut own = profiles.get(KIM, KIM).await.unwrap();
    own["id"] = json!(PERSON);
    profiles.put(PERSON, &own).await;
    let jpeg = Scene::harmless(1).jpeg();
    let wish = json!({"contentType": "image/jpeg", "contentLength": jpeg.len()});
    let request = |method: Method, path: &str, key: &str| {
        app.request(method, path).header("iommi-subscription-key", key)
    };
    let ticket = async |profile: &str, key: &str| {
        let path = format!("/v1/profiles/{profile}/photos");
        request(Method::POST, &path, key).json(&wish).send().await
    };
    ticket(KIM, KEY).await.refused(404, "no-such-profile", &[]);
    let theirs = ticket(KIM, ACME).await.expect(201).id();
    let mine = ticket(PERSON, KEY).await.expect(201).id();
    for (id, key, found) in [(&theirs, ACME, 200), (&theirs, KEY, 404), (&mine, KEY, 200)] {
        let path = format!("/v1/photos/{id}");
        assert_eq!(request(Method::GET, &path, key).send().await.status, found, "{key}");
    }
    let path = format!("/v1/photos/{theirs}/content/original");
    let put = request(Method::PUT, &path, KEY).body("image/jpeg", jpeg.clone());
    put.send().await.refused(404, "no-such-photo", &[]);
    let put = request(Method::PUT, &path, ACME).body("image/jpeg", jpeg);
    put.send().await.expect(202);
    app.eventually("the photo to be approved", async || {
        (app.document(&theirs).await?["state"] == "approved").then_some(())
    })
    .await;
    for (method, path) in [
        (Method::GET, "/content/original"),
        (Method::HEAD, "/content/thumb"),
        (Method::POST, "/appeal"),
        (Method::DELETE, ""),
    ] {
        let path = format!("/v1/photos/{theirs}{path}");
        assert_eq!(request(method, &path, KEY).raw().await.status, 404, "{path}");
    }
    let items = async |profile: &str, key: &str| {
        let path = format!("/v1/profiles/{profile}/photos");
        let list = request(Method::GET, &path, key).send().await.expect(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(
        (items(KIM, KEY).await, items(KIM, ACME).await, items(PERSON, KEY).await),
        (0, 1, 1)
    );
    request(Method::GET, &path, ACME).send().await.expect(200);
}
