//! Databases, containers and their throughput: created, changed and deleted while no document is written.

use http::Method;
use serde_json::Value;

use super::{
    Cosmos,
    container::Container,
    document_key::DocumentKey,
    message::{Call, Reply},
    partition_key::PartitionKey,
    persistence::{ContainerRecord, DatabaseRecord},
    resource::{ContainerName, Resource},
    rules,
};

impl Cosmos {
    /// Does a change, and keeps it before it is acknowledged.
    pub(super) async fn change_catalogue(&self, mut call: Call, resource: &Resource) -> Reply {
        if matches!(resource, Resource::Databases | Resource::Containers(_))
            && let Err(refusal) = rules::check_resource(&call.body)
        {
            return refusal;
        }
        let _alone = self.catalogue_turn.write().await;
        let minimal = !call.wants_content();
        call.set("x-ms-cosmos-populate-content-response-on-write", "true");
        let mut reply = self.emulator.execute(&call).await;
        if reply.status.is_success()
            && let Err(failure) = self.note_change(&call, resource, &reply).await
        {
            return failure;
        }
        if minimal && reply.status.is_success() {
            reply.body.clear();
        }
        reply
    }

    async fn note_change(
        &self,
        call: &Call,
        resource: &Resource,
        reply: &Reply,
    ) -> Result<(), Reply> {
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        match (&call.method, resource) {
            (&Method::POST, Resource::Databases) => {
                let rid = body["_rid"].as_str().unwrap_or_default().to_owned();
                self.persist(|persistence| persistence.put_database(&DatabaseRecord { id, rid }))
            }
            (&Method::DELETE, Resource::Database(database)) => {
                self.forget_containers(Some(database), |name| name.database == *database)
            }
            (&Method::POST, Resource::Containers(database)) => {
                let throughput =
                    call.header("x-ms-offer-throughput").and_then(|ru| ru.parse().ok());
                self.note_container(
                    ContainerName { database: database.clone(), container: id },
                    body,
                    throughput,
                )
            }
            (&Method::PUT, Resource::Container(name)) => self.note_redefinition(name, body).await,
            (&Method::DELETE, Resource::Container(name)) => {
                self.forget_containers(None, |other| other == name)
            }
            (&Method::PUT, Resource::Offer(_)) => self.note_throughput(&body),
            _ => Ok(()),
        }
    }

    fn note_container(
        &self,
        name: ContainerName,
        definition: Value,
        throughput: Option<u64>,
    ) -> Result<(), Reply> {
        let number = self.containers.next_number();
        self.containers.insert(Container::new(number, name.clone(), &definition));
        let record = ContainerRecord { number, name, definition, throughput };
        self.persist(|persistence| persistence.put_container(&record))
    }

    async fn note_redefinition(
        &self,
        name: &ContainerName,
        definition: Value,
    ) -> Result<(), Reply> {
        let Some(container) = self.containers.get(name) else {
            return Ok(());
        };
        if container.redefine(&definition) {
            self.count_anew(&container).await;
        }
        self.persist(|persistence| {
            persistence.update_container(container.number, |record| record.definition = definition)
        })
    }

    fn note_throughput(&self, offer: &Value) -> Result<(), Reply> {
        let rid = &offer["offerResourceId"];
        let throughput = offer["content"]["offerThroughput"].as_u64();
        self.persist(|persistence| {
            for record in
                persistence.containers()?.iter().filter(|record| record.definition["_rid"] == *rid)
            {
                persistence
                    .update_container(record.number, |record| record.throughput = throughput)?;
            }
            Ok(())
        })
    }

    fn forget_containers(
        &self,
        database: Option<&str>,
        gone: impl Fn(&ContainerName) -> bool,
    ) -> Result<(), Reply> {
        let numbers: Vec<u64> =
            self.containers.remove(gone).iter().map(|container| container.number).collect();
        for number in &numbers {
            self.deadlines.forget(*number);
        }
        self.persist(|persistence| persistence.remove(database, &numbers))
    }

    /// Sets the deadlines of a container's documents after its time to live has changed.
    async fn count_anew(&self, container: &Container) {
        self.deadlines.forget(container.number);
        let name = &container.name;
        let all = Call::to(Method::GET, &["dbs", &name.database, "colls", &name.container, "docs"]);
        let mut reply = self.emulator.execute(&all).await;
        self.earlier.restore_all(&mut reply);
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        for document in body
            .get_mut("Documents")
            .and_then(Value::as_array_mut)
            .map(std::mem::take)
            .unwrap_or_default()
        {
            let ttl = container.time_to_live(document["ttl"].as_i64());
            let (Some(ttl), Some(ts), Some(id)) =
                (ttl, document["_ts"].as_i64(), document["id"].as_str())
            else {
                continue;
            };
            let partition_key =
                PartitionKey::of_document(&container.partition_key_paths, &document);
            let key = DocumentKey::new(container.number, &partition_key, id);
            self.deadlines.set(&key, Some(ts.saturating_add(ttl)));
        }
    }
}
