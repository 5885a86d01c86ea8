//! What goes wrong, drawn from the seed: who is killed when, which faults are on in between.

use crate::{
    parts::Kind,
    platform::{Addresses, Platform},
    sizes::Sizes,
};
use rand::{Rng, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::sleep;

/// How long the platform lives between two deaths, and how long the dead are away, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 20..900;
const AWAY_MS: std::ops::Range<u64> = 0..300;
/// What services do wrong, one at a time.
const SERVICE_FAULTS: [&str; 11] = [
    "cosmos=fail:chance:0.1",
    "cosmos=unavailable:chance:0.2",
    "cosmos=throttle:200ms:chance:0.2",
    "cosmos=stop:chance:0.1",
    "queue=fail:chance:0.2",
    "queue=stop:chance:0.2",
    "queue=unavailable",
    "blob=fail",
    "blob=stop",
    "blob=unavailable:chance:0.5",
    "queue=delay:100ms:chance:0.3",
];
const MESSAGE_FAULTS: [&str; 3] =
    ["messages=duplicate:10", "messages=delay:150ms", "messages=duplicate:50"];
const MAINFRAME_FAULTS: [&str; 6] = ["busy", "twice", "late", "never", "outOfOrder", "takeTwice"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Legacy,
    Profiles,
    Host,
    Data,
    Mainframe,
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
        self.change_faults(platform).await;
        // The instants are the point of the test: any must do.
        sleep(Duration::from_millis(self.random.random_range(LIFE_MS))).await;
        let mut victims: Vec<Victim> = (0..self.how_many()).map(|_| self.victim()).collect();
        victims.sort_unstable();
        victims.dedup();
        for victim in &victims {
            if kill(platform, *victim).await {
                *self.killed.entry(*victim).or_default() += 1;
            }
        }
        sleep(Duration::from_millis(self.random.random_range(AWAY_MS))).await;
        if victims.contains(&Victim::Host) {
            // It creates what the apps own when it starts, and does not start if it cannot.
            platform.mend();
        }
        let parts = [Kind::Data, Kind::Host, Kind::Mainframe];
        for kind in parts.into_iter().filter(|kind| victims.iter().any(|v| v.kind() == Some(*kind)))
        {
            platform.restart(kind).await;
        }
    }

    /// No fault is on any more.
    pub(crate) async fn end(&mut self, platform: &mut Platform) {
        platform.mend();
        let addresses = platform.addresses().clone();
        let url = format!("{}/admin/faults", addresses.gateway);
        addresses
            .insist("ending faults", |_| false, || addresses.json(Method::DELETE, &url, &json!({})))
            .await;
        self.mainframe_faults(&addresses, &json!({})).await;
    }

    fn how_many(&mut self) -> u32 {
        match self.random.random_range(0..10) {
            0..7 => 1,
            7..9 => 2,
            _ => 4,
        }
    }

    fn victim(&mut self) -> Victim {
        match self.random.random_range(0..100) {
            0..35 => Victim::Legacy,
            35..45 => Victim::Profiles,
            45..65 => Victim::Host,
            65..85 => Victim::Data,
            _ => Victim::Mainframe,
        }
    }

    async fn change_faults(&mut self, platform: &mut Platform) {
        let addresses = platform.addresses().clone();
        match self.random.random_range(0..100) {
            0..25 => {
                platform.mend();
                platform.spoil(SERVICE_FAULTS.choose(&mut self.random).unwrap());
            }
            25..40 => platform.mend(),
            40..50 => {
                let fault = MESSAGE_FAULTS.choose(&mut self.random).unwrap();
                let url = format!("{}/admin/faults", addresses.gateway);
                addresses.send(addresses.json(Method::POST, &url, &json!({"fault": fault}))).await;
            }
            50..70 => {
                let faults = self.some_mainframe_faults();
                self.mainframe_faults(&addresses, &faults).await;
            }
            70..85 => reconcile(&addresses).await,
            85..86 => {
                let url = format!("{}/ops/v1/legacy/resend", addresses.gateway);
                addresses
                    .send(addresses.json(Method::POST, &url, &json!({"everything": true})))
                    .await;
            }
            _ => {}
        }
    }

    fn some_mainframe_faults(&mut self) -> Value {
        let mut faults = json!({"lateSeconds": 2});
        for name in MAINFRAME_FAULTS {
            if self.random.random_bool(0.5) {
                faults[name] = json!(0.2);
            }
        }
        if self.random.random_bool(0.3) {
            faults["refuse"] = json!(["MF-1043", "MF-1044"]);
        }
        faults
    }

    async fn mainframe_faults(&self, addresses: &Addresses, faults: &Value) {
        let url = format!("{}/faults", addresses.mainframe);
        let put = || addresses.json(Method::PUT, &url, faults);
        let answer = addresses.insist("faults of the mainframe", |_| false, put).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

impl Victim {
    /// The process; handlers are the host's.
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Legacy | Self::Profiles => None,
            Self::Host => Some(Kind::Host),
            Self::Data => Some(Kind::Data),
            Self::Mainframe => Some(Kind::Mainframe),
        }
    }
}

/// False if there was nothing to kill.
async fn kill(platform: &mut Platform, victim: Victim) -> bool {
    if let Some(kind) = victim.kind() {
        platform.kill(kind);
        return true;
    }
    let addresses = platform.addresses();
    let app = if victim == Victim::Legacy { "legacy" } else { "profiles" };
    let url = format!("{}/admin/apps/{app}/kill", addresses.gateway);
    let killed = addresses.send(addresses.json(Method::POST, &url, &json!({}))).await;
    killed.is_some_and(|answer| answer.status == 200)
}

/// What the timer does each minute, now.
pub(crate) async fn reconcile(addresses: &Addresses) {
    let url = format!("{}/admin/functions/legacy/reconcile", addresses.gateway);
    addresses.send(addresses.json(Method::POST, &url, &json!({}))).await;
}
