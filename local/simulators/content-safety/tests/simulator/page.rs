//! The page, its form, and what may not use it.

use crate::rig::{Rig, SKIN, picture};
use content_safety::Down;
use image::ImageFormat;

#[tokio::test]
async fn the_page_shows_measures_and_faults_and_no_picture() {
    let rig = Rig::start().await;
    rig.judge(&picture(ImageFormat::Png, SKIN, 60)).await;
    let response = rig.client.get(rig.url("")).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = response.text().await.unwrap();
    for part in ["All is well.", "1 request so far", "PNG 64 × 100", "<td>60 %</td>", "lang=\"en\""]
    {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    assert!(!page.contains("<img"));
}

#[tokio::test]
async fn the_form_switches_faults_and_the_page_shows_them() {
    let rig = Rig::start().await;
    let form = |body: &'static str| {
        rig.client
            .post(rig.url("faults"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let switched = form("down=server-busy&times=3&probability=1&seed=0").send().await.unwrap();
    assert_eq!(
        (switched.status().as_u16(), &switched.headers()["location"]),
        (303, &"/".parse().unwrap())
    );
    let page = rig.client.get(rig.url("")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Faults are on."));
    assert!(page.contains("3 more requests will be struck"));
    assert!(page.contains(r#"<option value="server-busy" selected>"#));
    let other_site = form("down=closed").header("sec-fetch-site", "cross-site");
    assert_eq!(other_site.send().await.unwrap().status(), 403);
    let faults: content_safety::Faults = rig
        .client
        .get(rig.url("faults"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(faults.down, Some(Down::ServerBusy));
    assert_eq!(form("").send().await.unwrap().status(), 303);
    let page = rig.client.get(rig.url("")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("All is well."));
}

#[tokio::test]
async fn health_answers_while_the_api_is_down_and_other_paths_are_not_found() {
    let rig = Rig::start().await;
    let faults = content_safety::Faults { down: Some(Down::Closed), ..Default::default() };
    rig.simulator.set_faults(faults).unwrap();
    for (path, status) in
        [("health", 200), ("log", 200), ("judged", 200), ("contentsafety/text:analyze", 404)]
    {
        let response = rig.client.get(rig.url(path)).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
}
