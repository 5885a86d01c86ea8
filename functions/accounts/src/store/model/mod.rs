//! The ledger as a model: the code of the store as it is, on containers in which batches happen without an answer, later
//! than their answer or not at all, and reads are old. Several instances take the network's messages, of eight kinds, and
//! what a merchant of our own wants, in any order and more than once, while cards are frozen, limits changed, holds released and the general ledger follows. A
//! seeded scheduler chooses who does the next thing and kills whoever is at work.
//!
//! `IOMMI_SEED` repeats one run; `IOMMI_MODEL_RUNS` chooses how many there are.

mod documents;
mod messages;
mod truth;
mod world;

use world::World;

const RUNS: u64 = 300;
const STEPS: u32 = 900;

#[test]
fn whatever_order_messages_come_in_the_books_are_right_to_the_cent() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let (first, runs) = match number("IOMMI_SEED") {
        Some(seed) => (seed, 1),
        None => (rand::random(), number("IOMMI_MODEL_RUNS").unwrap_or(RUNS)),
    };
    println!("the first of {runs} runs: IOMMI_SEED={first}");
    let mut batches = 0;
    for seed in (0..runs).map(|run| first.wrapping_add(run)) {
        let failed = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            (0..STEPS).for_each(|_| world.step());
            world.settle()
        });
        match failed {
            Ok(made) => batches += made,
            Err(cause) => {
                println!("IOMMI_SEED={seed}");
                std::panic::resume_unwind(cause);
            }
        }
    }
    println!("{batches} batches happened");
}
