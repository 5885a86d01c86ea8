use crate::support::{Answer, TestApp};
use app_tests::Method;
use serde_json::Value;

const PAGE: &str = "/ops/dead-letters";

async fn open(app: &TestApp, path: &str, person: &str) -> Answer {
    let cookie = format!("AppServiceAuthSession={person}");
    app.request(Method::GET, path).header("cookie", &cookie).send().await
}

fn token(page: &str) -> String {
    page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_reads_edits_and_discards_a_letter_without_a_script() {
    let app = TestApp::start().await;
    app.queue("legacy-outbox-poison").send("<script>alert(1)</script>").await;
    app.run_timer("poison_queues").await;
    let letter = app.letters("outbox-poison", 1).await.remove(0);
    let url = format!("{PAGE}/{}", letter["id"].as_str().unwrap());

    let page = open(&app, &url, "olga").await.expect(200);
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert!(!html.contains("<script"), "nothing of a message is markup");
    let list = String::from_utf8(open(&app, PAGE, "olga").await.expect(200).body).unwrap();
    assert!(list.contains(&url) && list.contains("Lag "), "{list}");

    let post = |form: &str, site: &str| {
        let request =
            app.request(Method::POST, &url).header("cookie", "AppServiceAuthSession=olga");
        request
            .header("sec-fetch-site", site)
            .body("application/x-www-form-urlencoded", form.to_owned())
    };
    let token = token(&html);
    let discard = format!("token={token}&action=discard&why=rubbish");
    post(&discard, "cross-site").send().await.refused(403, "cross-site", &[]);
    post("action=discard&why=x&token=forged", "same-origin").send().await.refused(
        403,
        "form-refused",
        &[],
    );
    let edit = format!("token={token}&action=edit&etag=%221%22&message=better");
    post(&edit, "same-origin").send().await.expect(303);
    post(&discard, "same-origin").send().await.expect(303);
    let done =
        app.get(&format!("/ops/v1{}", url.trim_start_matches("/ops"))).await.expect(200).json();
    assert_eq!(
        (&done["state"], &done["message"]),
        (&Value::from("discarded"), &Value::from("better"))
    );
    assert_ne!(done["actions"][1]["by"], "key", "the person is recorded");
}

#[tokio::test]
async fn only_operators_see_the_page() {
    let app = TestApp::start().await;
    let nobody = app.get(PAGE).await.expect(302);
    assert!(
        nobody.header("location").unwrap().starts_with("/.auth/login/aad?post_login_redirect_uri=")
    );
    open(&app, PAGE, "nils").await.refused(403, "role-missing", &[]);
}
