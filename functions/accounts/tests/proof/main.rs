//! The proof that the ledger never lies: the platform as real processes, killed with SIGKILL at random instants while a
//! card network, killed too, sends it purchases twice, late, out of order, forged and with card numbers in them. At the end the
//! network's own book is ours, cent for cent, every entry balances, and no card number or token is anywhere.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_MESSAGES`, `IOMMI_PROOF_KILLS` and `IOMMI_PROOF_ACCOUNTS` make it
//! larger. docs/accounts.md tells what it found.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod accounts;
mod platform;
mod secrecy;
mod sizes;
mod verdict;
mod watcher;

use accounts::Opened;
use app_tests::proof::{Background, Chaos, DATA, HOST, Odds, Platform};
use platform::NETWORK;
use sizes::Sizes;
use std::time::Instant;

app_tests::proof!(platform::parts);

const ODDS: Odds = Odds {
    victims: &[("accounts", 40), (HOST, 20), (DATA, 20), (NETWORK, 20)],
    at_once: &[(1, 8), (2, 2)],
    faults: &[
        "cosmos=fail:chance:0.1",
        "cosmos=lose:chance:0.1:writes",
        "cosmos=unavailable:chance:0.2",
        "cosmos=throttle:200ms:chance:0.2",
        "cosmos=stop:chance:0.1",
        "cosmos=delay:1500ms:chance:0.05",
        "cosmos=delay:100ms:chance:0.3",
    ],
    spoiled: 0.4,
    mended: 0.2,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_the_networks_book_is_ours_cent_for_cent() {
    let sizes = Sizes::from_environment();
    let mut platform = Platform::start(platform::parts(), sizes.seed).await;
    let addresses = platform.addresses().clone();
    let opened = Opened::all(&addresses, &sizes).await;
    let began = Instant::now();
    opened.go_shopping(&addresses, &sizes).await;
    let watcher = Background::start(|stopping| {
        watcher::look(addresses.clone(), opened.within_limit(), stopping)
    });

    let mut chaos = Chaos::new(ODDS, sizes.seed);
    while chaos.kills() < sizes.kills {
        chaos.step(&mut platform).await;
        assert!(watcher.is_well(), "see the panic above; {}", platform.kept());
    }
    chaos.end(&platform).await;
    let chaos_took = began.elapsed();
    let found = platform.settles(async |_| verdict::differences(&addresses, &opened).await).await;
    let looks = watcher.finish().await;
    secrecy::holds(&platform, &opened).await;
    println!(
        "{}; {found}; {looks} looks, none over its limit; {:.0} s, and {:.0} s until all was quiet",
        chaos.summary(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    platform.forget();
}
