//! Code tables (ITU-T T.81, C and F.2.2.3).

use crate::Refusal;
use crate::structure::corrupt;

/// Codes of so many bits are found at once; longer ones are rare.
const SHORT_BITS: u32 = 9;
const MAX_BITS: u32 = 16;

pub(super) struct Table {
    /// By the next bits: the value and the length of its code; length 0: a longer one, or none.
    short: Vec<(u8, u8)>,
    /// By length: what follows the last code of it, left aligned in 16 bits.
    ends: [u32; MAX_BITS as usize + 1],
    /// By length: the place of its first value, less its first code.
    places: [i32; MAX_BITS as usize + 1],
    values: Vec<u8>,
}

impl Table {
    /// `counts`: codes of 1, 2, … 16 bits, whose values follow each other in `values`.
    pub(super) fn new(counts: &[u8; 16], values: &[u8]) -> Result<Self, Refusal> {
        let mut table = Self {
            short: vec![(0, 0); 1 << SHORT_BITS],
            ends: [0; MAX_BITS as usize + 1],
            places: [0; MAX_BITS as usize + 1],
            values: values.to_vec(),
        };
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1..).zip(counts) {
            let index = length as usize;
            table.places[index] = i32::try_from(place).unwrap_or_default() - code.cast_signed();
            for value in &values[place..][..usize::from(*count)] {
                table.put(code, length, *value);
                code += 1;
            }
            place += usize::from(*count);
            if code > 1 << length {
                return Err(corrupt("a code table makes no sense"));
            }
            table.ends[index] = code << (MAX_BITS - length);
            code <<= 1;
        }
        Ok(table)
    }

    fn put(&mut self, code: u32, length: u32, value: u8) {
        let Some(more) = SHORT_BITS.checked_sub(length) else { return };
        let first = (code << more) as usize;
        let entry = (value, u8::try_from(length).unwrap_or_default());
        if let Some(places) = self.short.get_mut(first..first + (1 << more)) {
            places.fill(entry);
        }
    }

    /// The value of the code that these bits begin with, and the code's length.
    pub(super) fn find(&self, next: u16) -> Option<(u8, u32)> {
        match self.short[usize::from(next >> (MAX_BITS - SHORT_BITS))] {
            (_, 0) => self.find_long(next.into()),
            (value, length) => Some((value, length.into())),
        }
    }

    fn find_long(&self, next: u32) -> Option<(u8, u32)> {
        let length =
            (SHORT_BITS + 1..=MAX_BITS).find(|length| next < self.ends[*length as usize])?;
        let code = (next >> (MAX_BITS - length)).cast_signed();
        let place = usize::try_from(code + self.places[length as usize]).ok()?;
        Some((*self.values.get(place)?, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_and_no_other() {
        // One code of 1 bit, one of 2, one of 12: 0, 10, 110000000000.
        let mut counts = [0; 16];
        (counts[0], counts[1], counts[11]) = (1, 1, 1);
        let table = Table::new(&counts, &[7, 8, 9]).unwrap();
        assert_eq!(table.find(0b0111_0000_0000_0000), Some((7, 1)));
        assert_eq!(table.find(0b1010_0000_0000_0000), Some((8, 2)));
        assert_eq!(table.find(0b1100_0000_0000_1111), Some((9, 12)));
        assert_eq!(table.find(0b1100_0000_0001_0000), None);
        assert_eq!(table.find(u16::MAX), None);
    }

    #[test]
    fn more_codes_than_there_can_be_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3]).is_err());
    }
}
