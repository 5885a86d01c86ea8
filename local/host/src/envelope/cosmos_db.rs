//! `cosmosDBTrigger`. Source: `CosmosdbTriggerValueBinder.cs` of the Cosmos DB extension.

use serde_json::Value;

use super::{BindingData, Envelope, HostValue, json_net};

/// The envelope of one page of a change feed: a quoted string whose text is the array of flat documents.
pub fn documents(name: &str, documents: &[Value]) -> Envelope {
    let array = Value::Array(documents.to_vec());
    Envelope::new(name, HostValue::Text(json_net::compact(&array)), BindingData::default())
}
