//! Azure Cosmos DB: one account, one database, its containers; every write is conditional.

use crate::credential;
use azure_core::credentials::TokenCredential;
use azure_core::http::{Etag, Url};
use azure_data_cosmos::options::{ItemWriteOptions, MaxItemCountHint, Precondition, QueryOptions};
use azure_data_cosmos::{
    AccountEndpoint, AccountReference, ContainerClient, CosmosClient, CosmosError, CosmosStatus,
    Query, RoutingStrategy, SubStatusCode, feed::FeedScope,
};
use custom_handler::{Settings, SettingsError};
use futures::{StreamExt, TryStreamExt, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, future::Future, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

/// The longest we wait for one answer of Cosmos DB, the SDK's own retries included.
const DEADLINE: Duration = Duration::from_secs(8);
/// The SDK's own sub-status for an answer that is not the type asked for.
const UNEXPECTED_SHAPE: u16 = 20020;
/// Most characters of an SDK error that are kept for the log: it may carry pages of diagnostics.
const MAX_CAUSE_CHARS: usize = 400;

/// Where the data is.
#[derive(Debug, Clone)]
pub struct CosmosSettings {
    endpoint: Url,
    database: String,
    region: Option<String>,
}

impl CosmosSettings {
    /// Reads `COSMOS__accountEndpoint` and `COSMOS__database`, and the region that Azure tells in
    /// `REGION_NAME`.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let endpoint =
            settings.parse("COSMOS__accountEndpoint", "https://iommi-dev.documents.azure.com:443/");
        let database = settings.required("COSMOS__database", "iommi");
        Ok(Self {
            endpoint: endpoint?,
            database: database?,
            region: settings.optional("REGION_NAME"),
        })
    }
}

/// One account and database; connects when first used.
#[derive(Debug)]
pub struct Cosmos {
    settings: CosmosSettings,
    client: OnceCell<CosmosClient>,
}

impl Cosmos {
    /// Nothing is contacted yet.
    #[must_use]
    pub fn new(settings: CosmosSettings) -> Arc<Self> {
        Arc::new(Self { settings, client: OnceCell::new() })
    }

    /// The container `name`, whose documents are partitioned by the value that callers pass as `partition`.
    #[must_use]
    pub fn container(self: &Arc<Self>, name: &'static str) -> Container {
        Container { cosmos: Arc::clone(self), name, client: OnceCell::new() }
    }

    async fn client(&self) -> Result<&CosmosClient, CosmosFailure> {
        self.client.get_or_try_init(|| self.connect()).await
    }

    async fn connect(&self) -> Result<CosmosClient, CosmosFailure> {
        let url = &self.settings.endpoint;
        let unusable = |cause: String| CosmosFailure::unusable("connecting to Cosmos DB", cause);
        let credential: Arc<dyn TokenCredential> =
            credential::credential_for(url).map_err(unusable)?;
        credential::install_tls();
        let endpoint: AccountEndpoint =
            url.as_str().parse().map_err(|error| unusable(format!("{url}: {error}")))?;
        let routing = match &self.settings.region {
            Some(region) => RoutingStrategy::ProximityTo(region.clone().into()),
            None => RoutingStrategy::PreferredRegions(Vec::new()),
        };
        let account = AccountReference::with_credential(endpoint, credential);
        let what = || "connecting to Cosmos DB".to_owned();
        within_deadline(what, CosmosClient::builder().build(account, routing)).await
    }
}

/// A document as it was read: its value, and the entity tag that a conditional write needs.
#[derive(Debug, Clone)]
pub struct Kept<T> {
    /// The document.
    pub value: T,
    /// Cosmos DB's `_etag`; it changes with every write.
    pub etag: Etag,
}

/// Why a conditional write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Somebody else created it, changed it or deleted it first: read again and decide again.
    #[error("the document was changed by somebody else")]
    Changed,
    /// Cosmos DB did not do it; nothing is known about the document.
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// A container; connects when first used.
pub struct Container {
    cosmos: Arc<Cosmos>,
    name: &'static str,
    client: OnceCell<ContainerClient>,
}

impl Container {
    async fn client(&self) -> Result<&ContainerClient, CosmosFailure> {
        let connect = || async {
            let client = self.cosmos.client().await?;
            let database = client.database_client(self.cosmos.settings.database.clone());
            let what = || format!("opening the container {}", self.name);
            within_deadline(what, database.container_client(self.name, None)).await
        };
        self.client.get_or_try_init(connect).await
    }

    /// The document, or `None` if there is none.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or the document is not a `T`.
    pub async fn read<T: DeserializeOwned>(
        &self,
        partition: &str,
        id: &str,
    ) -> Result<Option<Kept<T>>, CosmosFailure> {
        let what = || format!("reading {id} from {}", self.name);
        let read = self.client().await?.read_item(partition.to_owned(), id, None);
        let response = match within_deadline(what, read).await {
            Err(failure) if failure.is_not_found() => return Ok(None),
            other => other?,
        };
        let etag = response.headers().etag().cloned().ok_or_else(|| no_etag(what()))?;
        let value = response.into_model().map_err(|error| CosmosFailure::new(what(), &error))?;
        Ok(Some(Kept { value, etag }))
    }

    /// Stores a document that must not be there yet.
    ///
    /// # Errors
    /// [`Refusal::Changed`] if it is there.
    pub async fn create<T: Serialize + Sync>(
        &self,
        partition: &str,
        id: &str,
        value: &T,
    ) -> Result<Etag, Refusal> {
        let what = || format!("creating {id} in {}", self.name);
        let create = self.client().await?.create_item(partition.to_owned(), id, value, None);
        let response = within_deadline(what, create).await.map_err(CosmosFailure::into_refusal)?;
        Ok(response.headers().etag().cloned().ok_or_else(|| no_etag(what()))?)
    }

