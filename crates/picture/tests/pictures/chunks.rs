//! Chunks to put into a PNG.

use crc::{CRC_32_ISO_HDLC, Crc};

pub(crate) fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&kind[..], content].concat();
    let sum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&named);
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &named, &sum.to_be_bytes()].concat()
}

/// A PNG with chunks after its header.
pub(crate) fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = 8 + 25;
    [&png[..header], &chunks.concat(), &png[header..]].concat()
}
