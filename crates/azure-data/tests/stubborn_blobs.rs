//! Blobs that Azure does not simply delete: those with snapshots, and those into which somebody copies.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

use azure_data::{BlobContainer, Storage};
use custom_handler::Settings;
use pretty_assertions::assert_eq;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A Blob Storage that answers as this blob would, and remembers what it was asked.
struct Stubborn {
    container: BlobContainer,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a blob answers to a request, of which the first line and the headers are given in small letters.
type Blob = fn(request: &str, pending: &mut bool) -> (u16, &'static str);

impl Stubborn {
    async fn with(blob: Blob) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/account", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut pending = true;
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
                    if stream.read_buf(&mut bytes).await.unwrap() == 0 {
                        break;
                    }
                }
                let request = String::from_utf8_lossy(&bytes).to_lowercase();
                let first = request.lines().next().unwrap_or_default();
                seen.lock().unwrap().push(first.split(' ').next().unwrap_or_default().to_owned());
                let (status, code) = if request.starts_with("head") {
                    (200, "")
                } else {
                    blob(&request, &mut pending)
                };
                let answer = format!(
                    "HTTP/1.1 {status} x\r\nx-ms-error-code: {code}\r\nx-ms-copy-id: 7\r\n\
                     x-ms-copy-status: pending\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let settings = Settings::from_map([
            ("STORAGE__blobServiceUri", url.clone()),
            ("STORAGE__queueServiceUri", url),
        ]);
        let storage = Storage::read(&settings).unwrap();
        Self { container: storage.blobs("uploads"), asked }
    }
}

#[tokio::test]
async fn a_blob_goes_with_its_snapshots() {
    let stubborn = Stubborn::with(|request, _| {
        if request.contains("x-ms-delete-snapshots: include") {
            (202, "")
        } else {
            (409, "SnapshotsPresent")
        }
    })
    .await;
    assert!(stubborn.container.delete("p/1").await.unwrap());
    assert_eq!(*stubborn.asked.lock().unwrap(), ["delete"]);
}

#[tokio::test]
async fn a_copy_that_does_not_end_keeps_no_blob() {
    let stubborn = Stubborn::with(|request, pending| {
        if request.starts_with("put") {
            let aborts = request.contains("comp=copy")
                && request.contains("copyid=7")
                && request.contains("x-ms-copy-action: abort");
            *pending = !aborts;
            return (204, "");
        }
        let refused = request.starts_with("delete") && *pending;
        if refused { (409, "PendingCopyOperation") } else { (202, "") }
    })
    .await;
    assert!(stubborn.container.delete("p/1").await.unwrap());
    assert_eq!(*stubborn.asked.lock().unwrap(), ["delete", "head", "put", "delete"]);
}

#[tokio::test]
async fn a_copy_that_ends_by_itself_meanwhile_is_no_trouble() {
    let stubborn = Stubborn::with(|request, pending| {
        if request.starts_with("put") {
            return (409, "NoPendingCopyOperation");
        }
        let first = request.starts_with("delete") && std::mem::replace(pending, false);
        if first { (409, "PendingCopyOperation") } else { (202, "") }
    })
    .await;
    assert!(stubborn.container.delete("p/1").await.unwrap());
}
