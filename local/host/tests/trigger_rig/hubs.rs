//! Event Hubs as any other client uses it.

use bytes::Bytes;
use http::Method;
use local_data::{HubEvent, Position};
use serde_json::json;

use super::{Rig, wire::send};

impl Rig {
    pub async fn declare_event_hub(&self, hub: &str, partitions: u32) {
        let url = format!("{}$local/eventhubs/{hub}", self.data.event_hubs_url());
        let response =
            send(Method::PUT, &url, &[], json!({"partitions": partitions}).to_string()).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    /// Sends one event, with a partition key or without.
    pub async fn send_event(&self, hub: &str, body: impl Into<Bytes>, key: Option<&str>) {
        let url = format!("{}{hub}/messages", self.data.event_hubs_url());
        let properties = key.map(|key| json!({"PartitionKey": key}).to_string());
        let mut headers = vec![("authorization", "Bearer anybody")];
        headers.extend(properties.iter().map(|text| ("brokerproperties", text.as_str())));
        let response = send(Method::POST, &url, &headers, body).await;
        assert_eq!(response.status(), 201, "{response:?}");
    }

    /// The events of a partition.
    pub async fn events(&self, hub: &str, partition: u32, from: Position) -> Vec<HubEvent> {
        let url = format!(
            "{}$local/eventhubs/{hub}/consumergroups/$Default/partitions/{partition}/events?from={from}",
            self.data.event_hubs_url()
        );
        let response = send(Method::GET, &url, &[], "").await;
        HubEvent::read_all(response.into_body()).unwrap()
    }
}
