//! The proof that no change is lost and none goes backwards: the whole platform as real processes, killed with SIGKILL
//! at random instants while customers write, services fail and the mainframe misbehaves. At the end the faults are
//! lifted, and every profile is held against the mainframe's record.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_PROFILES`, `IOMMI_PROOF_WRITES` and `IOMMI_PROOF_KILLS` make it
//! larger. docs/legacy.md tells what it found.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod chaos;
mod customers;
mod deposits;
mod parts;
mod platform;
mod quiet;
mod secrecy;
mod sizes;
mod verdict;
mod watcher;

use chaos::Chaos;
use customers::{Book, Customers};
use deposits::Deposits;
use platform::Platform;
use sizes::Sizes;
use std::{sync::Arc, time::Instant};
use watcher::Watcher;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_every_change_reaches_the_mainframe_and_none_goes_backwards() {
    let sizes = Sizes::from_environment();
    println!("IOMMI_SEED={}", sizes.seed);
    let began = Instant::now();
    let mut platform = Platform::start(sizes.seed).await;
    let book = Arc::new(Book::default());
    let customers = Customers::start(&sizes, platform.addresses(), &book);
    let deposits = Deposits::start(&sizes, platform.addresses(), &book);
    let watcher = Watcher::start(platform.addresses());

    let mut chaos = Chaos::new(&sizes);
    while chaos.kills() < sizes.kills || book.writes() < sizes.writes {
        chaos.step(&mut platform).await;
        let well = customers.are_well() && deposits.are_well() && watcher.is_well();
        assert!(well, "seed {}: see the panic above; {}", sizes.seed, platform.kept());
    }
    chaos.end(&mut platform).await;
    customers.finish().await;
    let broken = deposits.finish().await;
    let chaos_took = began.elapsed();
    let found = quiet::until_all_is_there(&mut platform, &book, &broken, sizes.seed).await;
    // Until here: nothing may go backwards while the rest is made up for either.
    let looks = watcher.finish().await;
    println!(
        "{} kills ({}); {} writes, {found}, {} addresses registered again; {looks} looks at the records; {:.0} s, \
         and {:.0} s until all was quiet",
        chaos.kills(),
        chaos.summary(),
        book.writes(),
        book.registered_again(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    secrecy::holds(platform.folder());
    platform.forget();
}
