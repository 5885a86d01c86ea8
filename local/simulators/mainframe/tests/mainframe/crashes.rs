//! Killed at random instants, nothing that was sent is lost and no record goes back.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use pretty_assertions::assert_eq;
use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

use crate::support::{Account, Console, changed};

const PROFILES: u64 = 20;
const MESSAGES: usize = 600;
const KILLS: u32 = 8;

/// A mainframe in a process of its own, killed when it is dropped.
struct Running(Child);

impl Running {
    fn start(account: &Account, data: &std::path::Path) -> Self {
        let options = account.options();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mainframe"))
            .env("PORT", "0")
            .env("DATA_DIR", data)
            .env("STORAGE__queueServiceUri", options.queue_service)
            .env("STORAGE__blobServiceUri", options.blob_service)
            .env("MAINFRAME_PACE", "messagesPerSecond=null,secondsPerMessage=0,visibilitySeconds=1")
            .env("MAINFRAME_FAULTS", "twice=0.1,takeTwice=0.1,outOfOrder=0.2")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("mainframe http://127.0.0.1:"), "{line}");
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_it_loses_nothing() {
    let seed = std::env::var("IOMMI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    println!("IOMMI_SEED={seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let account = Account::start().await;
    let data = tempfile::tempdir().unwrap();
    let mut newest: BTreeMap<String, u64> = BTreeMap::new();
    for kill in 0..KILLS {
        let running = Running::start(&account, data.path());
        for _ in 0..MESSAGES / KILLS as usize {
            let id = format!("p{}", random.random_range(0..PROFILES));
            let revision = newest.entry(id.clone()).or_default();
            *revision += 1;
            account.send(&changed(&id, *revision)).await;
        }
        let seen = account.count("legacy-inbox").await;
        println!("kill {kill} after {seen} answers");
        drop(running);
        account.services.clock().advance(Duration::from_secs(2));
    }
    finish(&account, data.path(), &newest).await;
}

/// A last mainframe that nobody kills brings everything to its end.
async fn finish(account: &Account, data: &std::path::Path, newest: &BTreeMap<String, u64>) {
    let pace = mainframe::Pace { visibility_seconds: 1, ..mainframe::Pace::unlimited() };
    let options = mainframe::Options { data: Some(data.to_owned()), pace, ..account.options() };
    let mainframe = mainframe::start(options).await.unwrap();
    account.emptied().await;
    let records = Console::of(&mainframe).get("records?limit=1000").await.1;
    let records: BTreeMap<String, u64> = records["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| {
            (record["profileId"].as_str().unwrap().into(), record["revision"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(&records, newest);
    account.services.clock().advance(Duration::from_secs(60));
    let answers =
        account.answers(usize::try_from(account.count("legacy-inbox").await).unwrap()).await;
    for (id, revision) in newest {
        let about = |answer: &&serde_json::Value| answer["subject"] == id.as_str();
        let acknowledged = answers
            .iter()
            .filter(about)
            .filter_map(|answer| answer["data"]["appliedRevision"].as_u64());
        assert_eq!(acknowledged.max(), Some(*revision), "{id} was told of");
    }
    assert_eq!(account.count("legacy-outbox-poison").await, 0);
}
