//! From a binding's `connection` to a service: the settings it stands for, and what they say.

mod event_hubs;

use std::sync::Arc;

use local_data::{ACCOUNT, ACCOUNT_KEY};
use local_wire::{
    Access, BlobService, ConnectionString, Endpoint, HttpClient, QueueService, SharedKey, Storage,
};

use super::cosmos_db::{CosmosAccess, CosmosDb};
use crate::Settings;

/// A connection string that works locally, by the kind of account.
const STORAGE_EXAMPLE: &str = "UseDevelopmentStorage=true";
const COSMOS_EXAMPLE: &str = "AccountEndpoint=http://127.0.0.1:8081/";
const EVENT_HUBS_EXAMPLE: &str = "127.0.0.1:5300";

/// What `UseDevelopmentStorage=true` and `UseDevelopmentEmulator=true` stand for: the embedded services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalEndpoints {
    /// `http://127.0.0.1:PORT/`.
    pub cosmos: String,
    /// `http://127.0.0.1:PORT/devstoreaccount1`.
    pub blob: String,
    /// `http://127.0.0.1:PORT/devstoreaccount1`.
    pub queue: String,
    /// `http://127.0.0.1:PORT/`.
    pub event_hubs: String,
}

/// A connection that the settings do not make usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// No setting at all.
    #[error(
        "connection `{connection}`: no setting `{connection}` or `{connection}__{key}`; set it, for example to `{example}`"
    )]
    Missing {
        /// The binding's connection.
        connection: String,
        /// The key of an identity-based connection.
        key: &'static str,
        /// A value that works locally.
        example: &'static str,
    },
    /// A connection string without what is needed.
    #[error(
        "connection `{connection}`: its connection string lacks {lacking}; set `{connection}` to a whole one, for \
         example to `{example}`"
    )]
    Incomplete {
        /// The binding's connection.
        connection: String,
        /// What is missing.
        lacking: &'static str,
        /// A value that works locally.
        example: &'static str,
    },
    /// An address that asks for an identity, which this host does not have.
    #[error(
        "connection `{connection}`: {url} needs a sign-in; use a connection string with a key, or add a shared access \
         signature to the address"
    )]
    NeedsIdentity {
        /// The binding's connection.
        connection: String,
        /// The address, without query.
        url: String,
    },
    /// A namespace of Event Hubs elsewhere, which is spoken to in a protocol that this host does not speak.
    #[error(
        "connection `{connection}`: {namespace} is not on this machine; the local host reads and writes event hubs of \
         its own data services only: set `{connection}__fullyQualifiedNamespace` to `{EVENT_HUBS_EXAMPLE}`"
    )]
    Elsewhere {
        /// The binding's connection.
        connection: String,
        /// The host of the namespace.
        namespace: String,
    },
}

#[derive(Clone, Copy)]
enum StorageKind {
    Blob,
    Queue,
}

/// The services that an app's settings name.
#[derive(Clone, Debug)]
pub struct Connections {
    settings: Settings,
    local: LocalEndpoints,
    client: Arc<HttpClient>,
}

impl Connections {
    /// Connections by these settings.
    pub fn new(settings: Settings, local: LocalEndpoints) -> Self {
        Self { settings, local, client: Arc::new(HttpClient::new()) }
    }

    pub(crate) fn queues(&self, connection: &str) -> Result<QueueService, ConnectionError> {
        Ok(QueueService::new(self.storage(connection, StorageKind::Queue)?))
    }

    pub(crate) fn blobs(&self, connection: &str) -> Result<BlobService, ConnectionError> {
        Ok(BlobService::new(self.storage(connection, StorageKind::Blob)?))
    }

    pub(crate) fn cosmos_db(&self, connection: &str) -> Result<CosmosDb, ConnectionError> {
        let (base, access) = match self.value(connection) {
            Some(text) => self.cosmos_by_string(connection, &text)?,
            None => {
                let missing = || missing(connection, "accountEndpoint", "http://127.0.0.1:8081/");
                let url = self.section(connection, &["accountEndpoint"]).ok_or_else(missing)?;
                if !is_loopback(&url) {
                    return Err(needs_identity(connection, &url));
                }
                (url, CosmosAccess::Anyone)
            }
        };
        Ok(CosmosDb::new(base.trim_end_matches('/').to_owned(), access, Arc::clone(&self.client)))
    }

    fn cosmos_by_string(
        &self,
        connection: &str,
        text: &str,
    ) -> Result<(String, CosmosAccess), ConnectionError> {
        let lacking = |lacking| incomplete(connection, lacking, COSMOS_EXAMPLE);
        let pairs = ConnectionString::parse(text)
            .ok_or_else(|| lacking("`AccountEndpoint` and `AccountKey`"))?;
        if pairs.is_true("UseDevelopmentStorage") {
            return Ok((self.local.cosmos.clone(), CosmosAccess::Anyone));
        }
        let url = pairs.get("AccountEndpoint").ok_or_else(|| lacking("`AccountEndpoint`"))?;
        let access = match pairs.get("AccountKey") {
            Some(key) => {
                CosmosAccess::key(key).ok_or_else(|| lacking("an `AccountKey` in base64"))?
            }
            None if is_loopback(url) => CosmosAccess::Anyone,
            None => return Err(lacking("`AccountKey`")),
        };
        Ok((url.to_owned(), access))
    }

