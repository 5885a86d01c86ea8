//! Azure Blob and Queue Storage: one account, its containers and queues. Clients are built when first used.

mod blob;
mod content;
mod delegation;
mod failure;
mod queue;
mod settings;
mod upload_url;

use crate::credential;
use azure_core::{
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions},
    time::Duration as SdkDuration,
};
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions};
use azure_storage_queue::{QueueServiceClient, QueueServiceClientOptions};
use delegation::DelegationKeys;
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

pub use blob::{BlobContainer, BlobProperties};
pub use content::Blob;
pub use failure::{BlobRefusal, StorageFailure};
pub use queue::Queue;
pub use settings::StorageSettings;
pub use upload_url::UploadUrl;

/// The longest we wait for an answer without content, the SDK's own retries included.
const DEADLINE: Duration = Duration::from_secs(8);
/// The longest we wait for the content of a blob to go up or come down.
const CONTENT_DEADLINE: Duration = Duration::from_secs(30);
/// Tries after the first; the SDK's own default goes on for a minute.
const MAX_RETRIES: u32 = 3;
/// The pause before the second try; it grows from try to try.
const FIRST_PAUSE: SdkDuration = SdkDuration::milliseconds(200);

/// One storage account; connects when first used.
pub struct Storage {
    settings: StorageSettings,
    blobs: OnceCell<BlobServiceClient>,
    queues: OnceCell<QueueServiceClient>,
    delegation_keys: DelegationKeys,
}

impl Storage {
    /// Nothing is contacted yet.
    #[must_use]
    pub fn new(settings: StorageSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            blobs: OnceCell::new(),
            queues: OnceCell::new(),
            delegation_keys: DelegationKeys::default(),
        })
    }

    /// The blob container `name`, which somebody else has created.
    #[must_use]
    pub fn blobs(self: &Arc<Self>, container: &'static str) -> BlobContainer {
        BlobContainer::new(Arc::clone(self), container)
    }

    /// The queue `name`, which somebody else has created.
    #[must_use]
    pub fn queue(self: &Arc<Self>, name: &'static str) -> Queue {
        Queue::new(Arc::clone(self), name)
    }

    async fn blob_service(&self) -> Result<&BlobServiceClient, StorageFailure> {
        let connect = || async {
            let unusable = |cause| StorageFailure::unusable("connecting to Blob Storage", cause);
            let url = &self.settings.blobs;
            let credential = credential::storage_credential_for(url).map_err(unusable)?;
            let options =
                BlobServiceClientOptions { client_options: client_options(), ..Default::default() };
            BlobServiceClient::new(url.clone(), credential, Some(options)).map_err(|error| {
                StorageFailure::new("connecting to Blob Storage".to_owned(), &error)
            })
        };
        self.blobs.get_or_try_init(connect).await
    }

    async fn queue_service(&self) -> Result<&QueueServiceClient, StorageFailure> {
        let connect = || async {
            let unusable = |cause| StorageFailure::unusable("connecting to Queue Storage", cause);
            let url = &self.settings.queues;
            let credential = credential::storage_credential_for(url).map_err(unusable)?;
            let options = QueueServiceClientOptions {
                client_options: client_options(),
                ..Default::default()
            };
            QueueServiceClient::new(url.clone(), credential, Some(options)).map_err(|error| {
                StorageFailure::new("connecting to Queue Storage".to_owned(), &error)
            })
        };
        self.queues.get_or_try_init(connect).await
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Storage").field(&self.settings).finish()
    }
}

/// What all storage clients are built with.
fn client_options() -> ClientOptions {
    credential::install_tls();
    let retry = ExponentialRetryOptions {
        initial_delay: FIRST_PAUSE,
        max_retries: MAX_RETRIES,
        ..Default::default()
    };
    ClientOptions { retry: RetryOptions::exponential(retry), ..Default::default() }
}
