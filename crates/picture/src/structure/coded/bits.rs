//! The bits of coded data, up to the next marker.

use super::huffman::Table;
use crate::Refusal;
use crate::structure::{corrupt, truncated};

/// Zero bytes between the end of coded data and the next marker: hardware encoders fill up their buffers.
const MAX_FILL_BYTES: usize = 16;

pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, left aligned; what is not there is zero.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, buffer: 0, count: 0 }
    }

    /// How many bytes were read; right after [`Bits::end`].
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Reads as many bytes as fit, but no marker.
    fn fill(&mut self) {
        while self.count <= 56 {
            let Some(byte) = self.data.get(self.at) else { return };
            if *byte == 0xff {
                if self.data.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.buffer |= u64::from(*byte) << (56 - self.count);
            self.count += 8;
        }
    }

    fn drop(&mut self, count: u32) -> Result<(), Refusal> {
        if count > self.count {
            return Err(truncated());
        }
        self.buffer <<= count;
        self.count -= count;
        Ok(())
    }

    /// At most 16 bits.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Refusal> {
        if count == 0 {
            return Ok(0);
        }
        if self.count < count {
            self.fill();
        }
        let bits = self.buffer >> (64 - count);
        self.drop(count)?;
        Ok(u32::try_from(bits).unwrap_or_default())
    }

    /// The value that the next code stands for.
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, Refusal> {
        if self.count < 16 {
            self.fill();
        }
        let next = u16::try_from(self.buffer >> 48).unwrap_or_default();
        match table.find(next) {
            Some((symbol, length)) => {
                self.drop(length)?;
                Ok(symbol)
            }
            // What is missing at the end looks like zeros, and may look like no code.
            None if self.count < 16 => Err(truncated()),
            None => Err(corrupt("its data has a code that means nothing")),
        }
    }

    /// A value of so many bits and its sign (T.81, F.2.2.1).
    pub(super) fn value(&mut self, size: u8) -> Result<i32, Refusal> {
        if size == 0 {
            return Ok(0);
        }
        let bits = i32::try_from(self.take(size.into())?).unwrap_or_default();
        let half = 1 << (size - 1);
        Ok(if bits < half { bits - 2 * half + 1 } else { bits })
    }

    /// Nothing may be left before the next marker: an incomplete byte of equal bits, and a filling of zeros.
    pub(super) fn end(&mut self) -> Result<(), Refusal> {
        let padding = self.count % 8;
        let bits = self.take(padding)?;
        if bits != 0 && bits != (1 << padding) - 1 {
            return Err(too_much());
        }
        for _ in 0..=MAX_FILL_BYTES {
            self.fill();
            if self.count == 0 {
                return if self.at < self.data.len() { Ok(()) } else { Err(truncated()) };
            }
            if self.take(8)? != 0 {
                break;
            }
        }
        Err(too_much())
    }

    /// Passes over the restart marker of this number.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Refusal> {
        let marker = &self.data[self.at..];
        let fill = marker.iter().take_while(|byte| **byte == 0xff).count();
        if marker.get(fill) != Some(&(0xd0 + number)) {
            return Err(corrupt("its restart markers are not in order"));
        }
        self.at += fill + 1;
        Ok(())
    }
}

fn too_much() -> Refusal {
    corrupt("its data does not end where its picture does")
}
