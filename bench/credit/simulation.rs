//! How fast a year is simulated, beside a plain version, in one run: `cargo run --release --example simulation`. It first
//! holds this build against the results that the tests hold a debug build against.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement may fail loudly and says its numbers"
)]
#![allow(dead_code, unused_imports, reason = "the domain is there for the app")]

#[path = "../../functions/scoring/src/domain/mod.rs"]
mod domain;
#[path = "../../functions/scoring/tests/people/mod.rs"]
mod people;

use domain::{History, PATHS_IN_A_BLOCK, Scored, Seed, Simulation};
use people::{NAMES, person};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use scorecard::{Activity, Scorecard};
use serde_json::Value;
use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const PATHS: u32 = 1_000;
const DAYS: usize = 365;
const ROUNDS: usize = 201;

fn main() {
    hold_golden_results();
    println!("golden results: {} people, two cards, all the same", NAMES.len());
    let mut ratios = Vec::new();
    for name in ["salaried", "freelancer", "overdrawn", "saver", "borrower"] {
        let activity = person(name);
        let simulation = Simulation::of(&History::of(&activity).0.unwrap());
        let plain = Plain::of(&activity);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            ours.push(timed(|| ours_of(&simulation, round)));
            theirs.push(timed(|| plain.shortfalls(round as u64)));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        ratios.push(ratio);
        println!(
            "{name:>12}: {ours:>10.3?} ours, {theirs:>10.3?} plain: {ratio:.1} times; {PATHS} paths of {DAYS} days, median of {ROUNDS}"
        );
        let paths = f64::from(PATHS) * 10.0 / ours.as_secs_f64();
        println!("{:>12}  10 s of a core are {paths:.0} paths", "");
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio: {:.1}", ratios[ratios.len() / 2]);
}

fn ours_of(simulation: &Simulation, round: usize) -> u32 {
    let seed = [u8::try_from(round % 256).unwrap(); 32];
    let blocks = PATHS.div_ceil(PATHS_IN_A_BLOCK);
    (0..blocks)
        .map(|block| simulation.shortfalls(seed, block, PATHS - block * PATHS_IN_A_BLOCK))
        .sum()
}

/// What one writes first: a day at a time, each drawn from the past days of the same weekday, amounts as floats.
struct Plain {
    balance: f64,
    days: HashMap<usize, Vec<f64>>,
}

impl Plain {
    fn of(activity: &Activity) -> Self {
        let cents = |amount: i64| amount as f64 / 100.0;
        let mut days: HashMap<usize, Vec<f64>> = HashMap::new();
        for (number, day) in activity
            .from
            .series(jiff::ToSpan::day(1))
            .take_while(|day| *day <= activity.to)
            .enumerate()
        {
            let flows = activity.transactions.iter().filter(|one| one.on == day);
            days.entry(number % 7).or_default().push(flows.map(|one| cents(one.amount)).sum());
        }
        Self { balance: activity.accounts.iter().map(|account| cents(account.balance)).sum(), days }
    }

    fn shortfalls(&self, seed: u64) -> u32 {
        let mut random = StdRng::seed_from_u64(seed);
        let mut shortfalls = 0;
        for _ in 0..PATHS {
            let (mut balance, mut lowest) = (self.balance, self.balance);
            for day in 0..DAYS {
                let alike = &self.days[&(day % 7)];
                balance += alike[random.random_range(0..alike.len())];
                lowest = lowest.min(balance);
            }
            shortfalls += u32::from(lowest < 0.0);
        }
        shortfalls
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Fails if this build says anything else than the tests' golden file.
fn hold_golden_results() {
    const GOLDEN_PATHS: u32 = 2_000;
    let golden: Value =
        serde_json::from_str(include_str!("../../functions/scoring/tests/people/golden.json"))
            .unwrap();
    for (name, card) in
        NAMES.iter().flat_map(|name| Scorecard::all().iter().map(move |card| (name, card)))
    {
        let expected = &golden[format!("{name} {}", card.version())];
        let activity = person(name);
        let (history, months_seen) = History::of(&activity);
        let Ok(history) = history else {
            assert!(expected["reason"].is_string(), "{name}");
            continue;
        };
        let (seed, simulation) =
            (Seed::of(&activity, card, GOLDEN_PATHS), Simulation::of(&history));
        let blocks = 0..GOLDEN_PATHS.div_ceil(PATHS_IN_A_BLOCK);
        let shortfalls = blocks.map(|block| {
            simulation.shortfalls(seed.0, block, GOLDEN_PATHS - block * PATHS_IN_A_BLOCK)
        });
        let shortfalls = shortfalls.map(u64::from).sum();
        let scored =
            Scored::of(card, &history, months_seen, seed, (shortfalls, GOLDEN_PATHS)).unwrap();
        assert_eq!(serde_json::to_value(scored).unwrap(), *expected, "{name} {}", card.version());
    }
}
