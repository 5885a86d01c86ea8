//! Cosmos DB under load, killed with SIGKILL at random instants: every acknowledged write is there afterwards,
//! and a reader of the change feed misses nothing. Set `IOMMI_SEED` to repeat a run's choices.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};

/// How often the service is killed in a run.
const KILLS: u32 = 6;
/// Clients that write at the same time, each to items of its own.
const WRITERS: u64 = 4;
const ITEMS_PER_WRITER: u64 = 12;
/// The service is killed this long after it has begun to serve, at random.
const LIFE_MS: std::ops::Range<u64> = 30..250;

/// The service in a process of its own.
struct Victim {
    process: Child,
    /// Kept open: the service would fail to write to a closed pipe.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Victim {
    fn start(directory: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_local-data"))
            .args([
                "--cosmos",
                "0",
                "--blob",
                "0",
                "--queue",
                "0",
                "--event-hubs",
                "0",
                "--amqp",
                "0",
                "--data",
            ])
            .arg(directory)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let line = lines.next().expect("an address or a failure on standard error").expect("text");
        let url = line.strip_prefix("cosmos ").expect("the address of Cosmos DB").to_owned();
        Self { process, _output: lines, url }
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    fn kill(&mut self) {
        self.process.kill().expect("the process was running");
        self.process.wait().expect("the process has ended");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Already killed, unless a check failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What an item may be: its number, or none when it is not there.
type State = Option<u64>;

/// What a writer knows of its items: the state that was acknowledged, and what was under way when it lost the
/// service.
#[derive(Default)]
struct Knowledge {
    acknowledged: BTreeMap<String, State>,
    under_way: Vec<(String, State)>,
}

struct Writer {
    number: u64,
    random: SmallRng,
    http: reqwest::Client,
    last: u64,
    knowledge: Knowledge,
}

impl Writer {
    /// Writes until the service is gone.
    async fn write(&mut self, url: &str) {
        loop {
            let changes = self.choose();
            self.knowledge.under_way.clone_from(&changes);
            let Some(status) = self.send(url, &changes).await else {
                return;
            };
            assert!((200..300).contains(&status), "{changes:?} was answered {status}");
            self.knowledge.acknowledged.extend(changes);
            self.knowledge.under_way.clear();
        }
    }

    /// One item, or now and then several at once.
    fn choose(&mut self) -> Vec<(String, State)> {
        let count = if self.random.random_bool(0.2) { self.random.random_range(2..5) } else { 1 };
        let mut changes = BTreeMap::new();
        for _ in 0..count {
            self.last += 1;
            let id = format!("w{}-{}", self.number, self.random.random_range(0..ITEMS_PER_WRITER));
            let exists = self.knowledge.acknowledged.get(&id).is_some_and(Option::is_some);
            let deletes = exists && self.random.random_bool(0.25);
            changes.insert(id, (!deletes).then_some(self.last));
        }
        changes.into_iter().collect()
    }

    /// The status of the answer, or none when there is none.
    async fn send(&mut self, url: &str, changes: &[(String, State)]) -> Option<u16> {
        let key = format!("[\"w{}\"]", self.number);
        let documents = format!("{url}dbs/db/colls/items/docs");
        let request = match changes {
            [(id, None)] => self.http.delete(format!("{documents}/{id}")),
            [(id, Some(n))] if self.knows(id) && self.random.random_bool(0.3) => {
                let patch = json!([{ "op": "set", "path": "/n", "value": n }]);
                self.http.patch(format!("{documents}/{id}")).body(patch.to_string())
            }
            [(id, Some(n))] if self.knows(id) && self.random.random_bool(0.5) => {
                self.http.put(format!("{documents}/{id}")).body(self.item(id, *n).to_string())
            }
            [(id, Some(n))] => {
                let request = self.http.post(documents).header("x-ms-documentdb-is-upsert", "true");
                request.body(self.item(id, *n).to_string())
            }
            several => {
                let operations = several.iter().map(|(id, state)| match state {
                    Some(n) => {
                        json!({ "operationType": "Upsert", "resourceBody": self.item(id, *n) })
                    }
                    None => json!({ "operationType": "Delete", "id": id }),
                });
                let body = Value::Array(operations.collect()).to_string();
                let request =
                    self.http.post(documents).header("x-ms-cosmos-is-batch-request", "true");
                request.header("x-ms-cosmos-batch-atomic", "true").body(body)
            }
        };
        let answer = request.header("x-ms-documentdb-partitionkey", key).send().await.ok()?;
        let status = answer.status().as_u16();
        // An answer that breaks off in its body was not an acknowledgement.
        answer.bytes().await.ok()?;
        Some(status)
    }

    fn knows(&self, id: &str) -> bool {
        self.knowledge.acknowledged.get(id).is_some_and(Option::is_some)
    }

    fn item(&self, id: &str, n: u64) -> Value {
        json!({ "id": id, "pk": format!("w{}", self.number), "n": n, "filler": "x".repeat(200) })
    }

    /// Holds what is there to what was acknowledged, and takes over how an interrupted write ended.
    fn check(&mut self, found: &BTreeMap<String, u64>, seed: u64) {
        let state = |id: &str| found.get(id).copied();
        let Knowledge { acknowledged, under_way } = &mut self.knowledge;
        let done = !under_way.is_empty() && under_way.iter().all(|(id, after)| state(id) == *after);
        if done {
            acknowledged.extend(under_way.drain(..));
        }
        under_way.clear();
        for (id, expected) in acknowledged {
            assert_eq!(state(id), *expected, "item {id}, seed {seed}");
        }
    }
}

/// Follows the change feed, range by range.
#[derive(Default)]
struct Follower {
    positions: HashMap<u8, String>,
    /// The last number seen of each item.
    seen: BTreeMap<String, u64>,
}

impl Follower {
    /// Reads each range until it is dry or the service is gone.
    async fn follow(&mut self, http: &reqwest::Client, url: &str) {
        for range in 0..4 {
            while let Some(true) = self.poll(http, url, range).await {}
        }
    }

    /// Whether there was anything new; none when there was no answer.
    async fn poll(&mut self, http: &reqwest::Client, url: &str, range: u8) -> Option<bool> {
        let mut request = http
            .get(format!("{url}dbs/db/colls/items/docs"))
            .header("a-im", "Incremental Feed")
            .header("x-ms-max-item-count", "5")
            .header("x-ms-documentdb-partitionkeyrangeid", range.to_string());
        if let Some(position) = self.positions.get(&range) {
            request = request.header("if-none-match", position);
        }
        let answer = request.send().await.ok()?;
        let etag =
            answer.headers().get("etag").expect("a position").to_str().expect("ASCII").to_owned();
        let changed = answer.status() == 200;
        let body = answer.bytes().await.ok()?;
        if changed {
            for (id, n) in items(&body) {
                self.seen.insert(id, n);
            }
        }
        self.positions.insert(range, etag);
        Some(changed)
    }
}

fn items(body: &[u8]) -> Vec<(String, u64)> {
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let documents = body["Documents"].as_array().expect("documents");
    let item = |item: &Value| {
        (item["id"].as_str().expect("an id").to_owned(), item["n"].as_u64().expect("a number"))
    };
    documents.iter().map(item).collect()
}

async fn all_items(http: &reqwest::Client, url: &str) -> BTreeMap<String, u64> {
    let all = http.get(format!("{url}dbs/db/colls/items/docs")).header("x-ms-max-item-count", "-1");
    let answer = all.send().await.expect("the service answers");
    items(&answer.bytes().await.expect("a body")).into_iter().collect()
}

async fn define(http: &reqwest::Client, url: &str) {
    let container = json!({ "id": "items", "partitionKey": { "paths": ["/pk"], "kind": "Hash", "version": 2 } });
    for (path, body) in [("dbs", json!({ "id": "db" })), ("dbs/db/colls", container)] {
        let answer = http
            .post(format!("{url}{path}"))
            .body(body.to_string())
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 201);
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_no_change_is_missed() {
    let seed = std::env::var("IOMMI_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random);
    println!("IOMMI_SEED={seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let directory = tempfile::tempdir().expect("a directory");
    let http = || {
        // The HTTP client asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client")
    };
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|number| {
            let random = SmallRng::seed_from_u64(random.random());
            Writer {
                number,
                random,
                http: http(),
                last: number * 1_000_000,
                knowledge: Knowledge::default(),
            }
        })
        .collect();
    let follower = Arc::new(tokio::sync::Mutex::new(Follower::default()));
    let mut victim = Victim::start(directory.path());
    define(&http(), &victim.url).await;
    let written = Arc::new(Mutex::new(0));

    for _ in 0..KILLS {
        let life = Duration::from_millis(random.random_range(LIFE_MS));
        let url = victim.url.clone();
        let mut tasks = tokio::task::JoinSet::new();
        for mut writer in writers.drain(..) {
            let (url, written) = (url.clone(), Arc::clone(&written));
            tasks.spawn(async move {
                let before = writer.last;
                writer.write(&url).await;
                *written.lock().expect("no panic") += writer.last - before;
                Some(writer)
            });
        }
        let (following, follower_http) = (Arc::clone(&follower), http());
        tasks.spawn(async move {
            let mut follower = following.lock().await;
            while follower.poll(&follower_http, &url, 0).await.is_some() {
                follower.follow(&follower_http, &url).await;
            }
            None
        });
        // The instant is the point of the test: any one must do.
        tokio::time::sleep(life).await;
        victim.kill();
        while let Some(ended) = tasks.join_next().await {
            writers.extend(ended.expect("a task ends well"));
        }
        victim = Victim::start(directory.path());
        let found = all_items(&http(), &victim.url).await;
        for writer in &mut writers {
            writer.check(&found, seed);
        }
    }

    let mut follower = follower.lock().await;
    follower.follow(&http(), &victim.url).await;
    let found = all_items(&http(), &victim.url).await;
    for (id, n) in &found {
        assert_eq!(
            follower.seen.get(id),
            Some(n),
            "the last change of {id} was not seen, seed {seed}"
        );
    }
    let written = *written.lock().expect("no panic");
    assert!(written > 100, "only {written} writes were tried in {KILLS} lives");
    println!("{written} writes, {} items at the end", found.len());
}
