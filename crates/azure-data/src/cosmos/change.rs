use super::attempts::{Attempt, Attempts, ChangeError};
use super::{Container, Item};
use serde::{Serialize, de::DeserializeOwned};

/// What is to become of a document, and what the caller of [`Container::change`] gets for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T, R> {
    /// It stays as it is: nothing is written.
    Keep(R),
    /// It becomes this, or is created so.
    Write(T, R),
    /// It is removed; if there is none, nothing is written.
    Delete(R),
}

impl Container {
    /// Reads a document, lets `decide` say what it becomes, and writes that on condition that nobody changed the
    /// document meanwhile; if somebody did, all of it again. `decide` gets `None` where there is no document, and may
    /// be called several times: it decides and does nothing else.
    ///
    /// ```
    /// # use azure_data::{Change, ChangeError, Container};
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Serialize, Deserialize)]
    /// struct Stock { id: String, pieces: u32 }
    /// struct SoldOut;
    ///
    /// /// Takes one piece; the number that is left.
    /// async fn take(stocks: &Container, id: &str) -> Result<u32, ChangeError<SoldOut>> {
    ///     stocks.change(id, id, |stock: Option<&Stock>| {
    ///         let pieces = stock.map_or(0, |stock| stock.pieces).checked_sub(1).ok_or(SoldOut)?;
    ///         Ok(match pieces {
    ///             0 => Change::Delete(0),
    ///             left => Change::Write(Stock { id: id.to_owned(), pieces: left }, left),
    ///         })
    ///     }).await
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`ChangeError`] says: what `decide` refused, too many conflicts, or Cosmos DB failed.
    pub async fn change<T, R, E>(
        &self,
        partition: &str,
        id: &str,
        mut decide: impl FnMut(Option<&T>) -> Result<Change<T, R>, E>,
    ) -> Result<R, ChangeError<E>>
    where
        T: Serialize + DeserializeOwned + Sync,
    {
        let mut attempts = Attempts::new();
        loop {
            let attempt = self.attempt(partition, id, &mut decide).await;
            let what = || format!("changing a document of {}", self.name());
            if let Some(result) = attempts.after(attempt, what).await {
                return result;
            }
        }
    }

    async fn attempt<T, R, E>(
        &self,
        partition: &str,
        id: &str,
        decide: &mut impl FnMut(Option<&T>) -> Result<Change<T, R>, E>,
    ) -> Result<R, Attempt<E>>
    where
        T: Serialize + DeserializeOwned + Sync,
    {
        let current: Option<Item<T>> = self.read(partition, id).await?;
        let value = current.as_ref().map(|item| &item.value);
        match (decide(value).map_err(Attempt::Refused)?, &current) {
            (Change::Keep(result), _) | (Change::Delete(result), None) => Ok(result),
            (Change::Write(value, result), Some(item)) => {
                self.replace(partition, id, &value, &item.etag).await?;
                Ok(result)
            }
            (Change::Write(value, result), None) => {
                self.create(partition, id, &value).await?;
                Ok(result)
            }
            (Change::Delete(result), Some(item)) => {
                self.delete(partition, id, &item.etag).await?;
                Ok(result)
            }
        }
    }
}
