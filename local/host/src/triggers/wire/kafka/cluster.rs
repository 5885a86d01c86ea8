//! What a consumer asks of the brokers of one topic for one group.
//!
//! The group has no members: whoever reads takes all partitions and commits with no generation, as a client does that assigns
//! partitions to itself. On a laptop nobody else reads in an app's group.

use std::{collections::BTreeMap, time::Duration};

use super::{
    KafkaError, OFFSET_OUT_OF_RANGE,
    connection::{Api, Connection},
    encoding::{Reader, Writer},
    records,
};
use crate::envelope::kafka::Record;

const FETCH: Api = Api { name: "records", key: 1, version: 4 };
const LIST_OFFSETS: Api = Api { name: "offsets", key: 2, version: 1 };
const METADATA: Api = Api { name: "partitions", key: 3, version: 4 };
const OFFSET_COMMIT: Api = Api { name: "a commit", key: 8, version: 2 };
const OFFSET_FETCH: Api = Api { name: "committed offsets", key: 9, version: 1 };
const FIND_COORDINATOR: Api = Api { name: "the coordinator", key: 10, version: 0 };

/// Who asks is no broker, and in no generation of the group.
const NO_BROKER: i32 = -1;
const NO_GENERATION: i32 = -1;
const NO_OFFSET: i64 = -1;
const BROKERS_OWN_RETENTION: i64 = -1;
/// The largest answer to a fetch, and the largest part of one partition; a record that is larger comes alone.
const MAX_FETCH_BYTES: i32 = 8 * 1024 * 1024;
const MAX_PARTITION_BYTES: i32 = 1024 * 1024;

/// Where to begin in a partition of which the group has committed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// At its oldest record.
    Earliest,
    /// Behind its newest.
    Latest,
}

impl Position {
    /// What the protocol says in the place of a time.
    fn code(self) -> i64 {
        match self {
            Self::Earliest => -2,
            Self::Latest => -1,
        }
    }
}

/// The brokers of one topic, seen by one group.
#[derive(Debug)]
pub(crate) struct Cluster {
    topic: String,
    group: String,
    initial: Position,
    connections: BTreeMap<String, Connection>,
    coordinator: String,
    /// The leader of each partition, and where reading goes on.
    partitions: BTreeMap<i32, Partition>,
}

#[derive(Debug)]
struct Partition {
    leader: String,
    next: i64,
}

impl Cluster {
    /// Asks the first broker that answers for the topic's partitions, and goes on where the group is.
    pub(crate) async fn open(
        brokers: &str,
        topic: &str,
        group: &str,
        initial: Position,
    ) -> Result<Self, KafkaError> {
        let mut cluster = Self {
            topic: topic.to_owned(),
            group: group.to_owned(),
            initial,
            connections: BTreeMap::new(),
            coordinator: String::new(),
            partitions: BTreeMap::new(),
        };
        let first = cluster.first_broker(brokers).await?;
        let leaders = cluster.leaders(&first).await?;
        cluster.coordinator = cluster.find_coordinator(&first).await?;
        let committed = cluster.committed(leaders.keys().copied().collect()).await?;
        for (partition, leader) in leaders {
            let next = match committed.get(&partition) {
                Some(offset) if *offset >= 0 => *offset,
                _ => cluster.offset_at(&leader, partition, initial).await?,
            };
            cluster.partitions.insert(partition, Partition { leader, next });
        }
        Ok(cluster)
    }

