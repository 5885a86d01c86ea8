//! A data directory whose journal lost its end: the services start with what is there, and say what is not.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use local_data::{DataServices, Options, account_sas};

/// How many messages and blobs are written, in turns.
const WRITTEN: usize = 20;

async fn start(directory: &Path) -> DataServices {
    let options = Options { data: Some(directory.to_owned()), ..Options::ephemeral() };
    DataServices::start(options).await.unwrap()
}

fn http() -> reqwest::Client {
    // The second test of a process finds one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn address(base: &str, path: &str) -> String {
    let sas = account_sas("2099-01-01T00:00:00Z".parse().unwrap());
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{base}/{path}{sign}{sas}")
}

/// A directory with messages and blobs, written in turns and left as by `kill -9`.
async fn written() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let services = start(directory.path()).await;
    let http = http();
    let put = |url: String| http.put(url).header("x-ms-blob-type", "BlockBlob");
    let queue = put(address(services.queue_url(), "jobs")).send().await.unwrap();
    let container = put(address(services.blob_url(), "photos?restype=container"));
    assert!(queue.status().is_success() && container.send().await.unwrap().status().is_success());
    for number in 0..WRITTEN {
        let body = format!("<QueueMessage><MessageText>{number}</MessageText></QueueMessage>");
        let message = http.post(address(services.queue_url(), "jobs/messages")).body(body);
        assert!(message.send().await.unwrap().status().is_success());
        let blob = put(address(services.blob_url(), &format!("photos/{number}"))).body("bytes");
        assert!(blob.send().await.unwrap().status().is_success());
    }
    // A process that is killed notes nothing.
    let note = directory.path().join("journal-end.json");
    let noted = fs::read(&note).unwrap();
    services.stop().await;
    fs::write(note, noted).unwrap();
    directory
}

/// Messages and blobs that are there.
async fn found(services: &DataServices) -> (usize, usize) {
    let text = async |url: String| http().get(url).send().await.unwrap().text().await.unwrap();
    let peek = "jobs/messages?peekonly=true&numofmessages=32";
    let messages = text(address(services.queue_url(), peek)).await;
    let blobs = text(address(services.blob_url(), "photos?restype=container&comp=list")).await;
    (messages.matches("<MessageText>").count(), blobs.matches("<Blob>").count())
}

fn journal(directory: &Path) -> PathBuf {
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|it| it == "jnl")).max().unwrap()
}

/// Where the journal's bytes end and its zeros begin.
fn used(journal: &Path) -> u64 {
    let bytes = fs::read(journal).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1)
}

fn cut(journal: &Path, at: u64) {
    OpenOptions::new().write(true).open(journal).unwrap().set_len(at).unwrap();
}

fn overwrite(journal: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(journal).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

/// Starts on the damaged directory, twice: what is missing is said once, and then kept from then on.
async fn after(damage: impl FnOnce(&Path, u64)) -> ((usize, usize), Vec<String>) {
    let directory = written().await;
    let journal = journal(directory.path());
    damage(&journal, used(&journal));
    let services = start(directory.path()).await;
    let (found_first, missing) = (found(&services).await, services.missing().to_vec());
    services.stop().await;
    let services = start(directory.path()).await;
    assert_eq!(found(&services).await, found_first);
    assert_eq!(services.missing(), [""; 0]);
    (found_first, missing)
}

#[tokio::test]
async fn a_journal_that_is_whole_misses_nothing() {
    let (found, missing) = after(|_, _| {}).await;
    assert_eq!((found, missing), ((WRITTEN, WRITTEN), Vec::new()));
}

#[tokio::test]
async fn a_torn_last_record_is_missing_and_said() {
    for lost in [1, 7, 40, 400] {
        let (found, missing) = after(|journal, used| cut(journal, used - lost)).await;
        assert!(found.0 >= WRITTEN - 3 && found.0 + found.1 < 2 * WRITTEN, "{lost}: {found:?}");
        assert!(missing[0].contains("is missing"), "{lost}: {missing:?}");
    }
}

#[tokio::test]
async fn a_last_record_with_wrong_bytes_is_missing_and_said() {
    let (found, missing) =
        after(|journal, used| overwrite(journal, used - 30, b"\xffxx\x00")).await;
    assert!(found.0 >= WRITTEN - 1 && found.0 + found.1 < 2 * WRITTEN, "{found:?}");
    assert!(missing[0].contains("is missing"), "{missing:?}");
}

#[tokio::test]
async fn garbage_at_the_end_is_put_aside_and_said() {
    for garbage in [&b"\x02garbage"[..], &[1, 255, 255, 255, 255], &[0xff; 5000]] {
        let (found, missing) = after(|journal, used| overwrite(journal, used, garbage)).await;
        assert_eq!(found, (WRITTEN, WRITTEN));
        assert!(missing[0].contains("kept as"), "{missing:?}");
    }
}

#[tokio::test]
async fn half_a_journal_and_an_empty_one_are_started_with() {
    let (found, missing) = after(|journal, used| cut(journal, used / 2)).await;
    assert!(found.0 > 0 && found.0 < WRITTEN, "{found:?}");
    assert!(missing[0].contains("is missing"), "{missing:?}");
    let (found, missing) = after(|journal, _| cut(journal, 0)).await;
    assert_eq!(found, (0, 0));
    assert!(missing[0].contains("is missing"), "{missing:?}");
}

#[tokio::test]
async fn a_journal_that_ends_between_two_records_is_noticed_after_a_stop() {
    let directory = written().await;
    let services = start(directory.path()).await;
    services.stop().await;
    let journal = journal(directory.path());
    let whole = used(&journal);
    // The magic that ends a record.
    let bytes = fs::read(&journal).unwrap();
    let mut before = bytes[..usize::try_from(whole).unwrap() - 4].windows(4);
    let end = before.rposition(|four| four == b"FJL\x03").unwrap() + 4;
    cut(&journal, end as u64);
    let services = start(directory.path()).await;
    assert!(services.missing()[0].contains("is missing"), "{:?}", services.missing());
}

#[tokio::test]
async fn a_blob_whose_bytes_are_gone_is_left_out_and_said() {
    let directory = written().await;
    let folders = fs::read_dir(directory.path().join("blobs")).unwrap();
    let mut files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    fs::remove_file(files.next().unwrap().unwrap().path()).unwrap();
    let services = start(directory.path()).await;
    assert_eq!(found(&services).await, (WRITTEN, WRITTEN - 1));
    assert_eq!(services.missing().len(), 1, "{:?}", services.missing());
}
