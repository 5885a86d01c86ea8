//! What is in the stores, past every app: over the services' own protocols.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Addresses, Kept};

/// Of Cosmos DB and of the storage services.
const COSMOS_VERSION: &str = "2020-07-15";
const STORAGE_VERSION: &str = "2024-11-04";
/// The most messages that a queue shows at once.
const MOST_MESSAGES: usize = 32;

impl Addresses {
    /// Writes a document whose partition key is its id.
    pub async fn upsert(&self, (database, container): (&str, &str), document: &Value) {
        let id = document["id"].as_str().unwrap();
        let url = self.documents_url((database, container));
        let write = || {
            self.json(Method::POST, &url, document)
                .header("x-ms-version", COSMOS_VERSION)
                .header("x-ms-documentdb-is-upsert", "true")
                .header("x-ms-documentdb-partitionkey", json!([id]).to_string())
        };
        let answer = self.insist("writing a document", |_| false, write).await;
        assert!(answer.status < 300, "{container}/{id}: {} {}", answer.status, answer.body);
    }

    /// All documents of a database's container; none while Cosmos DB does not give them.
    pub async fn documents(&self, container: (&str, &str)) -> Option<Vec<Value>> {
        let url = self.documents_url(container);
        let (mut documents, mut continuation) = (Vec::new(), None::<String>);
        loop {
            let mut request = self.get(&url).header("x-ms-max-item-count", "-1");
            if let Some(continuation) = &continuation {
                request = request.header("x-ms-continuation", continuation);
            }
            let answer = self.send(request).await.filter(|answer| answer.status == 200)?;
            documents.extend(answer.body["Documents"].as_array()?.iter().cloned());
            continuation = answer.header("x-ms-continuation").map(str::to_owned);
            if continuation.is_none() {
                return Some(documents);
            }
        }
    }

    /// How many messages are in a queue, hidden ones included; none while it does not say.
    pub async fn length(&self, queue: &str) -> Option<u64> {
        let answer = self.send(self.queue(queue, "comp=metadata")).await?;
        answer.header("x-ms-approximate-messages-count")?.parse().ok()
    }

    /// What is left in queues in which nothing may be, in words.
    pub async fn left_in(&self, queues: &[&str]) -> Vec<String> {
        let mut left = Vec::new();
        for queue in queues {
            match self.length(queue).await {
                Some(0) => {}
                other => left.push(format!("{queue} has {other:?} messages")),
            }
        }
        left
    }

    /// The names of all queues; none while the service does not give them.
    pub async fn queues(&self) -> Option<Vec<String>> {
        self.names(|page| self.queue("", &format!("comp=list{page}"))).await
    }

    /// The names of a container's blobs; none while the service does not give them.
    pub async fn blobs(&self, container: &str) -> Option<Vec<String>> {
        self.names(|page| self.blob(container, &format!("restype=container&comp=list{page}"))).await
    }

    /// A blob's content; none if it is not there, or the service does not give it.
    pub async fn blob_content(&self, container: &str, name: &str) -> Option<Vec<u8>> {
        let path = utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
        let path = format!("{container}/{}", path.replace("%2F", "/"));
        let answer = self.blob(&path, "").send().await.ok()?;
        Some(answer.error_for_status().ok()?.bytes().await.ok()?.to_vec())
    }

    /// Every document, blob (with its name) and message that can be seen, of all apps: of a queue, the first 32 that are not
    /// hidden. What is hidden is on the disk too. Nothing may be wrong with the services meanwhile.
    pub async fn stored(&self) -> Vec<Kept> {
        let mut kept = self.all_documents().await.expect("documents can be read");
        kept.extend(self.all_messages().await.expect("queues can be read"));
        kept.extend(self.all_blobs().await.expect("blobs can be read"));
        assert!(!kept.is_empty(), "nothing at all is stored");
        kept
    }

    pub(super) async fn create_queue(&self, name: &str) {
        let url = format!("{}/{name}?{}", self.services.queue, self.signature);
        let create = || self.request(Method::PUT, &url);
        let created = self.insist("creating a queue", |_| false, create).await;
        assert!(created.status < 300, "{}", created.body);
    }

    fn documents_url(&self, (database, container): (&str, &str)) -> String {
        format!("{}dbs/{database}/colls/{container}/docs", self.services.cosmos)
    }

    fn queue(&self, path: &str, query: &str) -> RequestBuilder {
        let url = format!("{}/{path}?{query}&{}", self.services.queue, self.signature);
        self.get(&url).header("x-ms-version", STORAGE_VERSION)
    }

    fn blob(&self, path: &str, query: &str) -> RequestBuilder {
        let url = format!("{}/{path}?{query}&{}", self.services.blob, self.signature);
        self.get(&url).header("x-ms-version", STORAGE_VERSION)
    }

    /// Every name of a list in pages; `page` is given what asks for the page.
    async fn names(&self, page: impl Fn(&str) -> RequestBuilder) -> Option<Vec<String>> {
        let (mut names, mut next) = (Vec::new(), String::new());
        loop {
            let answer = self.send(page(&next)).await.filter(|answer| answer.status == 200)?;
            let list = answer.body.as_str()?;
            names.extend(elements(list, "Name"));
            match elements(list, "NextMarker").next().filter(|marker| !marker.is_empty()) {
                Some(marker) => next = format!("&marker={marker}"),
                None => return Some(names),
            }
        }
    }

    /// The ids of Cosmos DB's databases or of the containers of one, by their path and the member that lists them.
    async fn ids(&self, path: &str, member: &str) -> Option<Vec<String>> {
        let listed = self.look(&format!("{}{path}", self.services.cosmos)).await?;
        let ids = listed[member].as_array()?.iter();
        ids.map(|one| Some(one["id"].as_str()?.to_owned())).collect()
    }

    async fn all_documents(&self) -> Option<Vec<Kept>> {
        let mut kept = Vec::new();
        for database in self.ids("dbs", "Databases").await? {
            let containers = format!("dbs/{database}/colls");
            for container in self.ids(&containers, "DocumentCollections").await? {
                for document in self.documents((&database, &container)).await? {
                    let place = format!("a document of {database}/{container}");
                    kept.push(Kept { place, bytes: document.to_string().into_bytes() });
                }
            }
        }
        Some(kept)
    }

    async fn all_messages(&self) -> Option<Vec<Kept>> {
        let mut kept = Vec::new();
        for queue in self.queues().await? {
            let peek = format!("peekonly=true&numofmessages={MOST_MESSAGES}");
            let answer = self.send(self.queue(&format!("{queue}/messages"), &peek)).await?;
            for text in elements(answer.body.as_str()?, "MessageText") {
                kept.push(Kept {
                    place: format!("a message in {queue}"),
                    bytes: text.into_bytes(),
                });
            }
        }
        Some(kept)
    }

    async fn all_blobs(&self) -> Option<Vec<Kept>> {
        let mut kept = Vec::new();
        for container in self.names(|page| self.blob("", &format!("comp=list{page}"))).await? {
            for name in self.blobs(&container).await? {
                let content = self.blob_content(&container, &name).await?;
                let place = format!("the blob {container}/{name}");
                let bytes = [name.into_bytes(), content].concat();
                kept.push(Kept { place, bytes });
            }
        }
        Some(kept)
    }
}

/// The contents of XML elements without children.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let texts = xml.split(&format!("<{name}>")).skip(1).collect::<Vec<_>>().into_iter();
    texts.map(|rest| {
        let text = rest.split("</").next().unwrap_or_default();
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        text.replace("&amp;", "&")
    })
}

#[cfg(test)]
mod tests;
