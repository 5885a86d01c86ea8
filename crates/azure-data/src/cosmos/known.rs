//! Documents that were looked at all at once, so that most changes to them need no read of their own.

use super::attempts::ChangeError;
use super::{Change, Container, ContainerReader, CosmosFailure, Item, WriteError};
use azure_core::http::Etag;
use azure_data_cosmos::Query;
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Most ids in one query: an answer of documents of a few kilobytes each is one page then.
const MAX_IDS: usize = 100;
/// How many such queries are asked at the same time.
const MAX_QUERIES_AT_ONCE: usize = 4;

/// What documents of a container are, and which are not there, as far as somebody has seen; in the container the id of each
/// document is its partition key. It may be old by now, which does no harm: [`Container::change_known`] finds it out.
#[derive(Debug)]
pub struct Known<T> {
    /// `None`: there was no such document.
    documents: Mutex<HashMap<String, Option<Item<T>>>>,
}

impl<T> Default for Known<T> {
    /// Nothing is known.
    fn default() -> Self {
        Self { documents: Mutex::default() }
    }
}

impl<T: DeserializeOwned> Known<T> {
    /// Of whole documents with their system properties, such as a change feed brings. One that is not a `T` is not known.
    #[must_use]
    pub fn of(documents: &[Value]) -> Self {
        let known = documents.iter().filter_map(|document| {
            let (id, etag) = stamps(document)?;
            let value = T::deserialize(document).ok()?;
            Some((id.to_owned(), Some(Item { value, etag })))
        });
        Self { documents: Mutex::new(known.collect()) }
    }
}

impl<T> Known<T> {
    /// What `look` sees in a document; `None` if no such document is known.
    pub fn look<R>(&self, id: &str, look: impl FnOnce(&T) -> R) -> Option<R> {
        let documents = self.lock();
        documents.get(id)?.as_ref().map(|item| look(&item.value))
    }

    /// What is known of this document, which is not known any more then.
    fn take(&self, id: &str) -> Option<Option<Item<T>>> {
        self.lock().remove(id)
    }

    fn put(&self, id: &str, item: Item<T>) {
        self.lock().insert(id.to_owned(), Some(item));
    }

    /// What is known may be wrong anyway.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<Item<T>>>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ContainerReader {
    /// The documents of these ids, of which each is its own partition key: one query for every 100 of them, which costs about
    /// as many request units as reading each, and one answer instead of 100. A document that is not a `T` is not known.
    ///
    /// ```
    /// # use azure_data::{Change, ChangeError, Container, CosmosFailure};
    /// # use serde::{Deserialize, Serialize};
    /// # use std::convert::Infallible;
    /// #[derive(Serialize, Deserialize)]
    /// struct Visitor { id: String, seen: bool }
    ///
    /// /// Notes that these people were here.
    /// async fn note(visitors: &Container, ids: &[String]) -> Result<(), ChangeError<Infallible>> {
    ///     let known = visitors.read_known::<Visitor>(ids.iter().cloned()).await?;
    ///     for id in ids {
    ///         let seen = |visitor: Option<&Visitor>| {
    ///             Ok(match visitor.is_some_and(|visitor| visitor.seen) {
    ///                 true => Change::Keep(()),
    ///                 false => Change::Write(Visitor { id: id.clone(), seen: true }, ()),
    ///             })
    ///         };
    ///         visitors.change_known(id, &known, seen).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Cosmos DB cannot be asked.
    pub async fn read_known<T: DeserializeOwned>(
        &self,
        ids: impl IntoIterator<Item = String>,
    ) -> Result<Known<T>, CosmosFailure> {
        let ids: HashSet<String> = ids.into_iter().collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let pages: Vec<Vec<Value>> = stream::iter(ids.chunks(MAX_IDS).map(<[String]>::to_vec))
            .map(|ids| self.whole_documents(ids))
            .buffer_unordered(MAX_QUERIES_AT_ONCE)
            .try_collect()
            .await?;
        let mut documents: HashMap<String, Option<Item<T>>> =
            ids.iter().map(|id| (id.clone(), None)).collect();
        for document in pages.into_iter().flatten() {
            let Some((id, etag)) = stamps(&document).map(|(id, etag)| (id.to_owned(), etag)) else {
                continue;
            };
            match serde_json::from_value(document) {
                Ok(value) => documents.insert(id, Some(Item { value, etag })),
                Err(_) => documents.remove(&id),
            };
        }
        Ok(Known { documents: Mutex::new(documents) })
    }

    async fn whole_documents(&self, ids: Vec<String>) -> Result<Vec<Value>, CosmosFailure> {
        let most = u32::try_from(ids.len()).ok().and_then(NonZeroU32::new);
        let Some(most) = most else { return Ok(Vec::new()) };
        let query = Query::from("SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)");
        self.query(query.with_parameter("@ids", &ids).expect("texts are JSON"), most).await
    }
}

impl Container {
    /// As [`Container::change`] of a document whose id is its partition key, with what is known of it in the place of the first
    /// read; what it becomes is known then. Only where that does not settle the matter the document is read.
    ///
    /// What is known may be old, so only this is decided by it: what is written, since the write is refused if the document is
    /// another one by now; and that a document stays as it is, which is right if what `decide` finds done in it is never
    /// undone. That something is refused, or that of what was not there nothing becomes, is decided by a read.
    ///
    /// # Errors
    /// As [`Container::change`].
    pub async fn change_known<T, R, E>(
        &self,
        id: &str,
        known: &Known<T>,
        mut decide: impl FnMut(Option<&T>) -> Result<Change<T, R>, E>,
    ) -> Result<R, ChangeError<E>>
    where
        T: Serialize + DeserializeOwned + Sync + Send,
    {
        if let Some(there) = known.take(id)
            && let Some(result) = self.settled(id, there, known, &mut decide).await?
        {
            return Ok(result);
        }
        self.change(id, id, decide).await
    }

    /// What comes of a change to what is known; `None` if that cannot be said.
    async fn settled<T, R, E>(
        &self,
        id: &str,
        there: Option<Item<T>>,
        known: &Known<T>,
        decide: &mut impl FnMut(Option<&T>) -> Result<Change<T, R>, E>,
    ) -> Result<Option<R>, CosmosFailure>
    where
        T: Serialize + Sync + Send,
    {
        let Ok(decided) = decide(there.as_ref().map(|item| &item.value)) else { return Ok(None) };
        match (decided, there) {
            (Change::Keep(result), Some(item)) => {
                known.put(id, item);
                Ok(Some(result))
            }
            (Change::Write(value, result), there) => {
                let written = match &there {
                    Some(item) => self.replace(id, id, &value, &item.etag).await,
                    None => self.create(id, id, &value).await,
                };
                let written = unless_changed(written)?;
                Ok(written.map(|etag| {
                    known.put(id, Item { value, etag });
                    result
                }))
            }
            (Change::Delete(result), Some(item)) => {
                Ok(unless_changed(self.delete(id, id, &item.etag).await)?.map(|()| result))
            }
            (Change::Keep(_) | Change::Delete(_), None) => Ok(None),
        }
    }
}

/// `None` if the document is another one than was known.
fn unless_changed<T>(written: Result<T, WriteError>) -> Result<Option<T>, CosmosFailure> {
    match written {
        Ok(written) => Ok(Some(written)),
        Err(WriteError::Conflict) => Ok(None),
        Err(WriteError::Failed(failure)) => Err(failure),
    }
}

fn stamps(document: &Value) -> Option<(&str, Etag)> {
    Some((document["id"].as_str()?, Etag::from(document["_etag"].as_str()?)))
}
