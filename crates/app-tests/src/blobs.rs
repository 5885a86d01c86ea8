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
