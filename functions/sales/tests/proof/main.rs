//! The proof that each order has one end and each invoice one number: the platform as real processes, killed with SIGKILL
//! at random instants while customers order, cancel and look at keys, our people restart steps, messages come twice, services
//! fail, and vendor and mail service misbehave. At the end every order has ended, the vendor has what was provisioned and
//! nothing else, each account owes what was charged to it and nothing is held, one mail arrived for each, numbers have neither gap nor twin, and no licence key is anywhere.
//!
//! `IOMMI_SEED` repeats a run's choices; `IOMMI_PROOF_ORDERS` and `IOMMI_PROOF_KILLS` make it larger.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod book;
mod charges;
mod customers;
mod invoices;
mod mischief;
mod platform;
mod secrecy;
mod sizes;
mod verdict;
mod watcher;

use app_tests::proof::{Background, Chaos, Platform};
use book::Book;
use platform::{EMAIL, VENDOR};
use sizes::Sizes;
use std::{sync::Arc, time::Instant};

app_tests::proof!(platform::parts);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_each_order_ends_once_and_no_number_is_missing() {
    let sizes = Sizes::from_environment();
    let mut platform = Platform::start(platform::parts(), sizes.seed).await;
    let (addresses, book) = (platform.addresses().clone(), Arc::new(Book::default()));
    let accounts = customers::register(&addresses).await;

    let began = Instant::now();
    let customers = customers::come(&sizes, &addresses, accounts, &book);
    let watcher =
        Background::start(|stopping| watcher::look(addresses.clone(), Arc::clone(&book), stopping));
    let mut chaos = Chaos::new(mischief::ODDS, sizes.seed);
    while chaos.kills() < sizes.kills {
        customers.begin_some();
        mischief::make(chaos.random(), sizes.seed, &addresses).await;
        chaos.step(&mut platform).await;
        let well = customers.are_well() && watcher.is_well();
        assert!(well, "see the panic above; {}", platform.kept());
    }
    // With them the connections go that they would have left open.
    platform.kill(VENDOR).await;
    platform.kill(EMAIL).await;
    platform.revive().await;
    chaos.end(&platform).await;
    customers.finish().await;
    let chaos_took = began.elapsed();
    verdict::settled(&platform, &book).await;
    customers::repeat_all(&addresses, &book).await;
    let looks = watcher.finish().await;
    verdict::settled(&platform, &book).await;
    let invoices = invoices::are_right(&addresses).await;
    secrecy::holds(&platform, &book).await;
    println!(
        "{}; {}; {invoices}; {looks} looks; {:.0} s, and {:.0} s until all was quiet",
        chaos.summary(),
        verdict::ends(&addresses).await,
        chaos_took.as_secs_f32(),
        (began.elapsed() - chaos_took).as_secs_f32(),
    );
    platform.forget();
}
