//! Blobs, queues and uploads past us, against the local Blob and Queue services.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

use azure_data::{
    BlobContainer, BlobReader, BlobRefusal, QueueLength, QueueSender, Storage, UploadUrl,
};
use custom_handler::{Bytes, Settings};
use jiff::{SignedDuration, Timestamp};
use local_data::{DataServices, Fault, Options, Requests, Rule, Service, When, account_sas};
use pretty_assertions::assert_eq;
use reqwest::{Client, Method, RequestBuilder};
use std::time::Duration;

/// A test that waits longer than this for an answer has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// The services, the app's storage in them, and somebody with an HTTP client.
struct Account {
    services: DataServices,
    storage: Storage,
    http: Client,
    sas: String,
}

impl Account {
    async fn with_resources() -> Self {
        let services = DataServices::start(Options::ephemeral()).await.unwrap();
        let sas = account_sas("2099-01-01T00:00:00Z".parse().unwrap());
        let settings = Settings::from_map([
            ("STORAGE__blobServiceUri", format!("{}?{sas}", services.blob_url())),
            ("STORAGE__queueServiceUri", format!("{}?{sas}", services.queue_url())),
        ]);
        let storage = Storage::read(&settings).unwrap();
        // The client takes whatever TLS is chosen for the process; the app's storage has chosen by then.
        assert!(storage.blobs("uploads").list("", 1).await.is_err());
        let http = Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        let account = Self { services, storage, http, sas };
        let container = format!("{}/uploads?restype=container", account.services.blob_url());
        account.create(&container).await;
        account.create(&format!("{}/jobs?", account.services.queue_url())).await;
        account
    }

    async fn create(&self, url: &str) {
        let url = format!("{url}&{}", self.sas);
        assert_eq!(self.http.put(url).send().await.unwrap().status(), 201);
    }

    fn uploads(&self) -> BlobContainer {
        self.storage.blobs("uploads")
    }

    fn jobs(&self) -> QueueSender {
        self.storage.queue_sender("jobs")
    }

    fn waiting(&self) -> QueueLength {
        self.storage.queue_length("jobs")
    }

    /// An upload of `p/1` that is good for ten minutes.
    async fn upload_url(&self) -> UploadUrl {
        let at = Timestamp::now() + SignedDuration::from_mins(10);
        self.storage.upload_signer("uploads").url("p/1", "image/png", at).await.unwrap()
    }

