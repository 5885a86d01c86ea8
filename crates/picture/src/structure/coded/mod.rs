//! Whether the coded data of a JPEG is whole: every scan has as many blocks as its picture, no more and no less, every
//! code is one of its tables, and restart markers come where and in the order in which they must (ITU-T T.81, F and G).
//!
//! Decoders show what they can and fill the rest with grey, as a browser should. Here a person would see a picture that
//! nobody took, and a moderator would judge another one than was sent: damaged data is refused. Nothing but codes is
//! decoded, so this costs a fraction of the picture. A change within the bits of a value is found only if it leads out
//! of what a value may be: it is a valid code for another brightness.

mod bits;
mod block;
mod huffman;
mod scan;

use super::bytes::Place;
use super::jpeg::{Frame, marker, next_marker};
use super::{corrupt, truncated};
use crate::Refusal;
use huffman::Table;
use scan::{Picture, Scan, ScanOf};

/// Tables of each kind that a file may have at a time.
const TABLES: usize = 4;

/// What has been defined so far; each may be defined anew between scans.
#[derive(Default)]
pub(super) struct Tables {
    dc: [Option<Table>; TABLES],
    ac: [Option<Table>; TABLES],
    /// What the coefficients of a block are multiplied with, in the order in which they come.
    steps: [Option<[i32; 64]>; TABLES],
    /// Units between restart markers; 0 if there are none.
    restart_interval: usize,
}

/// Reads all scans of a file whose structure is sound.
pub(crate) fn check(file: &[u8]) -> Result<(), Refusal> {
    let mut place = Place::new(file, 2);
    let mut tables = Tables::default();
    let mut picture: Option<Picture> = None;
    loop {
        let kind = next_marker(&mut place)?;
        if kind == marker::EOI {
            break;
        }
        if matches!(kind, marker::TEM | marker::RST0..=marker::RST7) {
            continue;
        }
        let length = usize::from(place.u16_be()?).checked_sub(2).ok_or_else(truncated)?;
        let content = place.take(length)?;
        match kind {
            marker::DHT => tables.define_codes(content)?,
            marker::DQT => tables.define_steps(content)?,
            marker::DRI => {
                tables.restart_interval = Place::new(content, 0).u16_be()?.into();
            }
            0xc0..=0xc2 => picture = Some(Picture::new(Frame::read(kind, content)?)),
            marker::SOS => {
                let picture = picture
                    .as_mut()
                    .ok_or_else(|| corrupt("its picture begins before its header"))?;
                let scan = Scan::read(content, picture)?;
                let length = ScanOf { picture, scan: &scan, tables: &tables }.read(place.rest())?;
                place.take(length)?;
            }
            _ => {}
        }
    }
    picture.ok_or_else(|| corrupt("there is no picture in it"))?.is_complete()
}

impl Tables {
    fn define_codes(&mut self, content: &[u8]) -> Result<(), Refusal> {
        let mut place = Place::new(content, 0);
        while !place.rest().is_empty() {
            let kind = place.byte()?;
            let counts: [u8; 16] = place.array()?;
            let values = place.take(counts.iter().map(|count| usize::from(*count)).sum())?;
            let kept = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let kept = kept.get_mut(usize::from(kind & 15));
            let kept = kept.ok_or_else(|| corrupt("it has too many code tables"))?;
            *kept = Some(Table::new(&counts, values)?);
        }
        Ok(())
    }

    fn define_steps(&mut self, content: &[u8]) -> Result<(), Refusal> {
        let mut place = Place::new(content, 0);
        while !place.rest().is_empty() {
            let kind = place.byte()?;
            let steps: [i32; 64] = if kind >> 4 == 0 {
                place.array::<64>()?.map(i32::from)
            } else {
                let bytes: [u8; 128] = place.array()?;
                std::array::from_fn(|at| {
                    u16::from_be_bytes([bytes[2 * at], bytes[2 * at + 1]]).into()
                })
            };
            let kept = self.steps.get_mut(usize::from(kind & 15));
            *kept.ok_or_else(|| corrupt("it has too many tables"))? = Some(steps);
        }
        Ok(())
    }
}
