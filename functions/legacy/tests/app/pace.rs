//! How fast changes become messages, and in how much memory. To measure:
//! `IOMMI_CHANGES=20000 cargo test --release -p legacy --test app pace -- --nocapture`.

use crate::support::{TestApp, active};
use futures::{StreamExt, stream};
use local_data::{Fault, Requests, Rule, Service, When};
use std::time::Duration;
use tokio::time::Instant;

/// Changes that wait for the feed when it starts; few, so that the test is quick.
const CHANGES: u32 = 600;
/// Most resident memory of the handler, in KiB. A build for tests is larger than one to be released.
const MAX_RESIDENT_KIB: u64 = if cfg!(debug_assertions) { 160 * 1024 } else { 64 * 1024 };

#[tokio::test]
async fn a_backlog_becomes_messages_in_little_memory() {
    let changes =
        std::env::var("IOMMI_CHANGES").ok().and_then(|text| text.parse().ok()).unwrap_or(CHANGES);
    let app = TestApp::start().await;
    let faults = app.host().data().faults();
    let closed = faults.add(Rule {
        service: Service::Queue,
        only: Requests::default(),
        fault: Fault::Unavailable,
        when: When::Always,
    });
    let mut writing = stream::iter(1..=changes)
        .map(|number| {
            let app = &app;
            async move { app.upsert(&active(number, 1)).await }
        })
        .buffer_unordered(16);
    while writing.next().await.is_some() {}
    faults.remove(closed);

    let outbox = app.queue("legacy-outbox");
    let length = async || u32::try_from(outbox.length().await).unwrap();
    while length().await == 0 {
        tokio::task::yield_now().await;
    }
    let (began, already) = (Instant::now(), length().await);
    let mut most_kib = 0;
    while length().await < changes {
        most_kib = most_kib.max(resident_kib(&app));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < app_tests::DEADLINE, "{} of {changes}", length().await);
    }
    let rate = f64::from(changes - already) / began.elapsed().as_secs_f64();
    println!("{changes} changes, {rate:.0} a second, at most {most_kib} KiB");
    assert!(most_kib <= MAX_RESIDENT_KIB, "{most_kib} KiB");
}

fn resident_kib(app: &TestApp) -> u64 {
    let of = |pid: u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?.to_owned();
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    app.host().handler_pids("legacy").into_iter().filter_map(of).max().unwrap_or_default()
}
