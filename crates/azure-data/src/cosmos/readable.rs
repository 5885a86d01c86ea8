use super::{ContainerReader, CosmosFailure};
use azure_data_cosmos::Query;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::num::NonZeroU32;

/// Most pages that one list reads in search of documents that can be read.
const MAX_PAGES: usize = 20;

/// What a query selected, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable<T> {
    /// The documents that are a `T`, in the query's order.
    pub items: Vec<T>,
    /// The ids of the others.
    pub unreadable: Vec<String>,
    /// The id of the last document of all, from which a list that is ordered by id goes on.
    pub last_id: Option<String>,
}

impl<T: DeserializeOwned> Readable<T> {
    fn of(documents: Vec<Value>) -> Self {
        let mut read = Self { items: Vec::new(), unreadable: Vec::new(), last_id: None };
        for document in documents {
            let id = document["id"].as_str().unwrap_or_default().to_owned();
            read.last_id = Some(id.clone());
            match serde_json::from_value(document) {
                Ok(item) => read.items.push(item),
                // Not the cause: it would quote the document.
                Err(_) => read.unreadable.push(id),
            }
        }
        read
    }

    /// How many documents there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.len() + self.unreadable.len()
    }
}

impl ContainerReader {
    /// As [`ContainerReader::query`] of whole documents, where one that cannot be read must not stand in the way of
    /// the others: it is logged by its id and left out.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked.
    pub async fn query_readable<T: DeserializeOwned>(
        &self,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Readable<T>, CosmosFailure> {
        let read = Readable::of(self.query::<Value>(query, most).await?);
        for id in &read.unreadable {
            let container = self.name();
            tracing::warn!(container, id, "a document cannot be read: it is left out of a list");
        }
        Ok(read)
    }

    /// The first `most` documents after the id `after` that can be read, in the order of their ids. `page` makes the
    /// query for the first `most` after an id; documents that cannot be read do not make a page shorter.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked.
    pub async fn list_readable<T: DeserializeOwned>(
        &self,
        after: &str,
        most: NonZeroU32,
        page: impl Fn(&str) -> Query,
    ) -> Result<Vec<T>, CosmosFailure> {
        let wanted = most.get() as usize;
        let (mut found, mut after) = (Vec::new(), after.to_owned());
        for _ in 0..MAX_PAGES {
            let read = self.query_readable(page(&after), most).await?;
            let is_last = read.count() < wanted;
            found.extend(read.items);
            match read.last_id {
                Some(last) if !is_last && found.len() < wanted => after = last,
                _ => break,
            }
        }
        found.truncate(wanted);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Cake {
        layers: u32,
    }

    #[test]
    fn one_document_that_cannot_be_read_leaves_the_others() {
        let documents = vec![json!({"id": "a", "layers": 1}), json!({"id": "b", "layers": "many"})];
        let read: Readable<Cake> = Readable::of(documents);
        assert_eq!(
            (read.count(), read.last_id.as_deref(), &read.unreadable, &read.items),
            (2, Some("b"), &vec!["b".to_owned()], &vec![Cake { layers: 1 }])
        );
    }
}
