//! Requests are sent, as whoever may do most.

use std::collections::BTreeMap;

use contract_check::Answer;
use reqwest::Method;

use super::drafts::{Draft, Drafting};
use super::identities::{self, Identity};
use super::known::Known;
use super::operations::Operation;
use super::pages;
use crate::Platform;
use crate::marked::Marks;

/// Answers to who may not.
const NOT_ALLOWED: [u16; 3] = [302, 401, 403];
/// Letters and pages whose forms are sent.
const FORMS_MAX: usize = 8;

/// Who asks, and what is known so far.
pub(super) struct Requests {
    identities: Vec<Identity>,
    /// As whom the operations of a path are asked, by the path.
    allowed: BTreeMap<String, usize>,
    pub(super) known: Known,
}

impl Requests {
    pub(super) fn new(platform: &Platform, operations: &[Operation]) -> Self {
        let paths = operations.iter().map(|operation| operation.path.clone());
        Self {
            identities: identities::all(&platform.app()),
            allowed: BTreeMap::new(),
            known: Known::new(paths),
        }
    }

    /// Everything right about an operation, and what can be learned from the answers.
    pub(super) async fn right(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        marks: &Marks,
    ) {
        let contract = platform.contract();
        let drafting = Drafting { contract, marks, known: &self.known };
        let drafts = drafting.right(operation);
        self.send_all(platform, operation, drafts, marks).await;
    }

    /// Only the first of these.
    pub(super) async fn once(&mut self, platform: &Platform, operation: &Operation, marks: &Marks) {
        let contract = platform.contract();
        let mut drafts = Drafting { contract, marks, known: &self.known }.right(operation);
        drafts.truncate(1);
        self.send_all(platform, operation, drafts, marks).await;
    }

    async fn send_all(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        drafts: Vec<Draft>,
        marks: &Marks,
    ) {
        for mut draft in drafts {
            if changes(&draft.method) {
                draft.headers.extend(self.version(platform, operation, &draft).await);
            }
            let Some(answer) = self.ask(platform, operation, &draft).await else { continue };
            self.known.learn(&operation.path, &answer);
            if !operation.is_in_contract && operation.method == Method::GET {
                self.forms(platform, operation, &draft.path, &answer, marks).await;
            }
        }
    }

    /// Everything wrong.
    pub(super) async fn wrong(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        marks: &Marks,
    ) {
        let contract = platform.contract();
        let drafts = Drafting { contract, marks, known: &self.known }.wrong(operation);
        for mut draft in drafts {
            if changes(&draft.method) && !draft.headers.iter().any(|(name, _)| name == "if-match") {
                draft.headers.push(("if-match".to_owned(), "*".to_owned()));
            }
            self.ask(platform, operation, &draft).await;
        }
    }

    /// The version of what is to be changed.
    async fn version(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        draft: &Draft,
    ) -> Option<(String, String)> {
        let wants = operation.parameters.iter().any(|parameter| parameter.name == "If-Match");
        let has = draft.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("if-match"));
        if !wants && !has {
            return None;
        }
        let read = Draft { method: Method::GET, body: None, headers: Vec::new(), ..draft.clone() };
        let answer = self.ask(platform, operation, &read).await?;
        Some(("if-match".to_owned(), answer.header("etag")?.to_owned()))
    }

    /// The forms of a page, as a browser sends them.
    async fn forms(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        path: &str,
        answer: &Answer,
        marks: &Marks,
    ) {
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        for form in pages::forms(&page, marks).into_iter().take(FORMS_MAX) {
            let draft = Draft {
                method: Method::POST,
                path: form.action.unwrap_or_else(|| path.to_owned()),
                headers: vec![("origin".to_owned(), platform.url().to_owned())],
                body: Some((
                    "application/x-www-form-urlencoded".to_owned(),
                    super::drafts::encoded(&form.fields).into_bytes(),
                )),
            };
            self.ask(platform, operation, &draft).await;
        }
    }

    /// As the first who is allowed to; nobody is asked again who was not.
    async fn ask(
        &mut self,
        platform: &Platform,
        operation: &Operation,
        draft: &Draft,
    ) -> Option<Answer> {
        let key = format!("{} {}", draft.method, operation.path);
        if let Some(identity) = self.allowed.get(&key) {
            return send(platform, draft, &self.identities[*identity]).await;
        }
        let mut last = None;
        for (index, identity) in self.identities.iter().enumerate() {
            last = send(platform, draft, identity).await;
            if last.as_ref().is_some_and(|answer| !NOT_ALLOWED.contains(&answer.status)) {
                self.allowed.insert(key, index);
                return last;
            }
        }
        last
    }
}

fn changes(method: &Method) -> bool {
    [Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

/// None if there was no answer, or the request cannot be made: a mark may be no header.
async fn send(platform: &Platform, draft: &Draft, identity: &Identity) -> Option<Answer> {
    let url = format!("{}{}", platform.url(), draft.path);
    let mut request = platform.http().request(draft.method.clone(), url);
    for (name, value) in identity.iter().chain(&draft.headers) {
        let value = reqwest::header::HeaderValue::from_bytes(value.as_bytes()).ok()?;
        request = request.header(name, value);
    }
    if let Some((content_type, body)) = &draft.body {
        request = request.header("content-type", content_type).body(body.clone());
    }
    Answer::read(request.send().await.ok()?).await.ok()
}
