//! How the schema registry is spoken to.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::namespace::{Answer, Namespace, answer};

pub(crate) const AVRO: &str = "application/json; serialization=Avro";

impl Namespace {
    /// A request to the registry, by somebody with an identity.
    pub(crate) fn registry(&self, method: Method, path: &str) -> RequestBuilder {
        let path = format!("$schemaGroups{path}?api-version=2023-07-01");
        self.request(method, &path).bearer_auth("anybody")
    }

    /// Makes a group of schemas in Avro.
    pub(crate) async fn group(&self, name: &str, compatibility: &str) {
        let group = json!({ "schemaType": "Avro", "schemaCompatibility": compatibility,
                            "groupProperties": { "team": "customer" } });
        let made = self.registry(Method::PUT, &format!("/{name}")).body(group.to_string());
        assert_eq!(answer(made).await.status, 201);
    }

    /// Registers a schema in Avro.
    pub(crate) async fn register(&self, group: &str, name: &str, schema: &Value) -> Answer {
        let request = self.registry(Method::PUT, &format!("/{group}/schemas/{name}"));
        answer(request.header("content-type", AVRO).body(schema.to_string())).await
    }

    /// Asks for the id of a schema in Avro, whose text is sent as it stands.
    pub(crate) async fn id_of(&self, group: &str, name: &str, text: &str) -> Answer {
        let request = self.registry(Method::POST, &format!("/{group}/schemas/{name}:get-id"));
        answer(request.header("content-type", AVRO).body(text.to_owned())).await
    }
}

/// A record of an order with these fields besides its id.
pub(crate) fn order(fields: &[Value]) -> Value {
    let id = json!({ "name": "orderId", "type": "string" });
    let fields: Vec<Value> = [id].into_iter().chain(fields.iter().cloned()).collect();
    json!({ "type": "record", "name": "Placed", "namespace": "com.iommi.orders", "fields": fields })
}

/// A field that a reader can do without.
pub(crate) fn optional(name: &str) -> Value {
    json!({ "name": name, "type": ["null", "string"], "default": null })
}

/// A field that it cannot.
pub(crate) fn required(name: &str) -> Value {
    json!({ "name": name, "type": "string" })
}
