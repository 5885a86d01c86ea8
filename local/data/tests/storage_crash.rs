//! Blob and Queue Storage under load, killed with SIGKILL at random instants: everything acknowledged is there
//! afterwards, and nothing that was deleted comes back. Set `IOMMI_SEED` to repeat a run's choices.

// All of this is a test, what it is made of included.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use local_data::account_sas;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use reqwest::{Method, RequestBuilder};

/// How often the services are killed in a run.
const KILLS: u32 = 6;
/// Clients that write at the same time, each to blobs and a queue of its own.
const WRITERS: u64 = 4;
const BLOBS_PER_WRITER: u64 = 8;
/// The services are killed this long after they have begun to serve, at random.
const LIFE_MS: std::ops::Range<u64> = 30..250;
/// Hidden messages come back after a second; whoever waits longer has lost one.
const DEADLINE: Duration = Duration::from_secs(30);

/// The services in a process of their own.
struct Victim {
    process: Child,
    /// Kept open: the services would fail to write to a closed pipe.
    _output: Lines<BufReader<ChildStdout>>,
    endpoints: Endpoints,
}

/// Where they are reached.
#[derive(Clone)]
struct Endpoints {
    blob: String,
    queue: String,
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
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut address = |service: &str| {
            let line = lines.next().expect("an address or a failure on standard error").unwrap();
            line.strip_prefix(service).expect(service).trim().to_owned()
        };
        let (_, blob, queue) = (address("cosmos"), address("blob"), address("queue"));
        Self { process, _output: lines, endpoints: Endpoints { blob, queue } }
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

/// What was asked for when the services went away: it may have happened or not.
#[derive(Clone, Debug)]
enum UnderWay {
    Nothing,
    Blob { name: String, content: Option<u64> },
    Send { text: String },
    Delete { text: String },
}

struct Writer {
    number: u64,
    random: SmallRng,
    http: reqwest::Client,
    sas: String,
    last: u64,
    /// The number that each blob's content repeats, or none when it is not there.
    blobs: BTreeMap<String, Option<u64>>,
    messages: BTreeSet<String>,
    under_way: UnderWay,
}

/// A blob's content: its number, often enough to be one chunk or several.
fn content(number: u64) -> String {
    let times = if number.is_multiple_of(7) { 200_000 } else { 50 };
    format!("{number:>8}").repeat(times)
}

impl Writer {
    fn new(number: u64, seed: u64) -> Self {
        // The HTTP client asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            number,
            random: SmallRng::seed_from_u64(seed ^ number),
            http: reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap(),
            sas: account_sas("2099-01-01T00:00:00Z".parse().unwrap()),
            last: 0,
            blobs: BTreeMap::new(),
            messages: BTreeSet::new(),
            under_way: UnderWay::Nothing,
        }
    }

    fn request(&self, method: Method, endpoint: &str, path: &str) -> RequestBuilder {
        let separator = if path.contains('?') { '&' } else { '?' };
        self.http.request(method, format!("{endpoint}/{path}{separator}{}", self.sas))
    }

    /// Writes until the services are gone.
    async fn write(&mut self, at: &Endpoints) {
        loop {
            self.under_way = UnderWay::Nothing;
            let done = match self.random.random_range(0..6) {
                0 => self.put(at).await,
                1 => self.put_in_blocks(at).await,
                2 => self.delete_blob(at).await,
                3 | 4 => self.send(at).await,
                _ => self.receive(at).await,
            };
            if done.is_none() {
                return;
            }
        }
    }

    fn choose_blob(&mut self) -> String {
        format!("w{}-{}", self.number, self.random.random_range(0..BLOBS_PER_WRITER))
    }

    async fn put(&mut self, at: &Endpoints) -> Option<()> {
        let name = self.choose_blob();
        self.last += 1;
        self.under_way = UnderWay::Blob { name: name.clone(), content: Some(self.last) };
        let request = self.request(Method::PUT, &at.blob, &format!("blobs/{name}"));
        acknowledged(request.header("x-ms-blob-type", "BlockBlob").body(content(self.last)), 201)
            .await?;
        self.blobs.insert(name, Some(self.last));
        Some(())
    }

