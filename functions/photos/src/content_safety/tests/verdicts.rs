//! When all is well.

use super::{GREEN, HASTY, Rig, SKIN, client, picture};
use crate::content_safety::Failure;
use crate::domain::{Category, Severities};
use content_safety::{Faults, Options};
use custom_handler::{Settings, TraceContext};
use pretty_assertions::assert_eq;

fn severities(of: [u8; 4]) -> Severities {
    Severities::of(Category::ALL.into_iter().zip(of))
}

#[tokio::test]
async fn a_picture_is_judged_and_the_judge_is_named() {
    let rig = Rig::start().await;
    let trace = TraceContext::fresh();
    let green = rig.client.analyze(picture(GREEN), &trace).await.unwrap();
    assert_eq!(green.severities, severities([0, 0, 0, 0]));
    let skin = rig.client.analyze(picture(SKIN), &trace).await.unwrap();
    assert_eq!(skin.severities, severities([0, 0, 6, 0]));
    assert_eq!(skin.model, "azure-content-safety/2024-09-01 skin-tone-stand-in-1");
}

#[tokio::test]
async fn every_level_of_every_category_arrives_where_it_belongs() {
    let rig = Rig::start().await;
    let answer = content_safety::Severities { hate: 2, self_harm: 4, sexual: 6, violence: 0 };
    rig.break_it(Faults { answer: Some(answer), ..Faults::default() });
    assert_eq!(rig.analyze().await.unwrap().severities, severities([2, 4, 6, 0]));
}

#[tokio::test]
async fn the_trace_goes_on_in_the_service() {
    let rig = Rig::start().await;
    let trace = TraceContext::fresh();
    rig.client.analyze(picture(GREEN), &trace).await.unwrap();
    let seen = rig.simulator.requests_seen().remove(0);
    let theirs = TraceContext::parse(&seen.traceparent.unwrap(), None).unwrap();
    assert_eq!(theirs.trace_id(), trace.trace_id());
    assert_ne!(theirs, trace);
}

#[tokio::test]
async fn a_key_is_sent_where_there_is_one_and_a_token_otherwise() {
    let locked = Options { key: Some("k1".to_owned()), ..Options::ephemeral() };
    let rig = Rig::with(HASTY, locked, &[("CONTENT_SAFETY_KEY", "k1")]).await;
    rig.analyze().await.unwrap();
    let by_identity = client(&rig.simulator.url(), HASTY, &[]);
    by_identity.analyze(picture(GREEN), &TraceContext::fresh()).await.unwrap();
    let seen = rig.simulator.requests_seen();
    assert_eq!((seen[0].with_key, seen[0].with_token), (true, false));
    assert_eq!((seen[1].with_key, seen[1].with_token), (false, true));
}

#[tokio::test]
async fn a_wrong_key_is_not_tried_twice() {
    let locked = Options { key: Some("k1".to_owned()), ..Options::ephemeral() };
    let rig = Rig::with(HASTY, locked, &[("CONTENT_SAFETY_KEY", "k2")]).await;
    Rig::expect_unavailable(&rig.analyze().await, "it answered 401");
    assert_eq!(rig.simulator.requests(), 1);
}

#[tokio::test]
async fn a_picture_that_is_none_is_refused_once_and_for_all() {
    let rig = Rig::start().await;
    let refused = rig.client.analyze(b"<svg/>", &TraceContext::fresh()).await;
    assert_eq!(refused, Err(Failure::Refused { code: "InvalidRequestBody".to_owned() }));
    assert_eq!(rig.simulator.requests(), 1);
}

#[tokio::test]
async fn an_api_version_that_the_service_does_not_know_is_not_the_pictures_fault() {
    let rig =
        Rig::with(HASTY, Options::ephemeral(), &[("CONTENT_SAFETY_API_VERSION", "1999")]).await;
    Rig::expect_unavailable(&rig.analyze().await, "UnsupportedApiVersionValue");
}

#[test]
fn all_that_is_missing_or_malformed_is_named_at_once_and_no_key_is_shown() {
    let settings = Settings::from_map([
        ("CONTENT_SAFETY_ENDPOINT", "http://example.com/"),
        ("CONTENT_SAFETY_KEY", "bad\nsecret"),
    ]);
    assert!(crate::content_safety::ContentSafety::read(&settings).is_err());
    let told = settings.check().unwrap_err().to_string();
    for name in ["CONTENT_SAFETY_ENDPOINT", "CONTENT_SAFETY_API_VERSION", "CONTENT_SAFETY_KEY"] {
        assert!(told.contains(name), "{told}");
    }
    assert!(!told.contains("secret"));
    let client = client("http://127.0.0.1:1/", HASTY, &[("CONTENT_SAFETY_KEY", "secret")]);
    assert!(!format!("{client:?}").contains("secret"));
}
