//! The proof that the ledger never lies: the platform as real processes, killed with SIGKILL at random instants while a
//! card network, killed too, sends it purchases twice, late, out of order, forged and with card numbers in them. At the end the
//! network's own book is ours, cent for cent, every entry balances, and no card number or token is anywhere.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_MESSAGES`, `IOMMI_PROOF_KILLS` and `IOMMI_PROOF_ACCOUNTS` make it
//! larger. docs/accounts.md tells what it found.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod accounts;
mod addresses;
mod chaos;
mod parts;
mod platform;
mod secrecy;
mod sizes;
mod verdict;
mod watcher;

use accounts::Opened;
use chaos::Chaos;
use platform::Platform;
use sizes::Sizes;
use std::time::Instant;
use watcher::Watcher;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_the_networks_book_is_ours_cent_for_cent() {
    let sizes = Sizes::from_environment();
    println!("IOMMI_SEED={}", sizes.seed);
    let mut platform = Platform::start(sizes.seed).await;
    let addresses = platform.addresses().clone();
    let opened = Opened::all(&addresses, &sizes).await;
    let began = Instant::now();
    opened.go_shopping(&addresses, &sizes).await;
    let watcher = Watcher::start(&addresses, &opened);

    let mut chaos = Chaos::new(&sizes);
    while chaos.kills() < sizes.kills {
        chaos.step(&mut platform).await;
        assert!(watcher.is_well(), "seed {}: see the panic above; {}", sizes.seed, platform.kept());
    }
    chaos.end(&mut platform).await;
    let chaos_took = began.elapsed();
    let found = verdict::when_all_is_quiet(&mut platform, &opened, sizes.seed).await;
    let looks = watcher.finish().await;
    secrecy::holds(&platform, &opened).await;
    println!(
        "{} kills ({}); {found}; {looks} looks, none over its limit; {:.0} s, and {:.0} s until all was quiet",
        chaos.kills(),
        chaos.summary(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    platform.forget();
}
