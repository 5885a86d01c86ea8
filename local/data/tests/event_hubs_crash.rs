//! Event Hubs under load, killed with SIGKILL at random instants: everything acknowledged is there afterwards, in the
//! order in which each sender sent it, and a repeat is all that is there twice. Set `IOMMI_SEED` to repeat a run's choices.

// All of this is a test, what it is made of included.
#![allow(clippy::unwrap_used)]

use std::{
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use local_data::HubEvent;
use rand::{Rng, SeedableRng, rngs::SmallRng};

/// How often the service is killed in a run.
const KILLS: u32 = 6;
/// Clients that send at the same time, each with a key of its own.
const SENDERS: usize = 4;
/// The service is killed this long after it has begun to serve, at random.
const LIFE_MS: std::ops::Range<u64> = 30..250;
const DEADLINE: Duration = Duration::from_secs(30);
const PARTITIONS: u32 = 3;

/// The services in a process of their own.
struct Victim {
    process: Child,
    /// Kept open: the services would fail to write to a closed pipe.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
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
        let url = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("event-hubs ").map(|url| url.trim().to_owned()));
        let url = url.expect("an address or a failure on standard error");
        Self { process, _output: lines, url }
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Already killed, unless a check failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A sender: it goes on to the next number when the last one was acknowledged, as an outbox does.
struct Sender {
    key: String,
    next: u64,
}

impl Sender {
    async fn send_until(&mut self, http: &reqwest::Client, url: &str, ended: &AtomicBool) {
        while !ended.load(Ordering::Relaxed) {
            let sent = http
                .post(format!("{url}account/messages"))
                .bearer_auth("anybody")
                .header("BrokerProperties", format!("{{\"PartitionKey\":\"{}\"}}", self.key))
                .body(self.next.to_string())
                .send()
                .await;
            match sent {
                Ok(answer) if answer.status() == 201 => self.next += 1,
                Ok(answer) => panic!("{}", answer.status()),
                // The service is dead; the number is sent again, kept or not.
                Err(_) => return,
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9_in_its_order() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let seed = std::env::var("IOMMI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    eprintln!("IOMMI_SEED={seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let directory = tempfile::tempdir().unwrap();
    let http = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
    let mut senders: Vec<_> =
        (0..SENDERS).map(|n| Sender { key: format!("account-{n}"), next: 0 }).collect();
    for _ in 0..KILLS {
        let mut victim = Victim::start(directory.path());
        declare(&http, &victim.url).await;
        let ended = AtomicBool::new(false);
        let url = victim.url.clone();
        let sending = senders.iter_mut().map(|sender| sender.send_until(&http, &url, &ended));
        let life = Duration::from_millis(random.random_range(LIFE_MS));
        let killing = async {
            tokio::time::sleep(life).await;
            victim.kill();
            ended.store(true, Ordering::Relaxed);
        };
        tokio::join!(futures::future::join_all(sending), killing);
    }
    let victim = Victim::start(directory.path());
    declare(&http, &victim.url).await;
    let mut partitions = Vec::new();
    for partition in 0..PARTITIONS {
        partitions.push(events(&http, &victim.url, partition).await);
    }
    for sender in &senders {
        let kept = partitions
            .iter()
            .flatten()
            .filter(|event| event.partition_key.as_ref() == Some(&sender.key));
        let mut numbers: Vec<u64> =
            kept.map(|event| std::str::from_utf8(&event.body).unwrap().parse().unwrap()).collect();
        numbers.dedup();
        let unacknowledged = numbers.pop_if(|last| *last == sender.next);
        assert_eq!(
            numbers,
            (0..sender.next).collect::<Vec<_>>(),
            "{} {unacknowledged:?}",
            sender.key
        );
    }
    let sent: u64 = senders.iter().map(|sender| sender.next).sum();
    assert!(sent > 0, "nothing was sent");
}

async fn declare(http: &reqwest::Client, url: &str) {
    let declaration = format!("{{\"partitions\": {PARTITIONS}}}");
    let declared =
        http.put(format!("{url}$local/eventhubs/account")).body(declaration).send().await;
    assert!(declared.unwrap().status().is_success());
}

/// All events of a partition, whose numbers and offsets rise without a gap in the numbers.
async fn events(http: &reqwest::Client, url: &str, partition: u32) -> Vec<HubEvent> {
    let mut events: Vec<HubEvent> = Vec::new();
    loop {
        let url = format!(
            "{url}$local/eventhubs/account/consumergroups/$Default/partitions/{partition}/events\
             ?from=sequence:{}&max=1000",
            events.len()
        );
        let page = http.get(url).send().await.unwrap().bytes().await.unwrap();
        let page = HubEvent::read_all(page).unwrap();
        if page.is_empty() {
            break;
        }
        events.extend(page);
    }
    for (number, event) in (0..).zip(&events) {
        assert_eq!(event.sequence_number, number);
    }
    assert!(events.windows(2).all(|pair| pair[0].offset < pair[1].offset));
    events
}
