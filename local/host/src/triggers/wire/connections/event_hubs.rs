//! Event hubs: by a connection string or by the host of their namespace, on this machine.

use std::sync::Arc;

use local_wire::ConnectionString;

use super::{ConnectionError, Connections, EVENT_HUBS_EXAMPLE, incomplete, missing};
use crate::triggers::wire::EventHub;

const EMULATOR_EXAMPLE: &str = "Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true";

impl Connections {
    /// The event hub of this name; an `EntityPath` in the connection string wins.
    pub(crate) fn event_hub(
        &self,
        connection: &str,
        name: &str,
    ) -> Result<EventHub, ConnectionError> {
        let lacking = |lacking| incomplete(connection, lacking, EMULATOR_EXAMPLE);
        let key = "fullyQualifiedNamespace";
        let (address, name) = match self.value(connection) {
            Some(text) => {
                let pairs = ConnectionString::parse(&text).ok_or_else(|| lacking("`Endpoint`"))?;
                let address =
                    pairs.get("Endpoint").ok_or_else(|| lacking("`Endpoint`"))?.to_owned();
                (address, pairs.get("EntityPath").unwrap_or(name).to_owned())
            }
            None => {
                let missing = || missing(connection, key, EVENT_HUBS_EXAMPLE);
                (self.section(connection, &[key]).ok_or_else(missing)?, name.to_owned())
            }
        };
        let authority = address.split_once("://").map_or(&*address, |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        let host = authority.split(':').next().unwrap_or_default();
        if !matches!(host, "127.0.0.1" | "localhost") {
            let (connection, namespace) = (connection.to_owned(), host.to_owned());
            return Err(ConnectionError::Elsewhere { connection, namespace });
        }
        Ok(EventHub::new(&self.local.event_hubs, host, &name, Arc::clone(&self.client)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triggers::wire::connections::tests::connections;

    #[test]
    fn an_event_hub_is_on_this_machine_and_named_by_its_connection_string_first() {
        let hub = |setting: &str, value: &str| {
            let found = connections([(setting, value)]).event_hub("C", "account");
            found.map(|hub| (hub.namespace().to_owned(), hub.name().to_owned()))
        };
        let found = |namespace: &str, name: &str| Ok((namespace.to_owned(), name.to_owned()));
        assert_eq!(hub("C", EMULATOR_EXAMPLE), found("127.0.0.1", "account"));
        let with_path = format!("{EMULATOR_EXAMPLE};EntityPath=sale");
        assert_eq!(hub("C", &with_path), found("127.0.0.1", "sale"));
        assert_eq!(
            hub("C__fullyQualifiedNamespace", "localhost:5300"),
            found("localhost", "account")
        );
        let away = hub("C__fullyQualifiedNamespace", "ns.servicebus.windows.net");
        assert!(matches!(away, Err(ConnectionError::Elsewhere { .. })), "{away:?}");
        let missing = hub("D", "x").unwrap_err().to_string();
        assert!(missing.contains("`C__fullyQualifiedNamespace`"), "{missing}");
    }
}