    async fn put_in_blocks(&mut self, at: &Endpoints) -> Option<()> {
        let name = self.choose_blob();
        self.last += 1;
        let (bytes, mut list) = (content(self.last).into_bytes(), String::new());
        // Staging changes nothing that is read.
        for (n, part) in bytes.chunks(bytes.len().div_ceil(3)).enumerate() {
            let id = format!("{:04}", self.last * 10 + n as u64);
            let id = &id[id.len() - 4..];
            let path = format!("blobs/{name}?comp=block&blockid={id}");
            acknowledged(self.request(Method::PUT, &at.blob, &path).body(part.to_vec()), 201)
                .await?;
            list.push_str(&format!("<Latest>{id}</Latest>"));
        }
        self.under_way = UnderWay::Blob { name: name.clone(), content: Some(self.last) };
        let request = self.request(Method::PUT, &at.blob, &format!("blobs/{name}?comp=blocklist"));
        acknowledged(request.body(format!("<BlockList>{list}</BlockList>")), 201).await?;
        self.blobs.insert(name, Some(self.last));
        Some(())
    }

    async fn delete_blob(&mut self, at: &Endpoints) -> Option<()> {
        let name = self.choose_blob();
        if self.blobs.get(&name).is_none_or(Option::is_none) {
            return Some(());
        }
        self.under_way = UnderWay::Blob { name: name.clone(), content: None };
        acknowledged(self.request(Method::DELETE, &at.blob, &format!("blobs/{name}")), 202).await?;
        self.blobs.insert(name, None);
        Some(())
    }

    async fn send(&mut self, at: &Endpoints) -> Option<()> {
        self.last += 1;
        let text = format!("message {}", self.last);
        self.under_way = UnderWay::Send { text: text.clone() };
        let request =
            self.request(Method::POST, &at.queue, &format!("queue-{}/messages", self.number));
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        acknowledged(request.body(body), 201).await?;
        self.messages.insert(text);
        Some(())
    }

    /// Takes one message and deletes it.
    async fn receive(&mut self, at: &Endpoints) -> Option<()> {
        let path = format!("queue-{}/messages?visibilitytimeout=1", self.number);
        let got = acknowledged(self.request(Method::GET, &at.queue, &path), 200).await?;
        let Some(message) = messages(&got).pop() else { return Some(()) };
        self.under_way = UnderWay::Delete { text: message.text.clone() };
        acknowledged(self.request(Method::DELETE, &at.queue, &self.path(&message)), 204).await?;
        self.messages.remove(&message.text);
        Some(())
    }

    fn path(&self, message: &Message) -> String {
        let receipt = message.receipt.replace('+', "%2B");
        format!("queue-{}/messages/{}?popreceipt={receipt}", self.number, message.id)
    }

    /// Everything acknowledged is there, nothing else but what was under way. What is there is taken up as known.
    async fn verify(&mut self, at: &Endpoints) {
        for n in 0..BLOBS_PER_WRITER {
            let name = format!("w{}-{n}", self.number);
            let response =
                self.request(Method::GET, &at.blob, &format!("blobs/{name}")).send().await.unwrap();
            let found = match response.status().as_u16() {
                404 => None,
                _ => {
                    let text = response.text().await.unwrap();
                    let number = text[..8].trim().parse().unwrap();
                    assert!(text == content(number), "{name} is torn");
                    Some(number)
                }
            };
            let known = self.blobs.get(&name).copied().flatten();
            let possible = matches!(&self.under_way, UnderWay::Blob { name: other, content } if *other == name && *content == found);
            assert!(
                found == known || possible,
                "{name}: {found:?} instead of {known:?}; {:?}",
                self.under_way
            );
            self.blobs.insert(name, found);
        }
        self.verify_messages(at).await;
        self.under_way = UnderWay::Nothing;
    }

