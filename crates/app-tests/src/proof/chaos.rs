//! What goes wrong, drawn from the seed: who is killed when, which faults are on in between.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use super::layout::HOST;
use super::platform::Platform;

/// How long the platform lives between two deaths, and how long the dead are away, in milliseconds.
const LIFE_MS: Range<u64> = 20..900;
const AWAY_MS: Range<u64> = 0..300;

/// What data services and the host do wrong, for an app that uses all of them.
pub const SERVICE_FAULTS: [&str; 15] = [
    "cosmos=fail:chance:0.1",
    "cosmos=lose:chance:0.1:writes",
    "cosmos=unavailable:chance:0.2",
    "cosmos=throttle:200ms:chance:0.2",
    "cosmos=stop:chance:0.1",
    "cosmos=delay:100ms:chance:0.3",
    "queue=fail:chance:0.2",
    "queue=lose:chance:0.2:writes",
    "queue=stop:chance:0.2",
    "blob=fail:chance:0.3",
    "blob=lose:chance:0.2:writes",
    "blob=unavailable:chance:0.5",
    "messages=duplicate:10",
    "messages=duplicate:50",
    "messages=delay:150ms",
];

/// What may go wrong, and how often.
#[derive(Clone, Copy, Debug)]
pub struct Odds {
    /// Who is killed, each with its weight: an app by its name, [`super::DATA`], [`HOST`], a simulator by its name. Of those
    /// who die together the first is killed first; apps stand before the host that does it.
    pub victims: &'static [(&'static str, u32)],
    /// How many die at the same time, each number with its weight.
    pub at_once: &'static [(usize, u32)],
    /// What services and the host do wrong, of the services one at a time.
    pub faults: &'static [&'static str],
    /// How likely a fault begins before a death, from 0 to 1.
    pub spoiled: f64,
    /// How likely the services' fault ends before a death.
    pub mended: f64,
}

/// Kills and faults of one run.
#[derive(Debug)]
pub struct Chaos {
    odds: Odds,
    random: SmallRng,
    killed: BTreeMap<&'static str, u32>,
}

impl Chaos {
    /// The choices are those of the seed; the instants are the machine's.
    #[must_use]
    pub fn new(odds: Odds, seed: u64) -> Self {
        Self { odds, random: SmallRng::seed_from_u64(!seed), killed: BTreeMap::new() }
    }

    /// Where an app's own mischief draws from.
    pub fn random(&mut self) -> &mut SmallRng {
        &mut self.random
    }

    /// Processes that were killed so far.
    #[must_use]
    pub fn kills(&self) -> u32 {
        self.killed.values().sum()
    }

    /// `12 kills (7 legacy, 5 host)`
    #[must_use]
    pub fn summary(&self) -> String {
        let each = self.killed.iter().map(|(victim, count)| format!("{count} {victim}"));
        format!("{} kills ({})", self.kills(), each.collect::<Vec<_>>().join(", "))
    }

    /// Some faults, some deaths, and the dead come back.
    pub async fn step(&mut self, platform: &mut Platform) {
        self.change_faults(platform).await;
        // The instants are the point of the test: any must do.
        sleep(Duration::from_millis(self.random.random_range(LIFE_MS))).await;
        let victims = self.victims();
        for victim in &victims {
            if platform.kill(victim).await {
                *self.killed.entry(victim).or_default() += 1;
            }
        }
        sleep(Duration::from_millis(self.random.random_range(AWAY_MS))).await;
        if victims.contains(&HOST) {
            // It creates what the apps own when it starts, and does not start if it cannot.
            platform.mend();
        }
        platform.revive().await;
    }

    /// No fault is on any more.
    pub async fn end(&self, platform: &Platform) {
        platform.mend_all().await;
    }

    async fn change_faults(&mut self, platform: &Platform) {
        let Odds { faults, spoiled, mended, .. } = self.odds;
        let drawn: f64 = self.random.random();
        if drawn < spoiled {
            platform.spoil(faults.choose(&mut self.random).unwrap()).await;
        } else if drawn < spoiled + mended {
            platform.mend();
        }
    }

    /// In the order of the odds, each once.
    fn victims(&mut self) -> Vec<&'static str> {
        let Odds { victims, at_once, .. } = self.odds;
        let (count, _) = at_once.choose_weighted(&mut self.random, |(_, weight)| *weight).unwrap();
        let mut drawn = Vec::new();
        for _ in 0..*count {
            drawn.push(victims.choose_weighted(&mut self.random, |(_, weight)| *weight).unwrap().0);
        }
        let names = victims.iter().map(|(name, _)| *name);
        names.filter(|name| drawn.contains(name)).collect()
    }
}
