//! When something is wrong: no answer that is not the published one becomes a verdict.

use super::{HASTY, Rig, SKIN, client, picture};
use content_safety::{Down, Faults, Throttle, Wrong};
use custom_handler::TraceContext;
use pretty_assertions::assert_eq;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_wrong_answer_is_no_verdict_and_not_asked_for_again() {
    for (wrong, reason) in [
        (Wrong::MalformedJson, "not an analysis"),
        (Wrong::MissingCategory, "the category Sexual 0 times"),
        (Wrong::RepeatedCategory, "the category Sexual 2 times"),
        (Wrong::UnknownCategory, "not an analysis"),
        (Wrong::SeverityOutOfRange, "the severity 9 for Sexual"),
        (Wrong::MissingSeverity, "not an analysis"),
        (Wrong::WrongContentType, "not JSON"),
        (Wrong::Oversized, "longer than 65536 bytes"),
    ] {
        let rig = Rig::start().await;
        rig.break_it(Faults { wrong: Some(wrong), ..Faults::default() });
        Rig::expect_unavailable(&rig.analyze().await, reason);
        assert_eq!(rig.simulator.requests(), 1, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_service_that_comes_back_in_time_is_asked_again() {
    for down in [Down::InternalError, Down::ServerBusy, Down::Closed] {
        let rig = Rig::start().await;
        rig.break_it(Faults { down: Some(down), times: Some(2), ..Faults::default() });
        assert!(rig.analyze().await.is_ok(), "{down:?}");
        assert!(rig.simulator.requests() >= 3, "{down:?}");
    }
}

#[tokio::test]
async fn a_service_that_stays_down_is_asked_so_often_and_no_more() {
    let rig = Rig::start().await;
    rig.break_it(Faults { down: Some(Down::ServerBusy), ..Faults::default() });
    Rig::expect_unavailable(&rig.analyze().await, "it answered 503 ServerBusy");
    assert_eq!(rig.simulator.requests(), u64::from(HASTY.tries));
}

#[tokio::test]
async fn nobody_at_the_address_is_unavailable_too() {
    let url = Rig::start().await.simulator.url();
    let got = client(&url, HASTY, &[]).analyze(picture(SKIN), &TraceContext::fresh()).await;
    Rig::expect_unavailable(&got, "it cannot be connected to");
}

#[tokio::test]
async fn a_throttled_picture_waits_as_long_as_it_is_told() {
    let rig = Rig::start().await;
    let throttle = Some(Throttle { every: 1, retry_after_seconds: Some(1) });
    rig.break_it(Faults { throttle, times: Some(1), ..Faults::default() });
    let began = Instant::now();
    assert!(rig.analyze().await.is_ok());
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(rig.simulator.requests(), 2);
}

#[tokio::test]
async fn a_wait_longer_than_the_patience_is_handed_on_instead() {
    let rig = Rig::start().await;
    let throttle = Some(Throttle { every: 1, retry_after_seconds: Some(600) });
    rig.break_it(Faults { throttle, ..Faults::default() });
    let retry_after = Rig::expect_unavailable(&rig.analyze().await, "429 TooManyRequests");
    assert_eq!(retry_after, Some(Duration::from_secs(600)));
    assert_eq!(rig.simulator.requests(), 1);
}
