//! The running platform: its processes, and how they are reached.

use crate::parts::{Kind, Part, Ports, Setup};
use app_tests::this_app;
use rand::Rng;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The longest that anything may take on a machine that does much else.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
/// The longest wait for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// Between two looks.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Ports that the system gives to nobody by itself: they must stay free while a process is dead.
const FIXED_PORTS: std::ops::Range<u16> = 20_000..32_000;
/// The queues of the apps that are not here.
const FOREIGN_QUEUES: [&str; 4] =
    ["photo-erasures", "accounts-erasures", "photo-decisions", "photo-decisions-poison"];

pub(crate) struct Platform {
    setup: Setup,
    data: Part,
    host: Part,
    mainframe: Part,
    addresses: Addresses,
    folder: TempDir,
}

/// How the platform is reached; processes come and go, addresses stay.
#[derive(Clone)]
pub(crate) struct Addresses {
    http: reqwest::Client,
    pub(crate) gateway: String,
    pub(crate) mainframe: String,
    cosmos: String,
    queue: String,
    blob: String,
    signature: String,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) continuation: Option<String>,
}

impl Platform {
    pub(crate) async fn start(seed: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut folder = tempfile::tempdir().unwrap();
        // Logs and data stay for whoever looks for the reason of a failure.
        folder.disable_cleanup(true);
        let setup = Setup {
            kind: Kind::Data,
            ports: free_ports(),
            folder: folder.path().to_owned(),
            profiles: profiles(),
            seed,
        };
        let addresses = Addresses::of(&setup.ports);
        let of = |kind| Setup { kind, ..setup.clone() };
        let data = started(&of(Kind::Data), &addresses).await;
        addresses.create_queues().await;
        let host = started(&of(Kind::Host), &addresses).await;
        let mainframe = started(&of(Kind::Mainframe), &addresses).await;
        Self { setup, data, host, mainframe, addresses, folder }
    }

    pub(crate) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub(crate) fn kill(&mut self, kind: Kind) {
        self.part(kind).kill();
    }

    /// Starts what was killed, and waits until it serves.
    pub(crate) async fn restart(&mut self, kind: Kind) {
        let setup = Setup { kind, ..self.setup.clone() };
        *self.part(kind) = started(&setup, &self.addresses).await;
    }

    fn part(&mut self, kind: Kind) -> &mut Part {
        match kind {
            Kind::Data => &mut self.data,
            Kind::Host => &mut self.host,
            Kind::Mainframe => &mut self.mainframe,
        }
    }

    /// A fault of the data services, such as `queue=fail:chance:0.1`.
    pub(crate) fn spoil(&mut self, fault: &str) {
        self.data.say(&format!("fault {fault}"));
    }

    pub(crate) fn mend(&mut self) {
        self.data.say("mend");
    }

    /// Time passes for the data services. Not before a restart: their clock then is the machine's again.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.data.say(&format!("clock {}", time.as_secs()));
    }

    /// Where to look after a failure.
    pub(crate) fn kept(&self) -> String {
        format!("logs and data are in {}", self.folder.path().display())
    }

    /// Where logs and data are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn forget(mut self) {
        self.folder.disable_cleanup(false);
    }
}

