//! Faults on demand, from a test, by JSON and from the start.

use crate::rig::{Rig, SKIN, body_of, json_of, picture};
use content_safety::{Down, Faults, Options, Severities, Throttle, Wrong};
use image::ImageFormat;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const DELAY: Duration = Duration::from_millis(150);

fn skin() -> Value {
    body_of(&picture(ImageFormat::Png, SKIN, 100))
}

#[tokio::test]
async fn down_is_answered_with_an_error_or_with_nothing() {
    let rig = Rig::start().await;
    for (down, expected) in [
        (Down::InternalError, Some((500, "InternalError"))),
        (Down::ServerBusy, Some((503, "ServerBusy"))),
        (Down::Closed, None),
    ] {
        let faults = Faults { down: Some(down), times: Some(1), ..Faults::default() };
        rig.simulator.set_faults(faults).unwrap();
        match (rig.analyze(&skin()).send().await, expected) {
            (Ok(response), Some((status, code))) => {
                let (answered, answer) = json_of(response).await;
                assert_eq!((answered.as_u16(), &answer["error"]["code"]), (status, &json!(code)));
            }
            (Err(_), None) => {}
            (got, _) => panic!("{down:?}: {got:?}"),
        }
        assert_eq!(rig.analyze(&skin()).send().await.unwrap().status(), 200, "after {down:?}");
    }
}

#[tokio::test]
async fn a_throttled_client_is_told_when_to_come_again() {
    let rig = Rig::start().await;
    let throttle = Some(Throttle { every: 2, retry_after_seconds: Some(7) });
    rig.simulator.set_faults(Faults { throttle, ..Faults::default() }).unwrap();
    assert_eq!(rig.analyze(&skin()).send().await.unwrap().status(), 200);
    let second = rig.analyze(&skin()).send().await.unwrap();
    assert_eq!(second.status(), 429);
    assert_eq!(second.headers()["retry-after"], "7");
    assert_eq!(json_of(second).await.1["error"]["code"], "TooManyRequests");
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one() {
    let delay_ms = u64::try_from(DELAY.as_millis()).unwrap();
    let faults = Faults { delay_ms, ..Faults::default() };
    let rig = Rig::with(Options { faults, ..Options::ephemeral() }).await;
    let began = Instant::now();
    assert_eq!(rig.analyze(&skin()).send().await.unwrap().status(), 200);
    assert!(began.elapsed() >= DELAY);
}

#[tokio::test]
async fn every_wrong_answer_says_200() {
    let rig = Rig::start().await;
    for (wrong, excerpt) in [
        (Wrong::MalformedJson, r#""severity":0"#),
        (Wrong::MissingCategory, "Violence"),
        (Wrong::RepeatedCategory, "Sexual"),
        (Wrong::UnknownCategory, "Boredom"),
        (Wrong::SeverityOutOfRange, "9"),
        (Wrong::MissingSeverity, r#"{"category":"Sexual"}"#),
        (Wrong::WrongContentType, "<!doctype html>"),
        (Wrong::Oversized, "    "),
    ] {
        rig.simulator.set_faults(Faults { wrong: Some(wrong), ..Faults::default() }).unwrap();
        let response = rig.analyze(&skin()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{wrong:?}");
        let text = response.text().await.unwrap();
        assert!(text.contains(excerpt), "{wrong:?}");
        assert_eq!(text.len() > 1 << 20, wrong == Wrong::Oversized, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_fixed_verdict_replaces_the_measure_and_is_marked() {
    let rig = Rig::start().await;
    let answer = Some(Severities { hate: 4, ..Severities::default() });
    rig.simulator.set_faults(Faults { answer, ..Faults::default() }).unwrap();
    let (_, answer) = json_of(rig.analyze(&skin()).send().await.unwrap()).await;
    assert_eq!(answer["categoriesAnalysis"][0], json!({"category": "Hate", "severity": 4}));
    assert_eq!(answer["categoriesAnalysis"][2], json!({"category": "Sexual", "severity": 0}));
    assert!(rig.simulator.judged()[0].fixed);
    rig.simulator.clear_faults();
    let (_, answer) = json_of(rig.analyze(&skin()).send().await.unwrap()).await;
    assert_eq!(answer["categoriesAnalysis"][2], json!({"category": "Sexual", "severity": 6}));
}

#[tokio::test]
async fn faults_are_switched_by_json_and_nonsense_changes_nothing() {
    let rig = Rig::start().await;
    let put = |body: &'static str| rig.client.put(rig.url("faults")).body(body).send();
    let (status, now) = json_of(put(r#"{"down":"closed","times":2}"#).await.unwrap()).await;
    assert_eq!((status.as_u16(), &now["down"], &now["times"]), (200, &json!("closed"), &json!(2)));
    let (status, refusal) = json_of(put(r#"{"down":"slightly"}"#).await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(refusal["detail"].as_str().unwrap().contains("down: unknown variant"));
    let kept = rig.client.get(rig.url("faults")).send().await.unwrap();
    assert_eq!(json_of(kept).await.1, now);
}
