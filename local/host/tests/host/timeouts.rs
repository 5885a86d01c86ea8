//! `functionTimeout`.

use std::time::Instant;

use local_host::Outcome;
use serde_json::json;

use crate::support::{TestApp, eventually, is_alive};

#[tokio::test]
async fn a_timeout_kills_the_handler_with_everything_it_does_and_counts_as_no_error() {
    let app = TestApp::new().host("functionTimeout", json!("00:00:01")).start().await;
    let pid: u32 = app.text("/pid").await.parse().unwrap();
    let began = Instant::now();
    let hanging = app.get("/hang");
    let beside = async {
        // Begun later, within its own time when the other's has passed.
        assert_eq!(app.text("/wait/1500").await, "waited");
        app.post("/hang", "a body, so that it is not sent again").await
    };
    let (first, second) = futures::join!(hanging, beside);
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (500, 500));
    assert!(began.elapsed().as_secs() >= 3, "functionTimeout and two seconds of grace");
    eventually("the process is killed", || async { (!is_alive(pid)).then_some(()) }).await;
    for _ in 0..2 {
        assert_eq!(app.status("/hang").await, 500);
    }
    assert_eq!(app.status("/echo").await, 200, "timeouts never stop the host");
    let reasons: Vec<_> = app.host.invocations().into_iter().map(|record| record.outcome).collect();
    let failed_with = |text: &str| {
        reasons[2..4]
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Failed(reason) if reason.contains(text)))
    };
    assert!(failed_with("functionTimeout") && failed_with("connection closed"), "{reasons:?}");
}
