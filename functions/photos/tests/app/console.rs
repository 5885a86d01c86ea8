//! The moderators' console, by its forms, as a browser without scripts uses it.

use crate::support::{Answer, Scene, TestApp};
use reqwest::{Client, Method, redirect};
use serde_json::Value;

/// What a browser says about a form of the same site.
const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A browser in which somebody is signed in.
struct Browser<'a> {
    app: &'a TestApp,
    person: &'static str,
    http: Client,
}

impl<'a> Browser<'a> {
    fn of(app: &'a TestApp, person: &'static str) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { app, person, http }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let url = format!("{}{path}", self.app.host().url().trim_end_matches('/'));
        let mut request = self.http.request(method, url).body(body);
        request = request.header("cookie", format!("AppServiceAuthSession={}", self.person));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::read(request.send().await.unwrap()).await.unwrap()
    }

    async fn open(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// The page, which must be there.
    async fn page(&self, path: &str) -> String {
        text(&self.open(path).await.expect(200))
    }

    async fn submit(&self, path: &str, headers: &[(&str, &str)], fields: &[&str]) -> Answer {
        self.send(Method::POST, path, headers, fields.join("&")).await
    }

    /// Opens the page of the case and presses a button there; where that leads.
    async fn press(&self, case: &str, button: &str) -> Answer {
        let path = format!("/moderation/cases/{case}");
        let page = self.page(&path).await;
        let (token, revision) = (hidden(&page, "token"), hidden(&page, "revision"));
        let fields = [
            format!("token={token}"),
            format!("revision={revision}"),
            format!("action={button}"),
            "note=so+be+it".to_owned(),
        ];
        self.submit(&path, &[OWN_PAGE], &fields.each_ref().map(String::as_str)).await
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The value of the last hidden field of that name: the first one is in the header.
fn hidden(page: &str, name: &str) -> String {
    let found = page.rsplit_once(&format!("name=\"{name}\" value=\""));
    found.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()).unwrap_or_default()
}

async fn case_of(app: &TestApp, photo: &Value) -> String {
    let id = photo["id"].as_str().unwrap().to_owned();
    app.eventually("the case", || app.document_in("cases", &id, &id)).await;
    id
}

#[tokio::test]
async fn the_console_is_for_moderators_only() {
    let app = TestApp::start().await;
    let nobody = Browser::of(&app, "");
    let answer = nobody.open("/moderation/cases/x").await.expect(303);
    assert_eq!(
        answer.header("location"),
        Some("/.auth/login/aad?post_login_redirect_uri=%2Fmoderation%2Fcases%2Fx")
    );
    nobody.submit("/moderation", &[OWN_PAGE], &["action=next"]).await.expect(303);

    let answer = Browser::of(&app, "nils").open("/moderation").await.expect(403);
    assert!(text(&answer).contains("the role Moderator"), "{}", text(&answer));

    let mona = Browser::of(&app, "mona");
    let answer = mona.open("/moderation").await.expect(200);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; img-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let page = text(&answer);
    assert!(page.contains("Nothing waits") && page.contains(">mona"), "{page}");
    assert!(!page.contains("style=\"") && !page.contains(" onclick"), "{page}");
    mona.open("/moderation/cases/01980c6e-3333-7000-8000-000000000003").await.expect(404);
    mona.open("/moderation/cases/no-case").await.expect(400);

    let style = page.split('"').find(|part| part.ends_with(".css")).unwrap();
    let answer = nobody.open(style).await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let known = [("if-none-match", answer.etag())];
    nobody.send(Method::GET, style, &known, String::new()).await.expect(304);
    nobody.open("/moderation/assets/console-0.css").await.refused(404, "not-found", &[]);
}

#[tokio::test]
async fn a_form_that_is_not_ours_changes_nothing() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    let case = case_of(&app, &photo).await;
    let (mona, mateo) = (Browser::of(&app, "mona"), Browser::of(&app, "mateo"));
    let path = format!("/moderation/cases/{case}");
    let page = mona.page(&path).await;
    let token = format!("token={}", hidden(&page, "token"));
    let fields = [token.as_str(), "revision=1", "action=approve"];
    let cross_site = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    mona.submit(&path, &cross_site, &fields).await.expect(403);
    mona.submit(&path, &[], &fields).await.expect(403);
    mateo.submit(&path, &[OWN_PAGE], &fields).await.expect(403);
    mona.submit(&path, &[OWN_PAGE], &["token=", fields[1], fields[2]]).await.expect(403);
    mona.submit(&path, &[OWN_PAGE], &[fields[0], fields[2]]).await.expect(422);
    mona.submit(&path, &[OWN_PAGE], &[fields[0], "revision=1", "action=erase"]).await.expect(422);
    assert_eq!(app.document_in("cases", &case, &case).await.unwrap()["revision"], 1);
    app.expect_hidden(&case).await;
}

