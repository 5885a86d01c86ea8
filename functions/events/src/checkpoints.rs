//! How far consumers have read: the checkpoints that the Functions host of each keeps in a storage account of its own, where
//! we may read this one container and nothing else.

use crate::catalogue::Group;
use crate::domain::{Checkpoint, Source};
use crate::places::Places;
use azure_data::{BlobReader, Url};
use custom_handler::{Setting, Settings, SettingsError};
use std::collections::BTreeMap;

const CHECKPOINTS: Setting = Setting::new(
    "CHECKPOINTS",
    "where the hosts of consumers keep how far they have read: the blob service of each consumer, or one for all; without it \
     that is not known here",
    "contacts=https://stiommidevcontacts.blob.core.windows.net/;conversions=https://stiommidevconversions.blob.core.windows.net/",
);
/// As the connection of triggers has it: their host calls its checkpoints after it.
const NAMESPACE: Setting = Setting::new(
    "EVENT_HUBS__fullyQualifiedNamespace",
    "the host of the Event Hubs namespace; one on this machine has its port with it",
    "iommi-dev.servicebus.windows.net",
);

/// Where the host keeps them, and the metadata of an empty blob that has the number (the Event Hubs extension of Azure Functions,
/// the checkpoint store of the Event Hubs SDKs).
const CONTAINER: &str = "azure-webjobs-eventhub";
const SEQUENCE_NUMBER: &str = "sequencenumber";

const ELSEWHERE: &str =
    "checkpoints are not read in this region, but in the one that reads event hubs";
const NO_NUMBER: &str = "the checkpoint has no sequence number";

/// The checkpoints of all consumers.
pub(crate) struct Checkpoints {
    namespace: String,
    places: Option<Places<BlobReader>>,
}

impl Checkpoints {
    /// Contacts nobody.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let namespace = settings.text(&NAMESPACE);
        let places = settings.optional_value::<Places<Url>>(&CHECKPOINTS);
        let readers = |places: Places<Url>| places.map(|url| BlobReader::of(url, CONTAINER));
        Ok(Self { namespace: host(&namespace?), places: places?.map(readers) })
    }

    /// Whether they can be asked for in this region.
    pub(crate) fn are_here(&self) -> bool {
        self.places.is_some()
    }

    /// How far the group has read the partition. What cannot be told is said as such.
    pub(crate) async fn of(&self, group: &Group, source: &Source) -> Checkpoint {
        let Some(places) = &self.places else { return Checkpoint::Unknown(ELSEWHERE.to_owned()) };
        let Some(blobs) = places.of(&group.app) else {
            return Checkpoint::Unknown(format!(
                "{} does not name {}",
                CHECKPOINTS.name, group.app
            ));
        };
        match blobs.properties(&name(&self.namespace, group, source)).await {
            Ok(Some(found)) => number(&found.metadata),
            Ok(None) => Checkpoint::Never,
            // The host of a consumer makes it when it reads for the first time, where Terraform has not.
            Err(failure) if failure.is_container_missing() => Checkpoint::Never,
            Err(failure) => Checkpoint::Unknown(failure.to_string()),
        }
    }
}

/// Without the port that a namespace on this machine has.
fn host(namespace: &str) -> String {
    namespace.split(':').next().unwrap_or_default().to_owned()
}

/// In lower case, whatever the names are.
fn name(namespace: &str, group: &Group, source: &Source) -> String {
    let Source { hub, partition } = source;
    format!("{namespace}/{hub}/{}/checkpoint/{partition}", group.name).to_lowercase()
}

fn number(metadata: &BTreeMap<String, String>) -> Checkpoint {
    let Some(text) = metadata.get(SEQUENCE_NUMBER) else {
        return Checkpoint::Unknown(NO_NUMBER.to_owned());
    };
    text.parse().map_or_else(
        |_| Checkpoint::Unknown(format!("the checkpoint's sequence number is {text:.40}")),
        Checkpoint::At,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_checkpoint_is_called_as_the_host_calls_it() {
        let group: Group =
            serde_json::from_str(r#"{ "name": "Contacts", "app": "contacts", "functions": [] }"#)
                .unwrap();
        let source = Source { hub: "account".to_owned(), partition: 3 };
        assert_eq!(
            name(&host("Iommi.servicebus.windows.net"), &group, &source),
            "iommi.servicebus.windows.net/account/contacts/checkpoint/3"
        );
        assert_eq!(host("127.0.0.1:5300"), "127.0.0.1");
    }

    #[test]
    fn a_checkpoint_without_a_number_is_unknown_and_not_the_beginning() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            number(&pairs.collect())
        };
        assert_eq!(of(&[("offset", "1024"), ("sequencenumber", "7")]), Checkpoint::At(7));
        assert_eq!(of(&[("offset", "1024")]), Checkpoint::Unknown(NO_NUMBER.to_owned()));
        let odd = of(&[("sequencenumber", "seven")]);
        assert_eq!(
            odd,
            Checkpoint::Unknown("the checkpoint's sequence number is seven".to_owned())
        );
    }
}
