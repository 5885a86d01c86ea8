//! Capture under load, killed with SIGKILL at random instants: afterwards every event that was kept lies in exactly one
//! file, in its order. Set `IOMMI_SEED` to repeat a run's choices.

// All of this is a test, what it is made of included.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use apache_avro::{Reader, types::Value};
use local_data::account_sas;
use rand::{Rng, SeedableRng, rngs::SmallRng};

/// How often the service is killed in a run.
const KILLS: u32 = 16;
/// The service is killed when the next file is being written this long after it has begun to serve, or so much later, at
/// random. What lies between a blob and the note that it is written is too short to be met: tests of `event_hubs/capturing.rs`
/// hold it open.
const LIFE_MS: std::ops::Range<u64> = 100..500;
const LATER_US: std::ops::Range<u64> = 0..2_000;
const DEADLINE: Duration = Duration::from_secs(60);
const PARTITIONS: u32 = 2;

/// The services in a process of their own.
struct Victim {
    process: Child,
    /// Kept open: the services would fail to write to a closed pipe.
    _output: Lines<BufReader<ChildStdout>>,
    hubs: String,
    blobs: String,
}

impl Victim {
    fn start(directory: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_local-data"))
            .args(["--cosmos", "0", "--blob", "0", "--queue", "0", "--event-hubs", "0"])
            .args(["--amqp", "0", "--data"])
            .arg(directory)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut address = |service: &str| {
            let mut said = lines.by_ref().map(Result::unwrap);
            let url = said.find_map(|line| Some(line.strip_prefix(service)?.trim().to_owned()));
            url.expect("an address or a failure on standard error")
        };
        let (blobs, hubs) = (address("blob "), address("event-hubs "));
        Self { process, _output: lines, hubs, blobs }
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn blob(&self, path: &str) -> String {
        let separator = if path.contains('?') { '&' } else { '?' };
        let sas = account_sas("2099-01-01T00:00:00Z".parse().unwrap());
        format!("{}/{path}{separator}{sas}", self.blobs)
    }

    /// The container, and a hub that fills a file with a few events.
    async fn declare(&self, http: &reqwest::Client) {
        let made = http.put(self.blob("captured?restype=container")).send().await.unwrap();
        assert!([201, 409].contains(&made.status().as_u16()));
        let capture = r#"{"container": "captured", "seconds": 1, "bytes": 16384}"#;
        let declaration = format!("{{\"partitions\": {PARTITIONS}, \"capture\": {capture}}}");
        let url = format!("{}$local/eventhubs/account", self.hubs);
        assert!(http.put(url).body(declaration).send().await.unwrap().status().is_success());
    }

    /// For each partition: how many events it has taken, and how many of them are captured.
    async fn progress(&self, http: &reqwest::Client) -> Vec<(i64, i64)> {
        let url = format!("{}$local/eventhubs/account", self.hubs);
        let told = http.get(url).send().await.unwrap().text().await.unwrap();
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let number = |value: &serde_json::Value| value.as_i64().unwrap();
        let partitions = told["partitions"].as_array().unwrap().iter();
        partitions
            .map(|one| (number(&one["lastSequenceNumber"]) + 1, number(&one["nextToCapture"])))
            .collect()
    }

    /// The numbers of the events in all files, by partition and in the order of the files' names.
    async fn captured(&self, http: &reqwest::Client) -> (BTreeMap<u32, Vec<i64>>, usize) {
        let list = http.get(self.blob("captured?restype=container&comp=list")).send().await;
        let list = list.unwrap().text().await.unwrap();
        let mut numbers: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        let mut files = 0;
        for name in list.split("<Name>").skip(1).map(|rest| rest.split_once('<').unwrap().0) {
            let file = http.get(self.blob(&format!("captured/{name}"))).send().await.unwrap();
            let partition = name.split('/').nth(2).unwrap().parse().unwrap();
            let file = file.bytes().await.unwrap();
            for event in Reader::new(&file[..]).unwrap() {
                let Value::Record(fields) = event.unwrap() else { panic!("{name}") };
                let Value::Long(number) = fields[0].1 else { panic!("{name}") };
                numbers.entry(partition).or_default().push(number);
            }
            files += 1;
        }
        (numbers, files)
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Already killed, unless a check failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn send_until(http: &reqwest::Client, hubs: &str, ended: &AtomicBool) {
    while !ended.load(Ordering::Relaxed) {
        let url = format!("{hubs}account/messages");
        let sent = http.post(url).bearer_auth("anybody").body("x".repeat(300)).send().await;
        match sent {
            Ok(answer) => assert_eq!(answer.status(), 201),
            Err(_) => return,
        }
    }
}

/// Waits until the bytes of one more blob are in the data directory.
async fn next_file(directory: &Path) {
    let count = || {
        let folders = std::fs::read_dir(directory.join("blobs")).unwrap().map(Result::unwrap);
        folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum::<usize>()
    };
    let (before, deadline) = (count(), Instant::now() + DEADLINE);
    while count() == before {
        assert!(Instant::now() < deadline, "no file is written");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_lies_in_one_file_wherever_capture_was_killed() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let seed = std::env::var("IOMMI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    eprintln!("IOMMI_SEED={seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let directory = tempfile::tempdir().unwrap();
    let http = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
    for _ in 0..KILLS {
        let mut victim = Victim::start(directory.path());
        victim.declare(&http).await;
        let ended = AtomicBool::new(false);
        let hubs = victim.hubs.clone();
        let life = Duration::from_millis(random.random_range(LIFE_MS));
        let later = Duration::from_micros(random.random_range(LATER_US));
        let killing = async {
            tokio::time::sleep(life).await;
            next_file(directory.path()).await;
            tokio::time::sleep(later).await;
            victim.kill();
            ended.store(true, Ordering::Relaxed);
        };
        tokio::join!(send_until(&http, &hubs, &ended), killing);
    }
    let victim = Victim::start(directory.path());
    victim.declare(&http).await;
    let deadline = Instant::now() + DEADLINE;
    let mut progress = victim.progress(&http).await;
    while progress.iter().any(|(taken, captured)| captured < taken) {
        assert!(Instant::now() < deadline, "{progress:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        progress = victim.progress(&http).await;
    }
    let (numbers, files) = victim.captured(&http).await;
    for (partition, (taken, _)) in (0..).zip(progress) {
        assert!(taken > 0, "nothing was sent");
        assert_eq!(numbers[&partition], (0..taken).collect::<Vec<_>>(), "partition {partition}");
    }
    assert!(files > 2, "files were written while it was killed: {files}");
}