    /// Takes every message out of the queue, waiting for those that are hidden.
    async fn verify_messages(&mut self, at: &Endpoints) {
        let mut found = BTreeSet::new();
        let started = Instant::now();
        loop {
            let path =
                format!("queue-{}/messages?numofmessages=32&visibilitytimeout=60", self.number);
            let got = acknowledged(self.request(Method::GET, &at.queue, &path), 200).await.unwrap();
            for message in messages(&got) {
                acknowledged(self.request(Method::DELETE, &at.queue, &self.path(&message)), 204)
                    .await
                    .unwrap();
                assert!(found.insert(message.text.clone()), "{} is there twice", message.text);
            }
            let path = format!("queue-{}?comp=metadata", self.number);
            let described = self.request(Method::GET, &at.queue, &path).send().await.unwrap();
            if described.headers()["x-ms-approximate-messages-count"] == "0" {
                break;
            }
            assert!(started.elapsed() < DEADLINE, "messages stay hidden");
            tokio::task::yield_now().await;
        }
        let lost: Vec<_> = self.messages.difference(&found).collect();
        let risen: Vec<_> = found.difference(&self.messages).collect();
        let may_be_lost = |text: &String| matches!(&self.under_way, UnderWay::Delete { text: other } if other == text);
        let may_be_there = |text: &String| matches!(&self.under_way, UnderWay::Send { text: other } if other == text);
        assert!(lost.iter().all(|text| may_be_lost(text)), "lost: {lost:?}; {:?}", self.under_way);
        assert!(
            risen.iter().all(|text| may_be_there(text)),
            "not sent: {risen:?}; {:?}",
            self.under_way
        );
        self.messages.clear();
    }
}

struct Message {
    id: String,
    receipt: String,
    text: String,
}

fn messages(answer: &str) -> Vec<Message> {
    let element = |part: &str, name: &str| {
        let (_, rest) = part.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let parts = answer.split("<QueueMessage>").skip(1);
    parts
        .map(|part| Message {
            id: element(part, "MessageId"),
            receipt: element(part, "PopReceipt"),
            text: element(part, "MessageText"),
        })
        .collect()
}

/// The body of the answer, or none when there was no answer. Any other answer is a failure of the test.
async fn acknowledged(request: RequestBuilder, expected: u16) -> Option<String> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    // An answer that breaks off in its body was not an acknowledgement.
    let body = response.text().await.ok()?;
    assert_eq!(status, expected, "{body}");
    Some(body)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_being_killed() {
    let seed = std::env::var("IOMMI_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random);
    println!("IOMMI_SEED={seed}");
    let directory = tempfile::tempdir().unwrap();
    let mut random = SmallRng::seed_from_u64(seed);
    let mut writers: Vec<Writer> = (0..WRITERS).map(|number| Writer::new(number, seed)).collect();
    let mut victim = Victim::start(directory.path());
    let first = &writers[0];
    acknowledged(
        first.request(Method::PUT, &victim.endpoints.blob, "blobs?restype=container"),
        201,
    )
    .await
    .unwrap();
    for writer in &writers {
        let path = format!("queue-{}", writer.number);
        acknowledged(writer.request(Method::PUT, &victim.endpoints.queue, &path), 201)
            .await
            .unwrap();
    }
    for _ in 0..KILLS {
        let life = Duration::from_millis(random.random_range(LIFE_MS));
        let at = victim.endpoints.clone();
        let writing = futures::future::join_all(writers.iter_mut().map(|writer| writer.write(&at)));
        let mut writing = Box::pin(writing);
        // The instant of death is the point of this test; nothing waits for it.
        assert!(
            tokio::time::timeout(life, writing.as_mut()).await.is_err(),
            "the services ended by themselves"
        );
        victim.kill();
        writing.await;
        victim = Victim::start(directory.path());
        for writer in &mut writers {
            writer.verify(&victim.endpoints).await;
        }
    }
    let written: u64 = writers.iter().map(|writer| writer.last).sum();
    assert!(written > 0, "nobody wrote anything");
}
