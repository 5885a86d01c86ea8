//! Deadlines, and the circuit breaker over time. Where minutes pass, the clock is moved on.

use super::{HASTY, Rig};

use content_safety::{Down, Faults, Options};
use outgoing::{BreakerLimits, Limits};
use pretty_assertions::assert_eq;
use std::time::{Duration, Instant};

/// Opens after two calls.
const WARY: Limits =
    Limits { breaker: BreakerLimits { failures_to_open: 2, ..HASTY.breaker }, tries: 2, ..HASTY };

fn slow() -> Faults {
    Faults { delay_ms: 60_000, ..Faults::default() }
}

/// Lets time pass without waiting.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_slow_call_ends_at_its_deadline_and_is_tried_again() {
    let limits = Limits { try_deadline: Duration::from_millis(100), tries: 2, ..HASTY };
    let rig = Rig::with(limits, Options::ephemeral(), &[]).await;
    rig.break_it(slow());
    let began = Instant::now();
    Rig::expect_unavailable(&rig.analyze().await, "no answer within");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(rig.simulator.requests(), 2);
}

#[tokio::test]
async fn all_tries_together_end_at_the_total_deadline() {
    let limits = Limits { total_deadline: Duration::from_millis(200), tries: 1000, ..HASTY };
    let rig = Rig::with(limits, Options::ephemeral(), &[]).await;
    rig.break_it(slow());
    let began = Instant::now();
    Rig::expect_unavailable(&rig.analyze().await, "no answer within");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(rig.simulator.requests(), 1);
}

#[tokio::test]
async fn a_service_that_keeps_failing_is_left_alone_then_asked_once_then_trusted_again() {
    let rig = Rig::with(WARY, Options::ephemeral(), &[]).await;
    rig.break_it(Faults { down: Some(Down::InternalError), ..Faults::default() });
    Rig::expect_unavailable(&rig.analyze().await, "it answered 500");
    assert_eq!(rig.simulator.requests(), 2);

    let wait = Rig::expect_unavailable(&rig.analyze().await, "left alone").unwrap();
    assert!(wait <= WARY.breaker.open_for);
    assert_eq!(rig.simulator.requests(), 2, "nobody asked");

    pass(wait).await;
    // The probe fails; its second try already finds the breaker open, for twice as long.
    let wait = Rig::expect_unavailable(&rig.analyze().await, "left alone").unwrap();
    assert!(wait > WARY.breaker.open_for, "{wait:?}");
    assert_eq!(rig.simulator.requests(), 3);

    rig.simulator.clear_faults();
    Rig::expect_unavailable(&rig.analyze().await, "left alone");
    pass(wait).await;
    assert!(rig.analyze().await.is_ok());
    assert!(rig.analyze().await.is_ok());
    assert_eq!(rig.simulator.requests(), 5);
}

#[tokio::test]
async fn a_refused_picture_says_nothing_against_the_service() {
    let rig = Rig::with(WARY, Options::ephemeral(), &[]).await;
    let trace = custom_handler::TraceContext::fresh();
    for _ in 0..5 {
        assert!(rig.client.analyze(b"no picture", &trace).await.is_err());
    }
    assert!(rig.analyze().await.is_ok());
}

#[tokio::test]
async fn after_an_hour_of_outage_pictures_are_judged_again() {
    let rig = Rig::with(WARY, Options::ephemeral(), &[]).await;
    rig.break_it(Faults { down: Some(Down::Closed), ..Faults::default() });
    let mut asked = 0;
    let minute = Duration::from_secs(60);
    for _ in 0..60 {
        assert!(rig.analyze().await.is_err());
        asked += 1;
        pass(minute).await;
    }
    // Left alone for 15 s, 30 s … 5 min at a time: far fewer requests than pictures.
    assert!(rig.simulator.requests() < asked, "{}", rig.simulator.requests());
    rig.simulator.clear_faults();
    pass(WARY.breaker.longest_open_for).await;
    assert!(rig.analyze().await.is_ok());
}
