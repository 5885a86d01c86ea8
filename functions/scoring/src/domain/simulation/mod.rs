//! A year of cash flow, simulated many times: how often does the money run out?
//!
//! A block bootstrap of the past with two kinds of blocks. What keeps to days of the month (wages, standing orders, debits,
//! instalments) is drawn in whole months, so that wages and rent keep their days and their company; what keeps to days of
//! the week (cards, cash, transfers) in whole weeks. Both are drawn with replacement and independently; each block keeps
//! what happened together in it. There is no trend, no inflation, and no loss of a job that the past does not have.
//!
//! Whole cents and a pinned generator (ChaCha8 of the crate `rand_chacha`, whose values are stable and the same on every
//! machine): the same seed gives the same count on every machine and in every build. A block of 256 paths has a stream of
//! its own, so that blocks can be worked at in any order and beside each other.

mod tables;

use crate::domain::history::History;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use tables::{DAYS, Tables};

/// The weeks that cover the year, the last one cut short.
const WEEKS: usize = DAYS.div_ceil(7);
/// Paths that share a stream of random numbers.
pub(crate) const PATHS_IN_A_BLOCK: u32 = 256;

/// What a person's year is drawn from. All amounts are cents.
#[derive(Debug, Clone)]
pub(crate) struct Simulation {
    available: i64,
    tables: Tables,
}

impl Simulation {
    pub(crate) fn of(history: &History) -> Self {
        Self { available: history.available, tables: Tables::of(history) }
    }

    /// In how many of the first `paths` years of the block (at most all 256) less than nothing was left on some day.
    pub(crate) fn shortfalls(&self, seed: [u8; 32], block: u32, paths: u32) -> u32 {
        let mut random = ChaCha8Rng::from_seed(seed);
        random.set_stream(block.into());
        let mut flows = [0; WEEKS * 7];
        let mut shortfalls = 0;
        for _ in 0..paths.min(PATHS_IN_A_BLOCK) {
            self.draw(&mut random, &mut flows);
            shortfalls += u32::from(lowest(self.available, &flows) < 0);
        }
        shortfalls
    }

    /// First the weeks, then the months: the order is part of what a seed means.
    fn draw(&self, random: &mut ChaCha8Rng, flows: &mut [i64; WEEKS * 7]) {
        for week in flows.as_chunks_mut::<7>().0 {
            *week = self.tables.weeks[chosen(random, self.tables.weeks.len())];
        }
        for month in &self.tables.months {
            let source = chosen(random, self.tables.sources);
            let drawn = &month.flows[source * month.length..][..month.length];
            let days = &mut flows[month.first..][..month.length];
            for (day, flow) in days.iter_mut().zip(drawn) {
                *day += flow;
            }
        }
    }
}

/// The lowest end of a day. Without a branch: a path that has fallen is followed to its end, which is faster than asking.
fn lowest(available: i64, flows: &[i64; WEEKS * 7]) -> i64 {
    let (mut balance, mut lowest) = (available, available);
    for flow in &flows[..DAYS] {
        balance += flow;
        lowest = lowest.min(balance);
    }
    lowest
}

/// One of `count`, by the upper half of a product: a few in four thousand million are drawn once too often.
fn chosen(random: &mut ChaCha8Rng, count: usize) -> usize {
    let product = u64::from(random.next_u32()) * count as u64;
    (product >> 32) as usize
}

#[cfg(test)]
mod tests;
