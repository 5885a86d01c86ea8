//! Registration, change and erasure as a model: the code of the store as it is, on containers in which writes happen
//! without an answer, later than their answer or not at all, and reads are old. A seeded scheduler chooses who does the
//! next thing and kills whoever is at work. An address must never belong to two, what was answered must be true, a key
//! must have one answer, and in the end everything that is free can be had.
//!
//! `IOMMI_SEED` repeats one run; `IOMMI_MODEL_RUNS` chooses how many there are.

mod documents;
mod key;
mod world;

use world::World;

const RUNS: u64 = 60;
const STEPS: u32 = 1_500;
/// What must hold is looked at after so many steps: a break of it lasts.
const CHECK_EVERY: u32 = 5;

#[test]
fn whatever_order_things_happen_in_an_address_belongs_to_one_profile() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let (first, runs) = match number("IOMMI_SEED") {
        Some(seed) => (seed, 1),
        None => (rand::random(), number("IOMMI_MODEL_RUNS").unwrap_or(RUNS)),
    };
    for seed in (0..runs).map(|run| first.wrapping_add(run)) {
        println!("IOMMI_SEED={seed}");
        let mut world = World::new(seed);
        for step in 0..STEPS {
            world.step();
            if step % CHECK_EVERY == 0 {
                world.check();
            }
        }
        world.settle();
    }
}
