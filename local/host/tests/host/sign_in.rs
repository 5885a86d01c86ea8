//! Signing in, and what handlers are told about who it is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::support::{Running, TestApp, header, http, seen};

impl Running {
    async fn seen_by_handler(&self, headers: &[(&str, &str)]) -> Value {
        let mut request = self.client.get(self.url("/echo"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        seen(request.send().await.unwrap()).await
    }

    async fn choose(&self, person: &str, place: &str) -> reqwest::Response {
        // Redirects are looked at, not followed.
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("person", person).append_pair("post_login_redirect_uri", place);
        client.post(self.url("/.auth/login/aad")).body(form.finish()).send().await.unwrap()
    }
}

fn principal(seen: &Value) -> Value {
    let text = STANDARD.decode(header(seen, "x-ms-client-principal")[0]).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[tokio::test]
async fn a_person_is_chosen_on_the_page_and_handlers_are_told_who_it_is() {
    let app = TestApp::new().in_workspace().start().await;
    let page = app.text("/.auth/login/aad?post_login_redirect_uri=/moderation/?state=review").await;
    for part in ["value=\"mona\"", "Moderator", "Operator", "no role", "/moderation/?state=review"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let chosen = app.choose("mona", "/moderation/?state=review").await;
    assert_eq!(chosen.status(), 303);
    assert_eq!(chosen.headers()["location"], "/moderation/?state=review");
    let cookie = chosen.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!(cookie, "AppServiceAuthSession=mona; Path=/; HttpOnly; SameSite=Lax");

    let seen = app.seen_by_handler(&[("cookie", cookie.split(';').next().unwrap())]).await;
    assert_eq!(header(&seen, "x-ms-client-principal-name"), ["mona@iommi.example"]);
    assert_eq!(header(&seen, "x-ms-client-principal-idp"), ["aad"]);
    assert_eq!(header(&seen, "x-ms-client-principal-id")[0].len(), 36);
    let principal = principal(&seen);
    assert_eq!(principal["role_typ"], "roles");
    let role = json!({ "typ": "roles", "val": "Moderator" });
    assert!(principal["claims"].as_array().unwrap().contains(&role), "{principal}");
}

#[tokio::test]
async fn what_a_client_says_about_itself_never_reaches_a_handler() {
    let app = TestApp::new().in_workspace().start().await;
    let claims = [
        ("X-MS-CLIENT-PRINCIPAL", "eyJmb3JnZWQiOnRydWV9"),
        ("x-ms-client-principal-id", "forged"),
        ("X-Ms-Client-Principal-Name", "forged"),
        ("x-ms-client-principal-idp", "forged"),
    ];
    let seen = app.seen_by_handler(&claims).await;
    assert!(!seen["headers"].to_string().contains("principal"), "{seen}");
    let with_cookie = [&claims[..], &[("cookie", "AppServiceAuthSession=olga")]].concat();
    let seen = app.seen_by_handler(&with_cookie).await;
    assert_eq!(header(&seen, "x-ms-client-principal-name"), ["olga@iommi.example"]);
    assert_eq!(header(&seen, "x-ms-client-principal").len(), 1);
}

#[tokio::test]
async fn forwarded_and_enveloped_functions_are_told_too() {
    let forwarded = TestApp::new()
        .in_workspace()
        .host("customHandler.enableProxyingHttpRequest", json!(false))
        .host("customHandler.enableForwardingHttpRequest", json!(true))
        .start()
        .await;
    let seen = forwarded
        .seen_by_handler(&[
            ("cookie", "AppServiceAuthSession=nils"),
            ("x-ms-client-principal", "x"),
        ])
        .await;
    assert_eq!(header(&seen, "x-ms-client-principal-name"), ["nils@iommi.example"]);
    assert_eq!(principal(&seen)["auth_typ"], "aad");

    let enveloped = TestApp::empty()
        .in_workspace()
        .host("customHandler.enableProxyingHttpRequest", json!(false))
        .function("Envelope", &http("who", &["get"]))
        .start()
        .await;
    let request = enveloped.client.get(enveloped.url("/who"));
    let request = request.header("cookie", "AppServiceAuthSession=olga");
    let text = request.header("x-ms-client-principal-id", "forged").send().await.unwrap();
    let text = text.text().await.unwrap();
    assert!(text.contains("olga@iommi.example") && !text.contains("forged"), "{text}");
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site_and_only_to_persons_that_exist() {
    let app = TestApp::new().in_workspace().start().await;
    for place in ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"] {
        assert_eq!(app.choose("mika", place).await.headers()["location"], "/", "{place}");
    }
    assert_eq!(app.choose("root", "/").await.status(), 400);
    let from_elsewhere = app
        .client
        .post(app.url("/.auth/login/aad"))
        .header("sec-fetch-site", "cross-site")
        .body("person=mona");
    assert_eq!(from_elsewhere.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn who_is_signed_in_can_be_asked_and_ended() {
    let app = TestApp::new().in_workspace().start().await;
    assert_eq!(app.status("/.auth/me").await, 401);
    let me = app.client.get(app.url("/.auth/me")).header("cookie", "AppServiceAuthSession=mateo");
    let me: Value = serde_json::from_str(&me.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(me[0]["user_id"], "mateo@iommi.example");
    let client =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let out = client.unwrap().get(app.url("/.auth/logout?post_logout_redirect_uri=//evil.example"));
    let out = out.send().await.unwrap();
    assert_eq!((out.status().as_u16(), &out.headers()["location"]), (303, &"/".parse().unwrap()));
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(app.status("/.auth/login/other").await, 404);
    assert!(app.text("/.auth/page.css").await.contains("--ground"));
}
