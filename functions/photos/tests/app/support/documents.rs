//! The documents and blobs behind the app, over their own protocols: to see what nobody may see, and to set up what
//! a crash or a long time would leave.

use super::{KIM, TestApp, VARIANTS};
use serde_json::{Value, json};

impl TestApp {
    /// The document of Kim's photo.
    pub(crate) async fn document(&self, id: &str) -> Option<Value> {
        self.document_in("photos", KIM, id).await
    }

    pub(crate) async fn document_in(
        &self,
        container: &str,
        partition: &str,
        id: &str,
    ) -> Option<Value> {
        self.documents(container).get(partition, id).await
    }

    /// Changes members of the document of Kim's photo, as time or a crash would have.
    pub(crate) async fn change_document(&self, id: &str, members: &Value) {
        self.documents("photos").change(KIM, id, members).await;
    }

    /// Changes members of a case, likewise.
    pub(crate) async fn change_case(&self, id: &str, members: &Value) {
        self.documents("cases").change(id, id, members).await;
    }

    /// Makes the photo due for the sweep, and runs it.
    pub(crate) async fn sweep(&self, id: &str) {
        self.change_document(id, &json!({"sweepAfter": 0})).await;
        self.invoke("sweep", &json!("")).await;
    }

    /// The blobs of Kim's photo, as `container/variant`, and `photo-uploads` for the upload.
    pub(crate) async fn blobs(&self, id: &str) -> Vec<String> {
        let mut found = Vec::new();
        for container in ["photo-published", "photo-quarantine"] {
            for variant in VARIANTS {
                if self.has_blob(&format!("{container}/{id}/{variant}")).await {
                    found.push(format!("{container}/{variant}"));
                }
            }
        }
        if self.has_blob(&format!("photo-uploads/{KIM}/{id}")).await {
            found.push("photo-uploads".to_owned());
        }
        found
    }
}
