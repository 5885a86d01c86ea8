//! Files that are broken everywhere: thousands of them, so without a process for each.

#[path = "../tests/pictures/corpus.rs"]
mod corpus;

use crate::{Format, Limits, Refusal, make};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// As in the decoding process, but that a panic fails the test with what it was at.
fn outcome(file: &[u8]) -> Result<(), Refusal> {
    let format = Format::of(file)?;
    let inspected =
        catch_unwind(AssertUnwindSafe(|| make::all(format, file.to_vec(), &Limits::default())));
    inspected.unwrap_or_else(|_| panic!("the decoder panics on {file:02x?}")).map(drop)
}

#[test]
fn a_file_that_ends_anywhere_too_early_is_refused() {
    for (kind, file) in corpus::one_of_each() {
        outcome(&file).unwrap();
        for length in 0..file.len() {
            let refusal = outcome(&file[..length]).unwrap_err();
            assert!(
                ["truncated", "not-an-image"].contains(&refusal.code),
                "{kind}, {length} bytes: {refusal:?}"
            );
        }
    }
}

/// Random changes of a file; a repeat of a failed run: `IOMMI_SEED=… cargo test -p picture`.
#[test]
fn a_file_that_is_wrong_anywhere_is_refused_or_shown_but_never_a_panic() {
    const ROUNDS: usize = 2000;
    let seed = std::env::var("IOMMI_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random);
    println!("IOMMI_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for (_, file) in corpus::one_of_each() {
        for _ in 0..ROUNDS {
            let mut wrong = file.clone();
            for _ in 0..random.random_range(1..8) {
                let at = random.random_range(0..wrong.len());
                match random.random_range(0..4) {
                    0 => wrong[at] = random.random(),
                    1 => wrong[at] ^= 1 << random.random_range(0..8),
                    2 => drop(wrong.remove(at)),
                    _ => wrong.insert(at, random.random()),
                }
            }
            let _ = outcome(&wrong);
        }
    }
}