    /// Stores a document in the place of the one that `etag` names.
    ///
    /// # Errors
    /// [`Refusal::Changed`] if it is another one by now, or gone.
    pub async fn replace<T: Serialize + Sync>(
        &self,
        partition: &str,
        id: &str,
        value: &T,
        etag: &Etag,
    ) -> Result<Etag, Refusal> {
        let what = || format!("replacing {id} in {}", self.name);
        let options = only_if(etag);
        let replace =
            self.client().await?.replace_item(partition.to_owned(), id, value, Some(options));
        let response = within_deadline(what, replace).await.map_err(CosmosFailure::into_refusal)?;
        Ok(response.headers().etag().cloned().ok_or_else(|| no_etag(what()))?)
    }

    /// Removes the document that `etag` names.
    ///
    /// # Errors
    /// [`Refusal::Changed`] if it is another one by now, or gone.
    pub async fn delete(&self, partition: &str, id: &str, etag: &Etag) -> Result<(), Refusal> {
        let what = || format!("deleting {id} from {}", self.name);
        let delete =
            self.client().await?.delete_item(partition.to_owned(), id, Some(only_if(etag)));
        within_deadline(what, delete).await.map_err(CosmosFailure::into_refusal)?;
        Ok(())
    }

    /// The first `most` documents of all partitions that a query selects.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or a document is not a `T`.
    pub async fn query<T: DeserializeOwned + Send + 'static>(
        &self,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Vec<T>, CosmosFailure> {
        self.select(FeedScope::full_container(), query, most).await
    }

    /// The first `most` documents of one partition that a query selects: one request, where
    /// [`Container::query`] makes one for each physical partition.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or a document is not a `T`.
    pub async fn query_in<T: DeserializeOwned + Send + 'static>(
        &self,
        partition: &str,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Vec<T>, CosmosFailure> {
        self.select(FeedScope::partition(partition.to_owned()), query, most).await
    }

    async fn select<T: DeserializeOwned + Send + 'static>(
        &self,
        scope: FeedScope,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Vec<T>, CosmosFailure> {
        let what = || format!("querying {}", self.name);
        let client = self.client().await?;
        let page = MaxItemCountHint::Limit(most);
        let options = QueryOptions::default().with_max_item_count(page);
        let answer = async {
            client
                .query_items::<T>(query, scope, Some(options))
                .await?
                .take(most.get() as usize)
                .try_collect()
                .await
        };
        within_deadline(what, answer).await
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Container").field(&self.name).finish()
    }
}

fn only_if(etag: &Etag) -> ItemWriteOptions {
    ItemWriteOptions::default().with_precondition(Precondition::if_match(etag.clone()))
}

fn no_etag(what: String) -> CosmosFailure {
    CosmosFailure { what, cause: "the answer has no ETag".into(), status: None, retry_after: None }
}

/// The SDK's futures are large: boxed, so that functions stay small.
fn within_deadline<'a, T: 'a>(
    what: impl Fn() -> String + Send + 'a,
    call: impl Future<Output = azure_data_cosmos::Result<T>> + Send + 'a,
) -> BoxFuture<'a, Result<T, CosmosFailure>> {
    Box::pin(async move {
        match tokio::time::timeout(DEADLINE, call).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(CosmosFailure::new(what(), &error)),
            Err(_) => Err(CosmosFailure {
                what: what(),
                cause: format!("no answer within {} s", DEADLINE.as_secs()),
                status: None,
                retry_after: Some(RETRY_LATER),
            }),
        }
    })
}

/// When clients should try again. The SDK has waited and tried as often as Cosmos DB asked by the time we hear
/// of it, so this is a pause on top of that.
const RETRY_LATER: Duration = Duration::from_secs(5);

/// Cosmos DB did not do what we asked. The text names the operation and the document's id, never its content.
#[derive(Clone)]
pub struct CosmosFailure {
    what: String,
    cause: String,
    status: Option<CosmosStatus>,
    retry_after: Option<Duration>,
}

impl CosmosFailure {
    fn new(what: String, error: &CosmosError) -> Self {
        let status = error.status();
        let passing = status.is_throttled() || status.is_transient() || status.is_timeout();
        Self {
            what,
            cause: cause(&status, error),
            status: Some(status),
            retry_after: passing.then_some(RETRY_LATER),
        }
    }

    fn unusable(what: &str, cause: String) -> Self {
        Self { what: what.to_owned(), cause, status: None, retry_after: None }
    }

    /// When it makes sense to try again; `None` if trying again will not help.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn is_not_found(&self) -> bool {
        self.status.as_ref().is_some_and(CosmosStatus::is_not_found)
    }

    fn into_refusal(self) -> Refusal {
        let lost = |status: &CosmosStatus| {
            status.is_conflict() || status.is_precondition_failed() || status.is_not_found()
        };
        if self.status.as_ref().is_some_and(lost) {
            Refusal::Changed
        } else {
            Refusal::Failed(self)
        }
    }
}

/// What the log gets. Of an answer that is not the document we expected only that: the text would quote it.
fn cause(status: &CosmosStatus, error: &CosmosError) -> String {
    if status.sub_status() == Some(SubStatusCode::from(UNEXPECTED_SHAPE)) {
        return "the stored document does not have the shape this version expects".to_owned();
    }
    error.to_string().chars().take(MAX_CAUSE_CHARS).collect()
}

impl fmt::Display for CosmosFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.cause)
    }
}

impl fmt::Debug for CosmosFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CosmosFailure {}
