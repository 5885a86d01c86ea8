//! The proof that no change is lost and none goes backwards: the whole platform as real processes, killed with SIGKILL
//! at random instants while customers write, services fail and the mainframe misbehaves. At the end the faults are
//! lifted, and every profile is held against the mainframe's record.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_PROFILES`, `IOMMI_PROOF_WRITES` and `IOMMI_PROOF_KILLS` make it
//! larger. docs/legacy.md tells what it found.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod customers;
mod deposits;
mod mischief;
mod platform;
mod quiet;
mod sizes;
mod verdict;
mod watcher;

use app_tests::proof::{Background, Chaos, Markers, Platform};
use customers::{Book, Customers};
use sizes::Sizes;
use std::{sync::Arc, time::Instant};

app_tests::proof!(platform::parts);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_every_change_reaches_the_mainframe_and_none_goes_backwards() {
    let sizes = Sizes::from_environment();
    let began = Instant::now();
    let mut platform = Platform::start(platform::parts(), sizes.seed).await;
    let (addresses, book) = (platform.addresses().clone(), Arc::new(Book::default()));
    let customers = Customers::start(&sizes, &addresses, &book);
    let deposits = Background::start(|stopping| {
        deposits::write(sizes.seed, addresses.clone(), Arc::clone(&book), stopping)
    });
    let watcher = Background::start(|stopping| watcher::look(addresses.clone(), stopping));

    let mut chaos = Chaos::new(mischief::ODDS, sizes.seed);
    while chaos.kills() < sizes.kills || book.writes() < sizes.writes {
        mischief::make(chaos.random(), &addresses).await;
        chaos.step(&mut platform).await;
        let well = customers.are_well() && deposits.is_well() && watcher.is_well();
        assert!(well, "see the panic above; {}", platform.kept());
    }
    chaos.end(&platform).await;
    customers.finish().await;
    let broken = deposits.finish().await;
    let chaos_took = began.elapsed();
    let found = quiet::until_all_is_there(&platform, &book, &broken).await;
    // Until here: nothing may go backwards while the rest is made up for either.
    let looks = watcher.finish().await;
    println!(
        "{}; {} writes, {found}, {} addresses registered again; {looks} looks at the records; {:.0} s, and {:.0} s until \
         all was quiet",
        chaos.summary(),
        book.writes(),
        book.registered_again(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    // Not when all goes well, and not when everything fails.
    Markers::of(customers::PERSONAL).are_in_none(platform.logs());
    platform.forget();
}
