//! What a client does to upload.

use super::{Answer, KIM, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

/// A ticket.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) id: String,
    ticket: Value,
}

impl TestApp {
    /// Asks for a ticket for one of Kim's photos.
    pub(crate) async fn ask(&self, content_type: &str, bytes: usize) -> Answer {
        self.ask_for(KIM, content_type, bytes).await
    }

    pub(crate) async fn ask_for(&self, profile: &str, content_type: &str, bytes: usize) -> Answer {
        let wish = json!({"contentType": content_type, "contentLength": bytes});
        let path = format!("/v1/profiles/{profile}/photos");
        self.request(Method::POST, &path).json(&wish).send().await
    }

    pub(crate) async fn ticket(&self, content_type: &str, bytes: usize) -> Upload {
        let answer = self.ask(content_type, bytes).await.expect(201);
        Upload { id: answer.id(), ticket: answer.json() }
    }

    /// Sends the file to the URL of the ticket, as the ticket says.
    pub(crate) async fn send(&self, upload: &Upload, file: impl Into<reqwest::Body>) -> u16 {
        let told = &upload.ticket["upload"];
        let headers = told["headers"].as_object().unwrap();
        let mut request = self.http().put(told["url"].as_str().unwrap());
        for (name, value) in headers {
            request = request.header(name, value.as_str().unwrap());
        }
        request.body(file).send().await.unwrap().status().as_u16()
    }

    /// Sends the file to the URL of the ticket, calling it something else.
    pub(crate) async fn send_as(&self, upload: &Upload, content_type: &str, file: Vec<u8>) -> u16 {
        let mut other = upload.clone();
        let headers = other.ticket["upload"]["headers"].as_object_mut().unwrap();
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("content-type")
                || name.eq_ignore_ascii_case("x-ms-blob-content-type")
            {
                *value = json!(content_type);
            }
        }
        self.send(&other, file).await
    }

    /// Uploads a file for Kim, and says which photo it became.
    pub(crate) async fn upload(&self, content_type: &str, file: Vec<u8>) -> String {
        let ticket = self.ticket(content_type, file.len()).await;
        assert_eq!(self.send(&ticket, file).await, 201, "Blob Storage takes the upload");
        ticket.id
    }

    /// Uploads a JPEG for Kim and waits until it is decided so.
    pub(crate) async fn uploaded_until(&self, jpeg: Vec<u8>, state: &str) -> Value {
        let id = self.upload("image/jpeg", jpeg).await;
        self.wait_for(&id, state).await
    }

    /// Uploads through the API.
    pub(crate) async fn put(&self, id: &str, content_type: &str, file: Vec<u8>) -> Answer {
        let path = format!("/v1/photos/{id}/content/original");
        self.request(Method::PUT, &path).body(content_type, file).send().await
    }
}

impl Upload {
    /// Where the file goes.
    pub(crate) fn url(&self) -> &str {
        self.ticket["upload"]["url"].as_str().unwrap()
    }
}
