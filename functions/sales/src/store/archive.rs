//! The files of invoices: the blobs of `sales-invoices`, which the law wants kept. Each is written once.

use azure_data::{Blob, BlobContainer, BlobRefusal, Storage, StorageFailure};
use custom_handler::Bytes;
use invoice::Number;
use ring::digest::{SHA256, digest};
use std::fmt::Write;

/// Largest file: an invoice of a page has some 50 KB, one of 200 lines in four scripts some 500.
const MAX_FILE_BYTES: usize = 4 << 20;

/// The forms in which an invoice is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Ubl,
}

impl Format {
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ubl => "application/xml",
        }
    }

    /// How the name of a file of it ends.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Ubl => "xml",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pdf" => Ok(Self::Pdf),
            "ubl" => Ok(Self::Ubl),
            _ => Err("must be pdf or ubl"),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Archive(BlobContainer);

impl Archive {
    const CONTAINER: &str = "sales-invoices";

    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.blobs(Self::CONTAINER))
    }

    /// Where a file lies, with its container.
    pub(crate) fn path(number: &Number, format: Format) -> String {
        format!("{}/{}", Self::CONTAINER, name(number, format))
    }

    /// Writes a file. The one that lies there, if there is one: that is the document.
    pub(crate) async fn keep(
        &self,
        number: &Number,
        format: Format,
        content: Bytes,
    ) -> Result<Bytes, StorageFailure> {
        let name = name(number, format);
        match self.0.create(&name, content.clone(), format.media_type()).await {
            Ok(()) => Ok(content),
            Err(BlobRefusal::Failed(failure)) => Err(failure),
            // It was deleted in between: nobody deletes here.
            Err(BlobRefusal::Exists) => {
                Ok(self.read(number, format).await?.map_or(content, |blob| blob.content))
            }
        }
    }

    pub(crate) async fn read(
        &self,
        number: &Number,
        format: Format,
    ) -> Result<Option<Blob>, StorageFailure> {
        self.0.get(&name(number, format), MAX_FILE_BYTES).await
    }
}

fn name(number: &Number, format: Format) -> String {
    format!("{number}/invoice.{}", format.extension())
}

/// The SHA-256 in hexadecimal.
pub(crate) fn sha256(content: &[u8]) -> String {
    digest(&SHA256, content).as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