    fn storage(&self, connection: &str, kind: StorageKind) -> Result<Storage, ConnectionError> {
        let endpoint = match self.value(connection) {
            Some(text) => self.storage_by_string(connection, &text, kind)?,
            None => {
                let missing = || missing(connection, kind.keys()[0], STORAGE_EXAMPLE);
                let url = self.section(connection, kind.keys()).ok_or_else(missing)?;
                storage_by_url(connection, &url)?
            }
        };
        Ok(Storage::new(endpoint, Arc::clone(&self.client)))
    }

    fn storage_by_string(
        &self,
        connection: &str,
        text: &str,
        kind: StorageKind,
    ) -> Result<Endpoint, ConnectionError> {
        let lacking = |lacking| incomplete(connection, lacking, STORAGE_EXAMPLE);
        let pairs = ConnectionString::parse(text)
            .ok_or_else(|| lacking("`AccountName` and `AccountKey`"))?;
        if pairs.is_true("UseDevelopmentStorage") {
            let base = kind.local(&self.local).trim_end_matches('/').to_owned();
            return Ok(Endpoint { base, access: emulator_access() });
        }
        let account = pairs.get("AccountName");
        let base = match (pairs.get(kind.endpoint_key()), account) {
            (Some(endpoint), _) => endpoint.to_owned(),
            (None, Some(account)) => {
                let protocol = pairs.get("DefaultEndpointsProtocol").unwrap_or("https");
                let suffix = pairs.get("EndpointSuffix").unwrap_or("core.windows.net");
                format!("{protocol}://{account}.{}.{suffix}", kind.word())
            }
            (None, None) => return Err(lacking("`AccountName`, or the endpoint of the service")),
        };
        let base = base.trim_end_matches('/').to_owned();
        let access = match (pairs.get("SharedAccessSignature"), account, pairs.get("AccountKey")) {
            (Some(sas), _, _) => Access::Sas(sas.trim_start_matches('?').to_owned()),
            (None, Some(account), Some(key)) => Access::Key(
                SharedKey::new(account, key).ok_or_else(|| lacking("an `AccountKey` in base64"))?,
            ),
            _ => return Err(lacking("`AccountKey` or `SharedAccessSignature`")),
        };
        Ok(Endpoint { base, access })
    }

    /// A plain value: first under `AzureWebJobs<name>`, then under the name itself, each as a connection string of
    /// the configuration and as a setting.
    fn value(&self, connection: &str) -> Option<String> {
        let names = [format!("AzureWebJobs{connection}"), connection.to_owned()];
        let found = names.iter().find_map(|name| {
            let as_string = format!("ConnectionStrings__{name}");
            self.settings.get(&as_string).or_else(|| self.settings.get(name))
        });
        found.filter(|value| !value.trim().is_empty())
    }

    /// The value of `<name>__<key>` for the first key that is set.
    fn section(&self, connection: &str, keys: &[&str]) -> Option<String> {
        let names = [format!("AzureWebJobs{connection}"), connection.to_owned()];
        let settings =
            names.iter().flat_map(|name| keys.iter().map(move |key| format!("{name}__{key}")));
        settings
            .filter_map(|setting| self.settings.get(&setting))
            .find(|value| !value.trim().is_empty())
    }
}

impl StorageKind {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Blob => &["blobServiceUri", "serviceUri", "endpoint"],
            Self::Queue => &["queueServiceUri", "serviceUri", "endpoint"],
        }
    }

    fn endpoint_key(self) -> &'static str {
        match self {
            Self::Blob => "BlobEndpoint",
            Self::Queue => "QueueEndpoint",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Queue => "queue",
        }
    }

    fn local(self, local: &LocalEndpoints) -> &str {
        match self {
            Self::Blob => &local.blob,
            Self::Queue => &local.queue,
        }
    }
}

fn storage_by_url(connection: &str, url: &str) -> Result<Endpoint, ConnectionError> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let base = base.trim_end_matches('/').to_owned();
    let access = if query.contains("sig=") {
        Access::Sas(query.to_owned())
    } else if is_loopback(&base) && base.ends_with(&format!("/{ACCOUNT}")) {
        emulator_access()
    } else {
        return Err(needs_identity(connection, &base));
    };
    Ok(Endpoint { base, access })
}

fn emulator_access() -> Access {
    Access::Key(SharedKey::new(ACCOUNT, ACCOUNT_KEY).expect("the emulator's key is base64"))
}

fn is_loopback(url: &str) -> bool {
    let host =
        url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let host =
        if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    matches!(host, "127.0.0.1" | "localhost") || host.starts_with("[::1]")
}

fn missing(connection: &str, key: &'static str, example: &'static str) -> ConnectionError {
    ConnectionError::Missing { connection: connection.to_owned(), key, example }
}

fn incomplete(connection: &str, lacking: &'static str, example: &'static str) -> ConnectionError {
    ConnectionError::Incomplete { connection: connection.to_owned(), lacking, example }
}

