//! Events that services publish to topics: kept before they are answered for, handed out until they are acknowledged.
//! Where data is kept between runs each is a file, so that events outlive the host as they would in Azure.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

/// Events that may wait to be acknowledged; with more, nothing is taken until some are.
const MAX_WAITING: usize = 10_000;
/// The folder where data is kept between runs.
const FOLDER: &str = "topic-events";
/// What every event has, as a text (documentation, "Azure Event Grid event schema").
const REQUIRED: [&str; 5] = ["id", "subject", "eventType", "eventTime", "dataVersion"];

/// Why events were not taken.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    /// The body is no array of events in Event Grid's schema.
    #[error("publishing to the topic {topic}: {why}")]
    Malformed {
        /// The topic.
        topic: String,
        /// What is wrong.
        why: String,
    },
    /// Too many wait.
    #[error(
        "{MAX_WAITING} events of topics wait to be delivered; publish again when some of them are"
    )]
    Full,
    /// They cannot be kept, or what was kept cannot be read.
    #[error("keeping events of topics in {path}: {source}")]
    NotKept {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The events of all topics. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Published(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    /// `None`: nothing is kept.
    folder: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    /// Not acknowledged.
    all: BTreeMap<u64, Kept>,
    /// Of those, not handed out in this run.
    next: VecDeque<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    topic: String,
    event: Value,
}

impl Published {
    /// With what the last run left unacknowledged, if data is kept.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(data: Option<&Path>) -> Result<Self, PublishedError> {
        let folder = data.map(|data| data.join(FOLDER));
        let waiting = folder.as_deref().map(Waiting::read).transpose()?.unwrap_or_default();
        Ok(Self(Arc::new(Shared { waiting: Mutex::new(waiting), arrived: Notify::new(), folder })))
    }

    /// Takes the body of a request: an array of events in Event Grid's schema. All of them are kept when this returns.
    ///
    /// # Errors
    /// Nothing was taken, or not all of it: published again, some come twice, as in Azure.
    pub fn publish(&self, topic: &str, body: &[u8]) -> Result<(), PublishedError> {
        let malformed = |why: String| PublishedError::Malformed { topic: topic.to_owned(), why };
        let events: Vec<Value> =
            serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
        for event in &events {
            let missing = REQUIRED.iter().find(|name| !event[**name].is_string());
            if let Some(missing) = missing {
                return Err(malformed(format!("an event has no text {missing}")));
            }
        }
        for event in events {
            let kept = Kept { topic: topic.to_owned(), event };
            let mut waiting = self.lock();
            if waiting.all.len() >= MAX_WAITING {
                return Err(PublishedError::Full);
            }
            let id = waiting.last + 1;
            if let Some(folder) = &self.0.folder {
                keep(folder, id, &kept)?;
            }
            waiting.last = id;
            waiting.all.insert(id, kept);
            waiting.next.push_back(id);
            drop(waiting);
            self.0.arrived.notify_one();
        }
        Ok(())
    }

    /// How many events are not acknowledged.
    pub fn waiting(&self) -> usize {
        self.lock().all.len()
    }

    /// The next event, when there is one: its id, its topic, itself. Each is handed out once in a run.
    pub(super) async fn next(&self) -> (u64, String, Value) {
        loop {
            // Before looking, so that an event that arrives in between is not missed.
            let arrived = self.0.arrived.notified();
            let taken = {
                let mut waiting = self.lock();
                let id = waiting.next.pop_front();
                id.and_then(|id| waiting.all.get(&id).cloned().map(|kept| (id, kept)))
            };
            if let Some((id, Kept { topic, event })) = taken {
                return (id, topic, event);
            }
            arrived.await;
        }
    }

    /// It need not be kept any more.
    pub(super) fn acknowledge(&self, id: u64) {
        self.lock().all.remove(&id);
        if let Some(folder) = &self.0.folder {
            // What stays is delivered once more after a restart, which Event Grid may do as well.
            let _ = std::fs::remove_file(file(folder, id));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().expect("no code panics while it holds the events")
    }
}

impl Waiting {
    fn read(folder: &Path) -> Result<Self, PublishedError> {
        let not_kept = |source| PublishedError::NotKept { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(not_kept)?;
        let mut waiting = Self::default();
        for entry in std::fs::read_dir(folder).map_err(not_kept)? {
            let path = entry.map_err(not_kept)?.path();
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
            // One that a killed host did not finish was never answered for.
            let is_whole = path.extension().is_some_and(|extension| extension == "json");
            let Some(id) = number.filter(|_| is_whole) else { continue };
            let text = std::fs::read(&path).map_err(not_kept)?;
            let kept = serde_json::from_slice(&text).map_err(|error| not_kept(error.into()))?;
            waiting.all.insert(id, kept);
        }
        waiting.last = waiting.all.last_key_value().map_or(0, |(last, _)| *last);
        waiting.next = waiting.all.keys().copied().collect();
        Ok(waiting)
    }
}

/// Written beside, then moved to its place: a file is whole or not there.
fn keep(folder: &Path, id: u64, kept: &Kept) -> Result<(), PublishedError> {
    let text = serde_json::to_vec(kept).expect("an event is plain values");
    let (beside, place) = (folder.join(format!("{id:020}.part")), file(folder, id));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &place));
    written.map_err(|source| PublishedError::NotKept { path: place, source })
}

fn file(folder: &Path, id: u64) -> PathBuf {
    folder.join(format!("{id:020}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    fn event(id: &str) -> Value {
        json!({"id": id, "subject": "s", "eventType": "Sample.Done", "eventTime": "2026-11-30T09:00:00Z",
            "dataVersion": "1.0", "data": {}})
    }

    fn publish(published: &Published, ids: &[&str]) -> Result<(), PublishedError> {
        let events: Vec<_> = ids.iter().map(|id| event(id)).collect();
        published.publish("samples", json!(events).to_string().as_bytes())
    }

    #[tokio::test]
    async fn events_outlive_the_host_until_they_are_acknowledged() {
        let data = tempfile::tempdir().unwrap();
        let published = Published::open(Some(data.path())).unwrap();
        publish(&published, &["1", "2", "3"]).unwrap();
        let (first, topic, taken) = published.next().await;
        assert_eq!((topic.as_str(), &taken), ("samples", &event("1")));
        published.acknowledge(first);
        // Handed out, and not acknowledged when the host was killed.
        published.next().await;
        drop(published);
        std::fs::write(data.path().join(FOLDER).join("00000000000000000009.part"), "{").unwrap();
        let published = Published::open(Some(data.path())).unwrap();
        assert_eq!(published.waiting(), 2);
        assert_eq!(published.next().await.2, event("2"));
        publish(&published, &["4"]).unwrap();
        assert_eq!((published.next().await.2, published.next().await.2), (event("3"), event("4")));
    }

    #[test]
    fn what_is_no_event_is_refused_whole_and_too_many_are_not_taken() {
        let published = Published::default();
        let half = json!([event("1"), {"id": "2"}]).to_string();
        let error = published.publish("samples", half.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("no text subject"), "{error}");
        for wrong in ["{}", "[1]", "[", "[{\"id\": 1}]"] {
            assert!(published.publish("samples", wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert_eq!(published.waiting(), 0);
        let many = vec!["1"; MAX_WAITING];
        publish(&published, &many).unwrap();
        assert!(matches!(publish(&published, &["2"]), Err(PublishedError::Full)));
    }
}