    /// The next records: `max` at most, in the order of their partitions. Waits up to `wait` for the first.
    pub(crate) async fn read(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<Record>, KafkaError> {
        let mut by_leader: BTreeMap<String, Vec<(i32, i64)>> = BTreeMap::new();
        for (partition, place) in &self.partitions {
            by_leader.entry(place.leader.clone()).or_default().push((*partition, place.next));
        }
        // Leaders are asked one after the other, so none may keep the others waiting for all of it.
        let wait = wait / u32::try_from(by_leader.len().max(1)).unwrap_or(u32::MAX);
        let mut read = Vec::new();
        for (leader, wanted) in by_leader {
            for (partition, page) in self.fetch(&leader, &wanted, wait).await? {
                let Some(place) = self.partitions.get_mut(&partition) else { continue };
                let room = max.saturating_sub(read.len());
                // What does not fit is fetched again: it is not far away.
                place.next = match page.records.get(room) {
                    Some(first_left) => first_left.offset,
                    None => page.next,
                };
                read.extend(page.records.into_iter().take(room));
            }
        }
        Ok(read)
    }

    /// Keeps for the group that everything up to these records is done.
    pub(crate) async fn commit(&mut self, done: &[Record]) -> Result<(), KafkaError> {
        let mut offsets: BTreeMap<i32, i64> = BTreeMap::new();
        for record in done {
            let next = offsets.entry(record.partition).or_default();
            *next = (*next).max(record.offset + 1);
        }
        let offsets: Vec<(i32, i64)> = offsets.into_iter().collect();
        let body = Writer::default().text(&self.group).i32(NO_GENERATION).text("");
        let body = body.i64(BROKERS_OWN_RETENTION).array(&[&self.topic], |writer, topic| {
            writer.text(topic).array(&offsets, |writer, (partition, offset)| {
                writer.i32(*partition).i64(*offset).null_text()
            })
        });
        let coordinator = self.coordinator.clone();
        let answer = self.ask(&coordinator, OFFSET_COMMIT, body, Duration::ZERO).await?;
        let group = self.group.clone();
        let mut reader = Reader::new(&answer, OFFSET_COMMIT.name);
        reader.array(|topic| {
            topic.text()?;
            topic.array(|partition| {
                partition.i32()?;
                fine(OFFSET_COMMIT, &group, partition.i16()?)
            })
        })?;
        Ok(())
    }

    async fn first_broker(&mut self, brokers: &str) -> Result<String, KafkaError> {
        let mut last = None;
        for address in brokers.split(',').map(str::trim).filter(|address| !address.is_empty()) {
            // A protocol before the address is for other clients.
            let address = address.rsplit_once("://").map_or(address, |(_, address)| address);
            match self.connection(address).await {
                Ok(_) => return Ok(address.to_owned()),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| KafkaError::Connect {
            address: brokers.to_owned(),
            cause: "brokerList names nobody: write host:port".to_owned(),
        }))
    }

    /// The leader of each partition, without having the topic made.
    async fn leaders(&mut self, broker: &str) -> Result<BTreeMap<i32, String>, KafkaError> {
        let body = Writer::default()
            .array(&[&self.topic], |writer, topic| writer.text(topic))
            // Whether the broker may make it.
            .i8(0);
        let answer = self.ask(broker, METADATA, body, Duration::ZERO).await?;
        let mut reader = Reader::new(&answer, METADATA.name);
        let _throttled = reader.i32()?;
        let brokers = reader.array(|broker| {
            let id = broker.i32()?;
            let (host, port) = (broker.text()?, broker.i32()?);
            let _rack = broker.text()?;
            Ok((id, format!("{host}:{port}")))
        })?;
        let brokers: BTreeMap<i32, String> = brokers.into_iter().collect();
        let (_cluster, _controller) = (reader.text()?, reader.i32()?);
        let topics = reader.array(|topic| {
            fine(METADATA, &self.topic, topic.i16()?)?;
            let (_name, _is_internal) = (topic.text()?, topic.i8()?);
            topic.array(|partition| {
                // A partition without a leader has none among the brokers either.
                let _error = partition.i16()?;
                let (id, leader) = (partition.i32()?, partition.i32()?);
                let (_replicas, _in_sync) =
                    (partition.array(Reader::i32)?, partition.array(Reader::i32)?);
                Ok((id, leader))
            })
        })?;
        let led = topics.into_iter().flatten();
        led.map(|(partition, leader)| {
            let address = brokers.get(&leader).cloned();
            let none = || reader.unreadable(format!("partition {partition} has no leader now"));
            Ok((partition, address.ok_or_else(none)?))
        })
        .collect()
    }

    async fn find_coordinator(&mut self, broker: &str) -> Result<String, KafkaError> {
        let body = Writer::default().text(&self.group);
        let answer = self.ask(broker, FIND_COORDINATOR, body, Duration::ZERO).await?;
        let mut reader = Reader::new(&answer, FIND_COORDINATOR.name);
        fine(FIND_COORDINATOR, &self.group, reader.i16()?)?;
        let _id = reader.i32()?;
        let (host, port) = (reader.text()?, reader.i32()?);
        Ok(format!("{host}:{port}"))
    }

    /// How far the group is; negative where it has committed nothing.
    async fn committed(&mut self, partitions: Vec<i32>) -> Result<BTreeMap<i32, i64>, KafkaError> {
        let body = Writer::default().text(&self.group).array(&[&self.topic], |writer, topic| {
            writer.text(topic).array(&partitions, |writer, partition| writer.i32(*partition))
        });
        let coordinator = self.coordinator.clone();
        let answer = self.ask(&coordinator, OFFSET_FETCH, body, Duration::ZERO).await?;
        let mut reader = Reader::new(&answer, OFFSET_FETCH.name);
        let group = &self.group;
        let topics = reader.array(|topic| {
            topic.text()?;
            topic.array(|partition| {
                let (id, offset) = (partition.i32()?, partition.i64()?);
                let _metadata = partition.text()?;
                fine(OFFSET_FETCH, group, partition.i16()?)?;
                Ok((id, offset))
            })
        })?;
        Ok(topics.into_iter().flatten().collect())
    }

    async fn offset_at(
        &mut self,
        leader: &str,
        partition: i32,
        position: Position,
    ) -> Result<i64, KafkaError> {
        let body = Writer::default().i32(NO_BROKER).array(&[&self.topic], |writer, topic| {
            writer.text(topic).array(&[partition], |writer, partition| {
                writer.i32(*partition).i64(position.code())
            })
        });
        let answer = self.ask(leader, LIST_OFFSETS, body, Duration::ZERO).await?;
        let mut reader = Reader::new(&answer, LIST_OFFSETS.name);
        let topics = reader.array(|topic| {
            topic.text()?;
            topic.array(|partition| {
                let _id = partition.i32()?;
                fine(LIST_OFFSETS, &self.topic, partition.i16()?)?;
                let _time = partition.i64()?;
                partition.i64()
            })
        })?;
        topics.into_iter().flatten().next().ok_or_else(|| reader.unreadable("no offset is there"))
    }

    async fn fetch(
        &mut self,
        leader: &str,
        wanted: &[(i32, i64)],
        wait: Duration,
    ) -> Result<Vec<(i32, records::Page)>, KafkaError> {
        let wait_ms = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        let body = Writer::default().i32(NO_BROKER).i32(wait_ms).i32(1).i32(MAX_FETCH_BYTES);
        // What transactions have not ended yet is read too.
        let body = body.i8(0).array(&[&self.topic], |writer, topic| {
            writer.text(topic).array(wanted, |writer, (partition, offset)| {
                writer.i32(*partition).i64(*offset).i32(MAX_PARTITION_BYTES)
            })
        });
        let answer = self.ask(leader, FETCH, body, wait).await?;
        let mut reader = Reader::new(&answer, FETCH.name);
        let _throttled = reader.i32()?;
        let topics = reader.array(|topic| {
            topic.text()?;
            topic.array(|partition| {
                let (id, error) = (partition.i32()?, partition.i16()?);
                let (_end, _stable) = (partition.i64()?, partition.i64()?);
                partition.array(|aborted| Ok((aborted.i64()?, aborted.i64()?)))?;
                Ok((id, error, partition.sized()?.to_vec()))
            })
        })?;
        let mut pages = Vec::new();
        for (partition, error, batches) in topics.into_iter().flatten() {
            let from = wanted.iter().find(|(known, _)| *known == partition);
            let from = from.map_or(NO_OFFSET, |(_, offset)| *offset);
            let page = match error {
                // What the group would read next is gone, or was never there.
                OFFSET_OUT_OF_RANGE => {
                    let next = self.offset_at(leader, partition, self.initial).await?;
                    records::Page { records: Vec::new(), next }
                }
                error => {
                    fine(FETCH, &self.topic, error)?;
                    records::page(&batches, &self.topic, partition, from)?
                }
            };
            pages.push((partition, page));
        }
        Ok(pages)
    }

    async fn ask(
        &mut self,
        address: &str,
        api: Api,
        body: Writer,
        waits: Duration,
    ) -> Result<Vec<u8>, KafkaError> {
        self.connection(address).await?.ask(api, body, waits).await
    }

    async fn connection(&mut self, address: &str) -> Result<&mut Connection, KafkaError> {
        if !self.connections.contains_key(address) {
            let opened = Connection::open(address).await?;
            self.connections.insert(address.to_owned(), opened);
        }
        Ok(self.connections.get_mut(address).expect("it was opened just now"))
    }
}

fn fine(api: Api, about: &str, code: i16) -> Result<(), KafkaError> {
    match code {
        0 => Ok(()),
        code => Err(KafkaError::Refused { what: api.name, about: about.to_owned(), code }),
    }
}
