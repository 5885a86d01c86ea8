use super::operation::Operation;
use super::{Container, ContainerReader, CosmosFailure};
use crate::credential;
use azure_core::credentials::TokenCredential;
use azure_core::http::Url;
use azure_data_cosmos::{
    AccountEndpoint, AccountReference, ContainerClient, CosmosClient, RoutingStrategy,
};
use custom_handler::{Description, Setting, Settings, SettingsError};
use serde_json::json;
use std::{fmt, sync::Arc};
use tokio::sync::OnceCell;

const ENDPOINT: Setting = Setting::new(
    "COSMOS__accountEndpoint",
    "where the documents are; http only on this machine",
    "https://iommi-dev.documents.azure.com:443/",
);
/// Read by the SDK itself, from the environment. Without it the first read waits for an address that an app in Azure cannot
/// reach, up to two seconds, to learn what goes into telemetry only.
const NO_METADATA: Setting = Setting::new(
    "COSMOS_DISABLE_IMDS",
    "1: the SDK does not ask the metadata service of virtual machines where it runs",
    "1",
);
/// Set by Azure: the region to prefer.
const REGION: &str = "REGION_NAME";

/// One account; connects when first used. What is asked of it becomes part of the app's description.
pub struct Cosmos {
    account: Arc<Account>,
    /// The app's own database.
    database: &'static str,
    description: Description,
}

impl Cosmos {
    /// Reads `COSMOS__accountEndpoint` and the region that Azure tells in `REGION_NAME`; contacts nobody. An app owns
    /// the database that bears its name.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings, app: &'static str) -> Result<Self, SettingsError> {
        let endpoint = settings.value(&ENDPOINT)?;
        let region = settings.platform(REGION);
        // Looked at to be described: what it says is between the platform and the SDK.
        let _ = settings.optional_text(&NO_METADATA);
        let account = Arc::new(Account { endpoint, region, client: OnceCell::new() });
        Ok(Self { account, database: app, description: settings.description() })
    }

    /// A container of the app's own, to read and to write, whose documents are partitioned by the value that callers
    /// pass as `partition`.
    #[must_use]
    pub fn container(&self, name: &'static str) -> Container {
        self.note(self.database, name, &["read", "write"]);
        Container::new(self.connection(self.database, name))
    }

    /// A container to read only: one of another app's, or one that others write.
    #[must_use]
    pub fn reader(&self, database: &'static str, name: &'static str) -> ContainerReader {
        self.note(database, name, &["read"]);
        ContainerReader::new(self.connection(database, name))
    }

    fn note(&self, database: &str, name: &str, uses: &[&str]) {
        let container = json!({"database": database, "name": name, "uses": uses});
        self.description.note("containers", &container);
    }

    fn connection(&self, database: &'static str, name: &'static str) -> Connection {
        let account = Arc::clone(&self.account);
        Connection { account, database, name, client: OnceCell::new() }
    }
}

impl fmt::Debug for Cosmos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cosmos")
            .field("endpoint", &self.account.endpoint.as_str())
            .field("database", &self.database)
            .finish()
    }
}

struct Account {
    endpoint: Url,
    region: Option<String>,
    client: OnceCell<CosmosClient>,
}

impl Account {
    async fn client(&self) -> Result<&CosmosClient, CosmosFailure> {
        self.client.get_or_try_init(|| self.connect()).await
    }

    async fn connect(&self) -> Result<CosmosClient, CosmosFailure> {
        let url = &self.endpoint;
        let unusable = |cause: String| CosmosFailure::unusable("connecting to Cosmos DB", cause);
        let credential: Arc<dyn TokenCredential> =
            credential::credential_for(url).map_err(unusable)?;
        credential::install_tls();
        let endpoint: AccountEndpoint =
            url.as_str().parse().map_err(|error| unusable(format!("{url}: {error}")))?;
        let routing = match &self.region {
            Some(region) => RoutingStrategy::ProximityTo(region.clone().into()),
            None => RoutingStrategy::PreferredRegions(Vec::new()),
        };
        let account = AccountReference::with_credential(endpoint, credential);
        let what = || "connecting to Cosmos DB".to_owned();
        let connect = Operation { name: "connect", database: "", container: "" };
        connect.run(what, || CosmosClient::builder().build(account, routing)).await
    }
}

/// The way to one container; connects when first used.
pub(super) struct Connection {
    account: Arc<Account>,
    database: &'static str,
    pub(super) name: &'static str,
    client: OnceCell<ContainerClient>,
}

impl Connection {
    pub(super) async fn client(&self) -> Result<&ContainerClient, CosmosFailure> {
        let connect = || async {
            let client = self.account.client().await?;
            let database = client.database_client(self.database);
            let what = || format!("opening the container {}/{}", self.database, self.name);
            self.operation("open").run(what, || database.container_client(self.name, None)).await
        };
        self.client.get_or_try_init(connect).await
    }

    pub(super) fn operation(&self, name: &'static str) -> Operation {
        Operation { name, database: self.database, container: self.name }
    }
}