fn needs_identity(connection: &str, url: &str) -> ConnectionError {
    let url = url.split('?').next().unwrap_or_default().to_owned();
    ConnectionError::NeedsIdentity { connection: connection.to_owned(), url }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn connections<const N: usize>(settings: [(&str, &str); N]) -> Connections {
        let local = LocalEndpoints {
            cosmos: "http://127.0.0.1:1/".into(),
            blob: "http://127.0.0.1:2/devstoreaccount1".into(),
            queue: "http://127.0.0.1:3/devstoreaccount1".into(),
            event_hubs: "http://127.0.0.1:4/".into(),
        };
        Connections::new(Settings::of(settings), local)
    }

    fn base<const N: usize>(
        settings: [(&str, &str); N],
        kind: StorageKind,
    ) -> Result<String, ConnectionError> {
        Ok(connections(settings).storage("C", kind)?.public_url(""))
    }

    #[test]
    fn development_storage_is_the_embedded_services() {
        let settings = [("C", "UseDevelopmentStorage=true")];
        assert_eq!(
            base(settings, StorageKind::Blob).as_deref(),
            Ok("http://127.0.0.1:2/devstoreaccount1")
        );
        assert_eq!(
            base(settings, StorageKind::Queue).as_deref(),
            Ok("http://127.0.0.1:3/devstoreaccount1")
        );
        assert!(connections(settings).cosmos_db("C").is_ok());
    }

    #[test]
    fn names_are_tried_with_the_prefix_and_as_connection_strings_first() {
        let azure = |name: &str| format!("AccountName={name};AccountKey=a2V5");
        for (first, second) in [
            ("AzureWebJobsC", "C"),
            ("ConnectionStrings__C", "C"),
            ("AzureWebJobsC", "ConnectionStrings__C"),
        ] {
            let found =
                base([(first, &azure("first")), (second, &azure("second"))], StorageKind::Queue);
            assert_eq!(found.as_deref(), Ok("https://first.queue.core.windows.net"), "{first}");
        }
    }

    #[test]
    fn a_connection_string_says_it_all() {
        let full = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;EndpointSuffix=example.org";
        assert_eq!(
            base([("C", full)], StorageKind::Blob).as_deref(),
            Ok("http://a.blob.example.org")
        );
        let sas = "QueueEndpoint=https://q.example.org/;SharedAccessSignature=?sv=1&sig=2";
        assert_eq!(base([("C", sas)], StorageKind::Queue).as_deref(), Ok("https://q.example.org"));
        assert!(matches!(
            base([("C", "AccountName=a")], StorageKind::Blob),
            Err(ConnectionError::Incomplete { .. })
        ));
        assert_eq!(
            base([("C", "hello")], StorageKind::Blob).unwrap_err().to_string(),
            "connection `C`: its connection string lacks `AccountName` and `AccountKey`; set `C` to a whole one, for \
             example to `UseDevelopmentStorage=true`"
        );
    }

    #[test]
    fn an_address_works_on_this_machine_or_with_a_signature() {
        let local = "http://127.0.0.1:9/devstoreaccount1";
        assert_eq!(base([("C__queueServiceUri", local)], StorageKind::Queue).as_deref(), Ok(local));
        let signed = "https://a.blob.core.windows.net/?sv=1&sig=2";
        let found = base([("C__blobServiceUri", signed)], StorageKind::Blob);
        assert_eq!(found.as_deref(), Ok("https://a.blob.core.windows.net"));
        let bare =
            base([("C__serviceUri", "https://a.queue.core.windows.net")], StorageKind::Queue);
        assert!(matches!(bare, Err(ConnectionError::NeedsIdentity { .. })), "{bare:?}");
    }

    #[test]
    fn a_missing_connection_names_both_settings_and_an_example() {
        let error = base([], StorageKind::Queue).unwrap_err().to_string();
        assert!(
            error.contains("`C__queueServiceUri`") && error.contains("UseDevelopmentStorage=true"),
            "{error}"
        );
        let error = connections([]).cosmos_db("C").unwrap_err().to_string();
        assert!(error.contains("`C__accountEndpoint`"), "{error}");
    }

    #[test]
    fn a_cosmos_account_needs_a_key_unless_it_is_on_this_machine() {
        let with = |value: &str| connections([("C", value)]).cosmos_db("C").map(|_| ());
        assert_eq!(
            with("AccountEndpoint=https://a.documents.azure.com:443/;AccountKey=a2V5;"),
            Ok(())
        );
        assert_eq!(with("AccountEndpoint=http://localhost:8081/"), Ok(()));
        assert!(with("AccountEndpoint=https://a.documents.azure.com:443/").is_err());
        let endpoint =
            |url: &str| connections([("C__accountEndpoint", url)]).cosmos_db("C").map(|_| ());
        assert_eq!(endpoint("http://[::1]:8081/"), Ok(()));
        assert!(matches!(
            endpoint("https://a.documents.azure.com/"),
            Err(ConnectionError::NeedsIdentity { .. })
        ));
    }
}
