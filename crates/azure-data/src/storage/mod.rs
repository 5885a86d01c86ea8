//! Azure Blob and Queue Storage: one account, its containers and queues. Clients are built when first used.

mod blob;
mod blob_reader;
mod content;
mod delegation;
mod failure;
mod operation;
mod queue;
mod queue_name;
mod queue_reader;
mod read_url;
mod settings;
mod signing;
mod upload_url;

use crate::credential;
use azure_core::{
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Url},
    time::Duration as SdkDuration,
};
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions};
use azure_storage_queue::{QueueServiceClient, QueueServiceClientOptions};
use custom_handler::{Description, Settings, SettingsError};
use delegation::DelegationKeys;
use serde_json::json;
use settings::StorageSettings;
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

pub use blob::{BlobContainer, BlobProperties};
pub use blob_reader::BlobReader;
pub use content::Blob;
pub use failure::{BlobRefusal, StorageFailure};
pub use queue::{QueueLength, QueueSender};
pub use queue_name::QueueName;
pub use queue_reader::{QueueReader, Taken};
pub use read_url::ReadSigner;
pub use upload_url::{UploadSigner, UploadUrl};

/// The longest we wait for an answer without content, the SDK's own retries included.
const DEADLINE: Duration = Duration::from_secs(8);
/// The longest we wait for the content of a blob to go up or come down.
const CONTENT_DEADLINE: Duration = Duration::from_secs(30);
/// Tries after the first; the SDK's own default goes on for a minute.
const MAX_RETRIES: u32 = 3;
/// The pause before the second try; it grows from try to try.
const FIRST_PAUSE: SdkDuration = SdkDuration::milliseconds(200);

/// One storage account; connects when first used. What is asked of it becomes part of the app's description.
#[derive(Debug)]
pub struct Storage {
    account: Arc<Account>,
    description: Description,
}

impl Storage {
    /// Reads `STORAGE__blobServiceUri` and `STORAGE__queueServiceUri`; contacts nobody. A local URL carries a shared
    /// access signature in its query, which goes with every request; in Azure the managed identity signs in.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let account = Account::new(StorageSettings::read(settings)?);
        Ok(Self { account: Arc::new(account), description: settings.description() })
    }

    /// The blob container `name`, which somebody else has created.
    #[must_use]
    pub fn blobs(&self, name: &'static str) -> BlobContainer {
        self.note("blobContainers", name, &["read", "write"]);
        BlobContainer::new(Arc::clone(&self.account), name)
    }

    /// The blob container `name` of another app, only to read.
    #[must_use]
    pub fn blob_reader(&self, name: &'static str) -> BlobReader {
        self.note("blobContainers", name, &["read"]);
        BlobReader(BlobContainer::new(Arc::clone(&self.account), name))
    }

    /// Signs URLs with which clients create blobs in the container `name`.
    #[must_use]
    pub fn upload_signer(&self, name: &'static str) -> UploadSigner {
        self.note("blobContainers", name, &["sign"]);
        UploadSigner::new(Arc::clone(&self.account), name)
    }

    /// Signs URLs with which clients read blobs of the container `name`.
    #[must_use]
    pub fn read_signer(&self, name: &'static str) -> ReadSigner {
        self.note("blobContainers", name, &["sign"]);
        ReadSigner::new(Arc::clone(&self.account), name)
    }

    /// The queue `name`, which somebody else has created, to send messages.
    #[must_use]
    pub fn queue_sender(&self, name: impl Into<QueueName>) -> QueueSender {
        let name = name.into();
        self.note("queues", name.declared(), &["send"]);
        QueueSender::new(Arc::clone(&self.account), name)
    }

    /// The queue `name`, which somebody else has created, to count what waits in it.
    #[must_use]
    pub fn queue_length(&self, name: impl Into<QueueName>) -> QueueLength {
        let name = name.into();
        self.note("queues", name.declared(), &["length"]);
        QueueLength::new(Arc::clone(&self.account), name)
    }

    /// The queue `name`, which somebody else has created, to take messages from it without a trigger.
    #[must_use]
    pub fn queue_reader(&self, name: impl Into<QueueName>) -> QueueReader {
        let name = name.into();
        self.note("queues", name.declared(), &["process"]);
        QueueReader::new(Arc::clone(&self.account), name)
    }

    fn note(&self, member: &str, name: &str, uses: &[&str]) {
        self.description.note(member, &json!({"name": name, "uses": uses}));
    }
}

struct Account {
    settings: StorageSettings,
    blobs: OnceCell<BlobServiceClient>,
    queues: OnceCell<QueueServiceClient>,
    delegation_keys: DelegationKeys,
}

impl Account {
    fn new(settings: StorageSettings) -> Self {
        Self {
            settings,
            blobs: OnceCell::new(),
            queues: OnceCell::new(),
            delegation_keys: DelegationKeys::default(),
        }
    }

    /// One of which only blobs are asked for.
    fn of_blobs(blobs: Url) -> Self {
        Self::new(StorageSettings { queues: blobs.clone(), blobs })
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

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.settings).finish()
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
