//! The proof that every fact arrives: the platform as real processes, killed with SIGKILL at random instants while customers
//! register, buy and leave, messages come twice and services fail, event hubs among them. At the end every contact is as the
//! facts say, each sale is one, and each fact was told in the order of what it is about.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_PEOPLE` and `IOMMI_PROOF_KILLS` make it larger.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod people;
mod platform;
mod sizes;
mod verdict;

use app_tests::proof::{Chaos, DATA, HOST, Odds, Platform};
use people::Book;
use sizes::Sizes;
use std::{sync::Arc, time::Instant};

app_tests::proof!(platform::parts);

const ODDS: Odds = Odds {
    victims: &[("profiles", 15), ("contacts", 20), ("conversions", 20), (HOST, 20), (DATA, 20)],
    at_once: &[(1, 7), (2, 2), (4, 1)],
    faults: &[
        "cosmos=fail:chance:0.1",
        "cosmos=lose:chance:0.1:writes",
        "cosmos=unavailable:chance:0.2",
        "cosmos=stop:chance:0.1",
        "cosmos=delay:100ms:chance:0.3",
        "event-hubs=fail:chance:0.2",
        "event-hubs=lose:chance:0.3:writes",
        "event-hubs=throttle:200ms:chance:0.3",
        "event-hubs=stop:chance:0.2",
        "queue=fail:chance:0.2",
        "queue=lose:chance:0.2:writes",
        "blob=fail:chance:0.2",
        "messages=duplicate:20",
        "messages=delay:150ms",
    ],
    spoiled: 0.5,
    mended: 0.2,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_every_fact_arrives_in_its_order_and_is_done_once() {
    let sizes = Sizes::from_environment();
    let mut platform = Platform::start(platform::parts(), sizes.seed).await;
    let (addresses, book) = (platform.addresses().clone(), Arc::new(Book::default()));
    let began = Instant::now();
    let people = people::come(&sizes, &addresses, &book);
    let mut chaos = Chaos::new(ODDS, sizes.seed);
    while chaos.kills() < sizes.kills {
        people.begin_some();
        chaos.step(&mut platform).await;
        assert!(people.are_well(), "see the panic above; {}", platform.kept());
    }
    chaos.end(&platform).await;
    people.finish().await;
    let chaos_took = began.elapsed();
    let found = verdict::settled(&platform, &book).await;
    println!(
        "{}; {found}; {:.0} s, and {:.0} s until all was quiet",
        chaos.summary(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    platform.forget();
}
