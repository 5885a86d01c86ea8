//! The blobs behind the app.

use crate::Platform;
use crate::queues::signature;

const VERSION: &str = "2024-11-04";

impl Platform {
    /// A blob's content by `container/name`; `None` if it is not there.
    pub async fn blob(&self, path: &str) -> Option<Vec<u8>> {
        let url = format!("{}/{path}?{}", self.host().blob_url(), signature());
        let answer = self.http().get(url).header("x-ms-version", VERSION).send().await.unwrap();
        match answer.status().as_u16() {
            404 => None,
            200 => Some(answer.bytes().await.unwrap().to_vec()),
            other => panic!("the blob {path}: {other}"),
        }
    }

    /// Stores a blob by `container/name`, in the place of another, as whoever uploads it does.
    pub async fn put_blob(&self, path: &str, content: impl Into<Vec<u8>>, content_type: &str) {
        let url = format!("{}/{path}?{}", self.host().blob_url(), signature());
        let request = self.http().put(url).header("x-ms-version", VERSION);
        let request = request.header("x-ms-blob-type", "BlockBlob");
        let request = request.header("content-type", content_type).body(content.into());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201, "storing the blob {path}: {answer:?}");
    }

    /// Whether a blob is there, by `container/name`.
    pub async fn has_blob(&self, path: &str) -> bool {
        let url = format!("{}/{path}?{}", self.host().blob_url(), signature());
        let answer = self.http().head(url).header("x-ms-version", VERSION).send().await.unwrap();
        match answer.status().as_u16() {
            404 => false,
            200 => true,
            other => panic!("the blob {path}: {other}"),
        }
    }
}
