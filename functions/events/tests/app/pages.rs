//! The pages for our own people, without a script.

use crate::support::{ACTIVATED, TestApp, activated, name};
use app_tests::{Answer, Method};
use pretty_assertions::assert_eq;

async fn open(app: &TestApp, path: &str, person: &str) -> Answer {
    let cookie = format!("AppServiceAuthSession={person}");
    app.request(Method::GET, path).header("cookie", &cookie).send().await
}

fn html(answer: Answer) -> String {
    String::from_utf8(answer.expect(200).body).unwrap()
}

#[tokio::test]
async fn the_catalogue_shows_who_sends_what_to_whom_as_a_picture_and_in_words() {
    let app = TestApp::start().await;
    let page = html(open(&app, "/events/catalogue", "olga").await);
    assert!(page.contains("<svg role=\"img\"") && page.contains("<desc"), "{page}");
    let list = app.get("/events/v1/types").await.expect(200).json();
    for known in list["items"].as_array().unwrap() {
        let name = known["type"].as_str().unwrap();
        assert!(page.contains(&format!("<code>{name}</code>")), "{name} is not in the table");
        assert!(page.contains(&format!(">{name}")), "{name} is not in the picture");
    }
    assert!(page.contains("customer-support@channels.iommi.example"), "{page}");
    assert!(!page.contains("<script") && !page.contains(" style="), "{page}");
}

#[tokio::test]
async fn an_operator_begins_a_replay_with_a_form_and_sees_it_end() {
    let app = TestApp::start().await;
    let file = name("account", 0, 0);
    app.capture(&file, 1, &[activated("a", 8)]).await;
    app.worked_at(&[&file]).await;
    let page = html(open(&app, "/events/replays", "olga").await);
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [
        ("token", token),
        ("type", ACTIVATED),
        ("from", "2026-10-12T08:00:00Z"),
        ("to", "2026-10-12T09:00:00Z"),
        ("consumer", "contacts"),
    ];
    let post = |site: &'static str| {
        let request = app.request(Method::POST, "/events/replays");
        let request = request.header("cookie", "AppServiceAuthSession=olga");
        request.header("sec-fetch-site", site).form(&fields)
    };
    post("cross-site").send().await.refused(403, "cross-site", &[]);
    let begun = post("same-origin").send().await.expect(303);
    assert_eq!(begun.header("location"), Some("/events/replays"));
    let shown = app
        .eventually("the end of the replay", async || {
            let page = html(open(&app, "/events/replays", "olga").await);
            page.contains("<td>done").then_some(page)
        })
        .await;
    assert!(shown.contains("<td>1</td>"), "{shown}");
    let consumers = html(open(&app, "/events/consumers", "olga").await);
    assert!(consumers.contains("href=\"/contacts/dead-letters\""), "{consumers}");
}

#[tokio::test]
async fn only_operators_see_the_pages() {
    let app = TestApp::start().await;
    for page in ["/events/catalogue", "/events/replays", "/events/consumers", "/events/given-up"] {
        open(&app, page, "mona").await.refused(403, "role-missing", &[]);
        app.get(page).await.expect(302);
    }
}