#[tokio::test]
async fn a_case_is_taken_decided_and_brought_back_by_forms() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    let case = case_of(&app, &photo).await;
    let (mona, mateo) = (Browser::of(&app, "mona"), Browser::of(&app, "mateo"));
    let path = format!("/moderation/cases/{case}");

    let token = format!("token={}", hidden(&mona.page("/moderation").await, "token"));
    let next = mona.submit("/moderation", &[OWN_PAGE], &[&token, "action=next"]).await.expect(303);
    assert_eq!(next.header("location"), Some(path.as_str()));
    assert!(mona.page(&path).await.contains("Kept for you"));
    assert!(mateo.page(&path).await.contains("Somebody is at it"));

    let stale = [token.as_str(), "revision=1", "action=approve"];
    let answer = mona.submit(&path, &[OWN_PAGE], &stale).await.expect(412);
    assert!(text(&answer).contains("Somebody changed the case"));
    app.expect_hidden(&case).await;

    let done = mona.press(&case, "approve").await.expect(303);
    assert_eq!(done.header("location"), Some(format!("/moderation?done={case}").as_str()));
    app.wait_for(&case, "approved").await;
    app.content(&case, "thumb").await.expect(200);
    assert!(mateo.page("/moderation").await.contains("approved"));

    let undone = mateo.press(&case, "undo").await.expect(303);
    assert_eq!(undone.header("location"), Some(path.as_str()));
    app.expect_hidden(&case).await;
    let page = mateo.page(&path).await;
    assert!(page.contains("Kept for you") && page.contains("so be it"), "{page}");
}

#[tokio::test]
async fn an_appeal_is_for_another_moderator_than_the_one_who_rejected() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    let case = case_of(&app, &photo).await;
    let (mona, mateo) = (Browser::of(&app, "mona"), Browser::of(&app, "mateo"));
    mona.press(&case, "reject-personal-data").await.expect(303);
    app.wait_for(&case, "rejected").await;
    app.appeal(&case).await.expect(202);
    let appeal = format!("{case}-appeal");
    app.eventually("the appeal", || app.document_in("cases", &appeal, &appeal)).await;

    let page = mona.page(&format!("/moderation/cases/{appeal}")).await;
    assert!(page.contains("For somebody else") && !page.contains("value=\"approve\""), "{page}");
    let token = format!("token={}", hidden(&page, "token"));
    let next = mona.submit("/moderation", &[OWN_PAGE], &[&token, "action=next"]).await.expect(303);
    assert_eq!(next.header("location"), Some("/moderation"), "nothing is free for her");
    mona.submit(
        &format!("/moderation/cases/{appeal}"),
        &[OWN_PAGE],
        &[&token, "revision=1", "action=approve"],
    )
    .await
    .expect(409);
    mateo.press(&appeal, "approve").await.expect(303);
    app.wait_for(&case, "approved").await;
}

#[tokio::test]
async fn who_undoes_a_decision_leaves_the_case_that_came_after_it() {
    let app = TestApp::start().await;
    let mona = Browser::of(&app, "mona");
    let mut cases = Vec::new();
    for seed in 1..=2 {
        let photo = app.uploaded_until(Scene::doubtful(seed).jpeg(), "review").await;
        cases.push(case_of(&app, &photo).await);
    }
    let lease = async |id: &str| app.document_in("cases", id, id).await.unwrap()["lease"].clone();
    let (first, second) = (cases[0].as_str(), cases[1].as_str());

    let next = mona.press(first, "approve").await.expect(303);
    let next = next.header("location").unwrap();
    assert_eq!(next, format!("/moderation/cases/{second}?done={first}"));
    assert!(!lease(second).await.is_null());

    let page = mona.page(next).await;
    let banner = page.split("class=\"banner\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(banner.contains("is <strong>approved</strong>"), "{banner}");
    let fields =
        ["token", "revision", "leaves"].map(|name| format!("{name}={}", hidden(banner, name)));
    let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    fields.push("action=undo");
    let path = format!("/moderation/cases/{first}");
    mona.submit(&path, &[OWN_PAGE], &fields).await.expect(303);
    assert!(!lease(first).await.is_null() && lease(second).await.is_null());
}