impl Addresses {
    fn of(ports: &Ports) -> Self {
        let services = ports.services();
        Self {
            http: reqwest::Client::builder().no_proxy().timeout(ANSWER_TIMEOUT).build().unwrap(),
            gateway: format!("http://127.0.0.1:{}", ports.host),
            mainframe: format!("http://127.0.0.1:{}", ports.mainframe),
            cosmos: services.cosmos,
            queue: services.queue,
            blob: services.blob,
            signature: local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap()),
        }
    }

    async fn answers(&self, kind: Kind) -> bool {
        let url = match kind {
            Kind::Data => format!("{}dbs", self.cosmos),
            Kind::Host => format!("{}/admin/host/status", self.gateway),
            Kind::Mainframe => format!("{}/health", self.mainframe),
        };
        self.send(self.http.get(url)).await.is_some_and(|answer| answer.status < 500)
    }

    /// The answer, or none if it was lost.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Option<Answer> {
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let header = |name| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
        let continuation = header("x-ms-continuation");
        let counted = header("x-ms-approximate-messages-count");
        let bytes = answer.bytes().await.ok()?;
        let body = match counted {
            Some(count) => json!(count.parse::<u64>().unwrap()),
            None => serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        };
        Some(Answer { status, body, continuation })
    }

    /// Asks until there is a definite answer, as a client does: an answer that was lost, 429, 5xx and `again` are none.
    pub(crate) async fn insist(
        &self,
        what: &str,
        again: impl Fn(&Answer) -> bool,
        request: impl Fn() -> RequestBuilder,
    ) -> Answer {
        let began = Instant::now();
        loop {
            let answer = self.send(request()).await;
            let said = match answer {
                Some(answer) if answer.status < 500 && answer.status != 429 && !again(&answer) => {
                    return answer;
                }
                Some(answer) => format!("{}: {}", answer.status, answer.body),
                None => "nothing".to_owned(),
            };
            assert!(began.elapsed() < DEADLINE, "{what}: {said}");
            sleep(LOOK_EVERY).await;
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.gateway))
    }

    pub(crate) fn json(&self, method: Method, url: &str, body: &Value) -> RequestBuilder {
        let request = self.http.request(method, url).header("content-type", "application/json");
        request.body(body.to_string())
    }

    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.http.get(url)
    }

    /// Writes a document, past every app.
    pub(crate) async fn upsert(&self, (database, container): (&str, &str), document: &Value) {
        let id = document["id"].as_str().unwrap();
        let url = format!("{}dbs/{database}/colls/{container}/docs", self.cosmos);
        let write = || {
            self.json(Method::POST, &url, document)
                .header("x-ms-version", "2020-07-15")
                .header("x-ms-documentdb-is-upsert", "true")
                .header("x-ms-documentdb-partitionkey", json!([id]).to_string())
        };
        let answer = self.insist("writing a document", |_| false, write).await;
        assert!(answer.status < 300, "{container}/{id}: {} {}", answer.status, answer.body);
    }

    /// All documents of a container; none while Cosmos DB does not give them.
    pub(crate) async fn documents(
        &self,
        (database, container): (&str, &str),
    ) -> Option<Vec<Value>> {
        let url = format!("{}dbs/{database}/colls/{container}/docs", self.cosmos);
        let (mut documents, mut continuation) = (Vec::new(), None::<String>);
        loop {
            let mut request = self.get(&url).header("x-ms-max-item-count", "-1");
            if let Some(continuation) = &continuation {
                request = request.header("x-ms-continuation", continuation);
            }
            let answer = self.send(request).await.filter(|answer| answer.status == 200)?;
            documents.extend(answer.body["Documents"].as_array()?.iter().cloned());
            continuation = answer.continuation;
            if continuation.is_none() {
                return Some(documents);
            }
        }
    }

    /// How many messages are in a queue, hidden ones included.
    pub(crate) async fn length(&self, queue: &str) -> Option<u64> {
        let url = format!("{}/{queue}?comp=metadata&{}", self.queue, self.signature);
        self.send(self.get(&url)).await?.body.as_u64()
    }

    /// The names of the payloads that are left, as the service lists them.
    pub(crate) async fn payloads(&self) -> Option<String> {
        let list = "legacy-payloads?restype=container&comp=list";
        let url = format!("{}/{list}&{}", self.blob, self.signature);
        Some(self.send(self.get(&url)).await?.body.as_str()?.to_owned())
    }

    async fn create_queues(&self) {
        for queue in FOREIGN_QUEUES {
            let url = format!("{}/{queue}?{}", self.queue, self.signature);
            let created = self.insist("creating a queue", |_| false, || self.http.put(&url)).await;
            assert!(created.status < 300, "{}", created.body);
        }
    }
}

/// A process that serves. One that could not start, since what it needs is away, is started again.
async fn started(setup: &Setup, addresses: &Addresses) -> Part {
    let (mut part, began) = (Part::start(setup), Instant::now());
    while !addresses.answers(setup.kind).await {
        let Setup { kind, folder, .. } = setup;
        assert!(began.elapsed() < DEADLINE, "{kind:?} does not start, see {}", folder.display());
        if part.has_ended() {
            part = Part::start(setup);
        }
        sleep(LOOK_EVERY).await;
    }
    part
}

/// The program of the other app, built once, with the features that all programs have together.
fn profiles() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let own = PathBuf::from(env!("CARGO_BIN_EXE_legacy"));
        let release = own.parent().is_some_and(|folder| folder.ends_with("release"));
        let mut cargo = local_host::cargo();
        cargo.current_dir(this_app!().workspace()).args(["build", "--quiet", "--bin", "profiles"]);
        cargo.args(release.then_some("--release"));
        assert!(cargo.status().unwrap().success(), "profiles must build");
        own.with_file_name(format!("profiles{}", std::env::consts::EXE_SUFFIX))
    };
    BUILT.get_or_init(build).clone()
}

fn free_ports() -> Ports {
    let taken: [TcpListener; 5] = std::array::from_fn(|_| {
        let mut random = rand::rng();
        let mut tries = std::iter::repeat_with(|| random.random_range(FIXED_PORTS)).take(1_000);
        tries.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).unwrap()
    });
    let [cosmos, blob, queue, host, mainframe] =
        taken.each_ref().map(|listener| listener.local_addr().unwrap().port());
    Ports { cosmos, blob, queue, host, mainframe }
}
