//! What goes wrong, drawn from the seed: who is killed when, which faults are on in between.

use crate::{parts::Kind, platform::Platform, sizes::Sizes};
use rand::{Rng, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::sleep;

/// How long the platform lives between two deaths, and how long the dead are away, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 20..900;
const AWAY_MS: std::ops::Range<u64> = 0..300;
/// What services do wrong, one at a time.
const SERVICE_FAULTS: [&str; 7] = [
    "cosmos=fail:chance:0.1",
    "cosmos=lose:chance:0.1:writes",
    "cosmos=unavailable:chance:0.2",
    "cosmos=throttle:200ms:chance:0.2",
    "cosmos=stop:chance:0.1",
    "cosmos=delay:1500ms:chance:0.05",
    "cosmos=delay:100ms:chance:0.3",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Handler,
    Host,
    Data,
    Network,
}

pub(crate) struct Chaos {
    random: SmallRng,
    killed: BTreeMap<Victim, u32>,
}

impl Chaos {
    pub(crate) fn new(sizes: &Sizes) -> Self {
        Self { random: SmallRng::seed_from_u64(!sizes.seed), killed: BTreeMap::new() }
    }

    pub(crate) fn kills(&self) -> u32 {
        self.killed.values().sum()
    }

    pub(crate) fn summary(&self) -> String {
        let each = self.killed.iter().map(|(victim, count)| format!("{count} {victim:?}"));
        each.collect::<Vec<_>>().join(", ").to_lowercase()
    }

    /// Some faults, some deaths, and the dead come back.
    pub(crate) async fn step(&mut self, platform: &mut Platform) {
        self.change_faults(platform);
        // The instants are the point of the test: any must do.
        sleep(Duration::from_millis(self.random.random_range(LIFE_MS))).await;
        let count = if self.random.random_bool(0.2) { 2 } else { 1 };
        let mut victims: Vec<Victim> = (0..count).map(|_| self.victim()).collect();
        victims.sort_unstable();
        victims.dedup();
        for victim in &victims {
            if kill(platform, *victim).await {
                *self.killed.entry(*victim).or_default() += 1;
            }
        }
        sleep(Duration::from_millis(self.random.random_range(AWAY_MS))).await;
        if victims.contains(&Victim::Host) {
            // It creates what the app owns when it starts, and does not start if it cannot.
            platform.mend();
        }
        let parts = [Kind::Data, Kind::Host, Kind::Network];
        for kind in parts.into_iter().filter(|kind| victims.iter().any(|v| v.kind() == Some(*kind)))
        {
            platform.restart(kind).await;
        }
    }

    /// No fault is on any more.
    pub(crate) async fn end(&mut self, platform: &mut Platform) {
        platform.mend();
        let answer = platform.addresses().network(Method::PUT, "faults", &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    fn victim(&mut self) -> Victim {
        match self.random.random_range(0..100) {
            0..40 => Victim::Handler,
            40..60 => Victim::Host,
            60..80 => Victim::Data,
            _ => Victim::Network,
        }
    }

    fn change_faults(&mut self, platform: &mut Platform) {
        match self.random.random_range(0..100) {
            0..40 => {
                platform.mend();
                platform.spoil(SERVICE_FAULTS.choose(&mut self.random).unwrap());
            }
            40..60 => platform.mend(),
            _ => {}
        }
    }
}

impl Victim {
    /// The process; the handler is the host's.
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Handler => None,
            Self::Host => Some(Kind::Host),
            Self::Data => Some(Kind::Data),
            Self::Network => Some(Kind::Network),
        }
    }
}

/// False if there was nothing to kill.
async fn kill(platform: &mut Platform, victim: Victim) -> bool {
    if let Some(kind) = victim.kind() {
        platform.kill(kind);
        return true;
    }
    platform.addresses().admin("apps/accounts/kill").await
}
