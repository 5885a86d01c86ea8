//! Random runs that can be repeated.

/// The variable that repeats a run.
const SEED: &str = "IOMMI_SEED";

/// The seed of a random test: that of `IOMMI_SEED`, else a new one. It is printed, and Cargo shows it when the test
/// fails.
#[must_use]
#[allow(clippy::print_stdout, reason = "Cargo shows it when the test fails")]
pub fn seed() -> u64 {
    let seed = match std::env::var(SEED) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{SEED} is {text:?}: {error}")),
        Err(_) => rand::random(),
    };
    println!("seed {seed}; to repeat this run set {SEED}={seed}");
    seed
}
