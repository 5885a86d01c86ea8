//! What a moderator does.

use super::{Answer, Scene, TestApp};
use reqwest::Method;
use serde_json::Value;

pub(crate) const MONA: &str = "mona";
pub(crate) const MATEO: &str = "mateo";

impl TestApp {
    /// A request of somebody who is signed in.
    pub(crate) async fn as_person(
        &self,
        person: &str,
        method: Method,
        path: &str,
        etag: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let cookie = format!("AppServiceAuthSession={person}");
        let mut request = self.request(method, path).header("cookie", &cookie);
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        match body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }

    pub(crate) async fn case(&self, person: &str, id: &str) -> Answer {
        self.as_person(person, Method::GET, &case_path(id), None, None).await
    }

    pub(crate) async fn take(&self, person: &str, id: &str) -> Answer {
        self.as_person(person, Method::PUT, &format!("{}/lease", case_path(id)), None, None).await
    }

    pub(crate) async fn decide(
        &self,
        person: &str,
        id: &str,
        etag: &str,
        decision: &Value,
    ) -> Answer {
        let path = format!("{}/decision", case_path(id));
        self.as_person(person, Method::PUT, &path, Some(etag), Some(decision)).await
    }

    pub(crate) async fn undo(&self, person: &str, id: &str, etag: &str) -> Answer {
        let path = format!("{}/decision", case_path(id));
        self.as_person(person, Method::DELETE, &path, Some(etag), None).await
    }

    /// A photo in review whose case is open.
    pub(crate) async fn in_review(&self, seed: u32) -> String {
        let photo = self.uploaded_until(Scene::doubtful(seed).jpeg(), "review").await;
        let id = photo["id"].as_str().unwrap().to_owned();
        self.eventually("the case", || async {
            (self.case(MONA, &id).await.status == 200).then_some(())
        })
        .await;
        id
    }

    pub(crate) async fn take_and_decide(&self, person: &str, id: &str, decision: &Value) -> Answer {
        let taken = self.take(person, id).await.expect(200);
        self.decide(person, id, taken.etag(), decision).await.expect(200)
    }
}

pub(crate) fn case_path(id: &str) -> String {
    format!("/moderation/v1/cases/{id}")
}
