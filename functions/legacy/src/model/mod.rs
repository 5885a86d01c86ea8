//! The interface as a model: the decisions of `domain/` and of dead letters in a world without Azure, where every step between two
//! effects is one of its own. A seeded scheduler chooses what happens next, delivers twice and out of order, and crashes
//! whoever is at work; in the end everything must be as equal, and nothing may ever have gone backwards.
//!
//! `IOMMI_SEED` repeats one run; `IOMMI_MODEL_RUNS` chooses how many there are.

mod deciding;
mod documents;
mod mainframe;
mod restores;
mod world;

use world::World;

/// Runs, each of a few hundred steps; customers write during the first ones only, so that what is left undone then is
/// not covered up by the next change.
const RUNS: u64 = 1_000;
const STEPS: u32 = 250;
const STEPS_WITH_WRITES: u32 = 100;
/// Rounds without faults in which everything must settle.
const MAX_ROUNDS: u32 = 40;

#[test]
fn whatever_order_things_happen_in_the_mainframe_ends_with_the_newest_state() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let (first, runs) = match number("IOMMI_SEED") {
        Some(seed) => (seed, 1),
        None => (rand::random(), number("IOMMI_MODEL_RUNS").unwrap_or(RUNS)),
    };
    for seed in (0..runs).map(|run| first.wrapping_add(run)) {
        let _named = Named(seed);
        let mut world = World::new(seed);
        for step in 0..STEPS {
            world.step(step < STEPS_WITH_WRITES);
            world.check_nothing_goes_backwards();
        }
        let settled = (0..MAX_ROUNDS).any(|_| world.settle());
        assert!(settled, "IOMMI_SEED={seed}: {}", world.differences().join("\n"));
    }
    println!("{runs} runs of {STEPS} steps from seed {first}");
}

/// Names the seed of a run that panics.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("IOMMI_SEED={}", self.0);
        }
    }
}
