//! The proof that each assessment has one end: the platform as real processes, killed with SIGKILL at random instants while
//! partners ask, take back and erase, messages come twice, services fail and the bank misbehaves. At the end every
//! assessment has the one end that was ever seen, scores are those of a quiet run, each subscriber has heard of each end in
//! the same words, and nothing of the bank's is anywhere.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_ASSESSMENTS` and `IOMMI_PROOF_KILLS` make it larger.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod book;
mod mischief;
mod partners;
mod people;
mod platform;
mod quiet;
mod secrecy;
mod sizes;
mod subscribers;
mod verdict;
mod watcher;
mod webhooks;

use app_tests::proof::{Background, Chaos, Platform};
use book::Book;
use platform::{BANK, PARTNER};
use sizes::Sizes;
use std::{sync::Arc, time::Instant};

app_tests::proof!(platform::parts);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_each_assessment_has_one_end_and_nothing_of_the_bank_is_left() {
    let sizes = Sizes::from_environment();
    let mut platform = Platform::start(platform::parts(), sizes.seed).await;
    let (addresses, book) = (platform.addresses().clone(), Arc::new(Book::default()));
    partners::register(&addresses).await;
    let subscribers = subscribers::register(&addresses, &book).await;
    quiet::ask_for_everybody(&addresses, &book).await;

    let began = Instant::now();
    let partners = partners::come(&sizes, &addresses, &book);
    let watcher =
        Background::start(|stopping| watcher::look(addresses.clone(), Arc::clone(&book), stopping));
    let mut chaos = Chaos::new(mischief::ODDS, sizes.seed);
    while chaos.kills() < sizes.kills {
        partners.begin_some();
        mischief::make(chaos.random(), &addresses).await;
        chaos.step(&mut platform).await;
        let well = partners.are_well() && watcher.is_well();
        assert!(well, "see the panic above; {}", platform.kept());
    }
    // With them the connections go that they would have left open.
    platform.kill(BANK).await;
    platform.kill(PARTNER).await;
    platform.revive().await;
    chaos.end(&platform).await;
    partners.finish().await;
    let chaos_took = began.elapsed();
    verdict::settled(&platform, &book, &subscribers).await;
    // Nobody knows what the bank gave out before it was killed: it gives out all once more. And the day may have changed.
    quiet::ask_for_everybody(&addresses, &book).await;
    verdict::settled(&platform, &book, &subscribers).await;
    let found = verdict::ends(&addresses, &book).await;
    partners::repeat_all(&addresses, &book).await;
    let looks = watcher.finish().await;
    verdict::settled(&platform, &book, &subscribers).await;
    let told = webhooks::are_right(&addresses, &subscribers, &book).await;
    secrecy::holds(&platform, &book).await;
    println!(
        "{}; {found}; {told}; {looks} looks; {:.0} s, and {:.0} s until all was quiet",
        chaos.summary(),
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    platform.forget();
}