    fn send(&self, upload: &UploadUrl, content: &'static str) -> RequestBuilder {
        let method: Method = upload.method.parse().unwrap();
        let request = self.http.request(method, &upload.url).body(content);
        upload.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    /// What waits in `jobs`, as a trigger would see it.
    async fn messages(&self) -> String {
        let url = format!("{}/jobs/messages?peekonly=true&{}", self.services.queue_url(), self.sas);
        self.http.get(url).send().await.unwrap().text().await.unwrap()
    }
}

async fn status(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let code =
        answer.headers().get("x-ms-error-code").map(|code| code.to_str().unwrap().to_owned());
    (answer.status().as_u16(), code.unwrap_or_default())
}

#[tokio::test]
async fn a_blob_is_put_looked_at_read_in_parts_and_deleted() {
    let account = Account::with_resources().await;
    let uploads = account.uploads();
    let name = "p 1/ö?.jpg";
    uploads.put(name, Bytes::from_static(b"old"), "text/plain").await.unwrap();
    uploads.put(name, Bytes::from_static(b"hello world"), "image/jpeg").await.unwrap();

    let blob = uploads.get(name, 11).await.unwrap().unwrap();
    assert_eq!(
        (&blob.content[..], blob.content_type.as_str()),
        (&b"hello world"[..], "image/jpeg")
    );
    let properties = uploads.properties(name).await.unwrap().unwrap();
    assert_eq!((properties.length, properties.content_type.as_str()), (11, "image/jpeg"));
    assert_eq!(properties.etag, blob.etag);
    let age = Timestamp::now().duration_since(properties.last_modified);
    assert!(age.abs() < SignedDuration::from_mins(1), "{age}");

    let part = |range| uploads.get_range(name, range);
    let whole = part(6..8).await.unwrap().unwrap();
    assert_eq!((&whole.content[..], whole.etag), (&b"wo"[..], blob.etag));
    assert_eq!(&part(6..1000).await.unwrap().unwrap().content[..], b"world");
    assert!(part(11..12).await.unwrap_err().retry_after().is_none());
    assert!(part(3..3).await.is_err());

    assert!(uploads.delete(name).await.unwrap());
    assert!(!uploads.delete(name).await.unwrap());
    assert!(uploads.get(name, 11).await.unwrap().is_none());
    assert!(part(0..1).await.unwrap().is_none());
    assert_eq!(uploads.properties(name).await.unwrap(), None);
}

#[tokio::test]
async fn an_empty_blob_is_read_as_nothing() {
    let account = Account::with_resources().await;
    account.uploads().put("empty", Bytes::new(), "text/plain").await.unwrap();
    assert_eq!(account.uploads().get("empty", 0).await.unwrap().unwrap().content, Bytes::new());
}

#[tokio::test]
async fn a_blob_is_created_once() {
    let account = Account::with_resources().await;
    let uploads = account.uploads();
    let create = |content| uploads.create("p/1", Bytes::from_static(content), "text/plain");
    create(b"first").await.unwrap();
    assert!(matches!(create(b"second").await, Err(BlobRefusal::Exists)));
    let kept = uploads.get("p/1", 10).await.unwrap().unwrap();
    assert_eq!(&kept.content[..], b"first");
}

#[tokio::test]
async fn a_blob_that_is_too_large_is_refused_before_it_is_read() {
    let account = Account::with_resources().await;
    let uploads = account.uploads();
    let content: Vec<u8> = (0..9_000_003_u32).map(|n| (n % 251) as u8).collect();
    uploads.put("large", content.clone().into(), "image/png").await.unwrap();
    assert!(uploads.get("large", content.len()).await.unwrap().unwrap().content == content);

    let one_less = uploads.get("large", content.len() - 1).await.unwrap_err();
    assert!(one_less.is_too_large() && one_less.retry_after().is_none());
    // The first answer has at most 4 MiB: that the whole length is known shows that nothing had to be counted.
    assert_eq!(
        uploads.get("large", 100).await.unwrap_err().to_string(),
        "reading a blob of uploads: 9000003 bytes are more than the 100 that are allowed"
    );
}

#[tokio::test]
async fn names_are_listed_by_prefix_and_in_order() {
    let account = Account::with_resources().await;
    let uploads = account.uploads();
    for name in ["p/2", "p/1", "q/1", "p/3"] {
        uploads.put(name, Bytes::from_static(b"x"), "text/plain").await.unwrap();
    }
    assert_eq!(uploads.list("p/", 10).await.unwrap(), ["p/1", "p/2", "p/3"]);
    assert_eq!(uploads.list("p/", 2).await.unwrap(), ["p/1", "p/2"]);
    assert!(uploads.list("none", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_missing_container_is_no_missing_blob() {
    let account = Account::with_resources().await;
    let failure = account.storage.blobs("nowhere").get("a", 1).await.unwrap_err();
    assert_eq!(failure.to_string(), "reading a blob of nowhere: 404 ContainerNotFound");
    assert!(failure.retry_after().is_none());
}

#[tokio::test]
async fn what_another_host_says_beside_an_empty_blob_is_read_where_its_account_is() {
    let account = Account::with_resources().await;
    let service = format!("{}?{}", account.services.blob_url(), account.sas);
    let at = |container| BlobReader::of(service.parse().unwrap(), container);
    let (host, name) = (at("uploads"), "ns/hub/group/checkpoint/0");
    assert_eq!(host.properties(name).await.unwrap(), None);
    let url = format!("{}/uploads/{name}?{}", account.services.blob_url(), account.sas);
    let request = account.http.put(url).header("x-ms-blob-type", "BlockBlob");
    let request = request.header("content-length", "0").body("");
    let stored = request.header("x-ms-meta-SequenceNumber", "4711").send().await.unwrap();
    assert_eq!(stored.status(), 201);
    let properties = host.properties(name).await.unwrap().unwrap();
    assert_eq!(properties.metadata["sequencenumber"], "4711");
    let missing = at("nowhere").properties(name).await.unwrap_err();
    assert!(missing.is_container_missing(), "{missing}");
}

#[tokio::test]
async fn a_passing_fault_is_not_noticed_and_a_lasting_one_says_when_to_come_back() {
    let account = Account::with_resources().await;
    let faults = account.services.faults();
    let throttled = || Fault::Throttle { retry_after: Duration::from_secs(1) };
    faults.add(Rule {
        service: Service::Blob,
        only: Requests::default(),
        fault: throttled(),
        when: When::Next(1),
    });
    account.uploads().put("a", Bytes::from_static(b"x"), "text/plain").await.unwrap();
    faults.add(Rule {
        service: Service::Queue,
        only: Requests::default(),
        fault: throttled(),
        when: When::Always,
    });
    let failure = account.jobs().send("{}").await.unwrap_err();
    assert!(failure.retry_after().is_some(), "{failure}");
}

#[tokio::test]
async fn a_message_arrives_in_base64_and_is_counted() {
    let account = Account::with_resources().await;
    let jobs = account.jobs();
    assert_eq!(account.waiting().length().await.unwrap(), 0);
    jobs.send_bytes("{\"id\":\"ö\"}".as_bytes()).await.unwrap();
    assert!(account.messages().await.contains("<MessageText>eyJpZCI6IsO2In0=</MessageText>"));
    jobs.send_later("later", Duration::from_secs(60)).await.unwrap();
    assert_eq!(account.waiting().length().await.unwrap(), 2);
    assert!(!account.messages().await.contains("bGF0ZXI="));
    account.services.clock().advance(Duration::from_secs(8 * 24 * 60 * 60));
    assert!(account.messages().await.contains("eyJpZCI6IsO2In0="), "a message is never dropped");
}

#[tokio::test]
async fn a_message_may_have_48_kib_and_no_more() {
    let account = Account::with_resources().await;
    account.jobs().send(&"x".repeat(48 * 1024)).await.unwrap();
    let failure = account.jobs().send(&"x".repeat(48 * 1024 + 1)).await.unwrap_err();
    assert!(failure.is_too_large() && failure.retry_after().is_none());
}

#[tokio::test]
async fn a_message_is_taken_as_it_is_and_as_often_as_it_takes() {
    let account = Account::with_resources().await;
    let jobs = account.storage.queue_reader("jobs".to_owned());
    let hidden = Duration::from_secs(300);
    assert_eq!(jobs.take(hidden).await.unwrap(), None);
    let url = format!("{}/jobs/messages?{}", account.services.queue_url(), account.sas);
    for text in ["not &lt;base64&gt;", ""] {
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        assert_eq!(account.http.post(&url).body(body).send().await.unwrap().status(), 201);
    }
    for times in 1..=7 {
        let taken = jobs.take(hidden).await.unwrap().unwrap();
        assert_eq!((taken.text.as_str(), taken.times), ("not <base64>", times));
        let age = Timestamp::now().duration_since(taken.since);
        assert!(age.abs() < SignedDuration::from_mins(1), "{age}");
        let other = jobs.take(hidden).await.unwrap().unwrap();
        assert_eq!((other.text.as_str(), other.times), ("", times));
        assert_eq!(jobs.take(hidden).await.unwrap(), None, "both are hidden");
        // One is put back; the other is seen when its time is over, as if its process had died.
        jobs.put_back(&taken, Duration::from_secs(299)).await.unwrap();
        account.services.clock().advance(hidden);
    }
    let taken = jobs.take(hidden).await.unwrap().unwrap();
    jobs.delete(&taken).await.unwrap();
    jobs.delete(&taken).await.unwrap();
    assert_eq!(jobs.length().await.unwrap(), 1);

    let other = jobs.take(hidden).await.unwrap().unwrap();
    assert_eq!(other.until.duration_since(other.since), SignedDuration::from_hours(7 * 24));
    jobs.renew(&other, hidden).await.unwrap();
    account.services.clock().advance(Duration::from_secs(8 * 24 * 3_600));
    let renewed = jobs.take(hidden).await.unwrap().unwrap();
    assert_eq!((renewed.text.as_str(), renewed.times), ("", 1));
    assert!(renewed.until > renewed.since + SignedDuration::from_hours(1_000 * 24));
}

#[tokio::test]
async fn an_upload_url_takes_one_blob_once_and_nothing_else() {
    let account = Account::with_resources().await;
    let upload = account.upload_url().await;
    assert_eq!(status(account.http.get(&upload.url)).await.0, 403);
    let elsewhere = UploadUrl { url: upload.url.replace("p%2F1", "p%2F2"), ..upload.clone() };
    assert_eq!(
        status(account.send(&elsewhere, "x")).await,
        (403, "AuthenticationFailed".to_owned())
    );

    assert_eq!(status(account.send(&upload, "picture")).await.0, 201);
    let blob = account.uploads().get("p/1", 100).await.unwrap().unwrap();
    assert_eq!((&blob.content[..], blob.content_type.as_str()), (&b"picture"[..], "image/png"));

    let again = status(account.send(&upload, "other")).await;
    assert_eq!(again, (403, "UnauthorizedBlobOverwrite".to_owned()));
    for method in [Method::GET, Method::HEAD, Method::DELETE] {
        let refused = status(account.http.request(method.clone(), &upload.url)).await;
        assert_eq!(refused, (403, "AuthorizationPermissionMismatch".to_owned()), "{method}");
    }
    let container = upload.url.replace("/p%2F1?", "?restype=container&comp=list&");
    assert_eq!(status(account.http.get(container)).await.0, 403);
    let blob = account.uploads().get("p/1", 100).await.unwrap().unwrap();
    assert_eq!(&blob.content[..], b"picture");
}

#[tokio::test]
async fn an_upload_url_ends_when_it_says() {
    let account = Account::with_resources().await;
    let upload = account.upload_url().await;
    account.services.clock().advance(Duration::from_secs(11 * 60));
    let late = status(account.send(&upload, "x")).await;
    assert_eq!(late, (403, "AuthenticationFailed".to_owned()));
    let days = Timestamp::now() + SignedDuration::from_hours(48);
    assert!(account.storage.upload_signer("uploads").url("p/1", "image/png", days).await.is_err());
}

#[tokio::test]
async fn the_key_behind_upload_urls_is_asked_for_once() {
    let account = Account::with_resources().await;
    let first = account.upload_url().await;
    let every = Rule {
        service: Service::Blob,
        only: Requests::default(),
        fault: Fault::InternalError,
        when: When::Always,
    };
    account.services.faults().add(every);
    assert_eq!(account.upload_url().await.headers, first.headers);
}
