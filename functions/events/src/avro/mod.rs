//! Avro files: what Event Hubs Capture writes, and what the lake keeps.

mod capture_file;
mod lake_file;

pub(crate) use capture_file::records;
pub(crate) use lake_file::{LakeEvent, read, write};

/// Why a file cannot be read or written; without what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("it is no Avro file: {0}")]
    NoAvro(String),
    #[error("it lacks the field {0}, or the field is of another type")]
    Field(&'static str),
    #[error("its events have more than {} bytes together", .0)]
    TooLarge(usize),
}

/// Avro's errors show values: only their kind goes into ours.
fn no_avro(error: &apache_avro::Error) -> FileError {
    let text = error.to_string();
    let kind = text.split([':', '`', '{']).next().unwrap_or_default().trim();
    FileError::NoAvro(kind.to_owned())
}
