//! Batches of records as a broker keeps them, in the form of magic 2.

use jiff::Timestamp;

use super::{KafkaError, encoding::Reader};
use crate::envelope::kafka::Record;

const WHAT: &str = "records of Kafka";
/// The form that every broker from 0.11 on writes.
const MAGIC: i8 = 2;
/// Of a batch's attributes: how it is compressed, and whether it is for brokers only.
const COMPRESSION: i16 = 0b111;
const CONTROL: i16 = 0b10_0000;
/// What comes before the length, and the length itself.
const BEFORE_LENGTH: usize = 8 + 4;

/// What a partition's records come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// From the wanted offset on.
    pub(super) records: Vec<Record>,
    /// Where to go on: also behind what is for brokers only.
    pub(super) next: i64,
}

/// Reads batches; the last one may be cut off, and the first one may begin before `from`.
pub(super) fn page(
    bytes: &[u8],
    topic: &str,
    partition: i32,
    from: i64,
) -> Result<Page, KafkaError> {
    let mut page = Page { records: Vec::new(), next: from };
    let mut rest = bytes;
    while let Some((batch, behind)) = first_batch(rest) {
        rest = behind;
        let mut reader = Reader::new(batch, WHAT);
        let read = Batch::read(&mut reader)?;
        if !read.is_control {
            let records = (0..read.count).map(|_| read.record(&mut reader, topic, partition));
            let records = records.collect::<Result<Vec<_>, _>>()?;
            page.records.extend(records.into_iter().filter(|record| record.offset >= from));
        }
        page.next = page.next.max(read.last_offset + 1);
    }
    Ok(page)
}

/// A whole batch, and what comes behind it.
fn first_batch(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(bytes.get(8..)?, WHAT);
    let length = usize::try_from(reader.i32().ok()?).ok()?;
    bytes.split_at_checked(BEFORE_LENGTH.checked_add(length)?)
}

struct Batch {
    base_offset: i64,
    last_offset: i64,
    base_time: i64,
    leader_epoch: i32,
    is_control: bool,
    count: i32,
}

impl Batch {
    fn read(reader: &mut Reader<'_>) -> Result<Self, KafkaError> {
        let base_offset = reader.i64()?;
        let _length = reader.i32()?;
        let leader_epoch = reader.i32()?;
        let magic = reader.i8()?;
        if magic != MAGIC {
            return Err(
                reader.unreadable(format!("they are in the form {magic}, from before Kafka 0.11"))
            );
        }
        let _checksum = reader.i32()?;
        let attributes = reader.i16()?;
        if attributes & COMPRESSION != 0 {
            let problem = "they are compressed, which the local host does not read: let whoever produces them say compression.type=none";
            return Err(reader.unreadable(problem));
        }
        let last_offset = base_offset + i64::from(reader.i32()?);
        let base_time = reader.i64()?;
        // The last time, the producer's id and epoch, its first sequence number.
        reader.bytes(8 + 8 + 2 + 4)?;
        let is_control = attributes & CONTROL != 0;
        let count = reader.i32()?.max(0);
        Ok(Self { base_offset, last_offset, base_time, leader_epoch, is_control, count })
    }

    fn record(
        &self,
        reader: &mut Reader<'_>,
        topic: &str,
        partition: i32,
    ) -> Result<Record, KafkaError> {
        let length = usize::try_from(reader.varint()?).unwrap_or_default();
        let mut reader = Reader::new(reader.bytes(length)?, WHAT);
        let _attributes = reader.i8()?;
        let time = self.base_time.saturating_add(reader.varint()?);
        let offset = self.base_offset.saturating_add(reader.varint()?);
        let key = reader.var_sized()?.map(<[u8]>::to_vec);
        let value = reader.var_sized()?.map(<[u8]>::to_vec);
        let count = reader.varint()?.max(0);
        let headers = (0..count).map(|_| header(&mut reader)).collect::<Result<_, _>>()?;
        Ok(Record {
            value,
            key,
            topic: topic.to_owned(),
            partition,
            offset,
            timestamp: Timestamp::from_millisecond(time).unwrap_or_default(),
            headers,
            leader_epoch: (self.leader_epoch >= 0).then_some(self.leader_epoch),
        })
    }
}

fn header(reader: &mut Reader<'_>) -> Result<(String, Vec<u8>), KafkaError> {
    let name = reader.var_sized()?.unwrap_or_default();
    let value = reader.var_sized()?.unwrap_or_default();
    Ok((String::from_utf8_lossy(name).into_owned(), value.to_vec()))
}

#[cfg(test)]
mod tests;
