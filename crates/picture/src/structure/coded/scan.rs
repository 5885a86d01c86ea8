//! One scan: which blocks it has, and in which order (ITU-T T.81, A.2 and G.1.1).

use super::bits::Bits;
use super::block::{self, Band};
use super::huffman::Table;
use super::{TABLES, Tables};
use crate::Refusal;
use crate::structure::bytes::Place;
use crate::structure::corrupt;
use crate::structure::jpeg::{Component, Frame};

/// Bits of a coefficient that may come in later scans.
const MAX_SHIFT: u8 = 13;

/// The picture as far as it has been read.
pub(super) struct Picture {
    frame: Frame,
    /// Units of all components that are interleaved: across and down.
    units: (usize, usize),
    parts: Vec<Part>,
}

/// A component as far as it has been read.
struct Part {
    begun: bool,
    /// Blocks in a row, those that only fill up a unit included.
    row: usize,
    /// For each block which coefficients are not zero; of progressive pictures only, where later scans depend on it.
    set: Vec<u64>,
}

impl Picture {
    pub(super) fn new(frame: Frame) -> Self {
        let (widest, highest) = frame.largest();
        let blocks = |pixels: u32, per_unit: u8| pixels.div_ceil(8 * u32::from(per_unit)) as usize;
        let units = (blocks(frame.width, widest), blocks(frame.height, highest));
        let parts = frame.components.iter().map(|component| {
            let row = units.0 * usize::from(component.across);
            let all = row * units.1 * usize::from(component.down);
            Part { begun: false, row, set: vec![0; if frame.progressive { all } else { 0 }] }
        });
        Self { units, parts: parts.collect(), frame }
    }

    pub(super) fn is_complete(&self) -> Result<(), Refusal> {
        if self.parts.iter().all(|part| part.begun) {
            return Ok(());
        }
        Err(corrupt("a part of its colours is missing"))
    }

    /// Blocks of a component that is alone in its scan: none that only fill up a unit.
    fn blocks(&self, index: usize) -> (usize, usize) {
        let (widest, highest) = self.frame.largest();
        let Component { across, down, .. } = self.frame.components[index];
        let blocks = |pixels: u32, share: u8, of: u8| {
            (pixels * u32::from(share)).div_ceil(8 * u32::from(of)) as usize
        };
        (blocks(self.frame.width, across, widest), blocks(self.frame.height, down, highest))
    }
}

/// The header of a scan.
pub(super) struct Scan {
    parts: Vec<ScanPart>,
    first: u8,
    last: u8,
    refines: bool,
    shift: u8,
}

struct ScanPart {
    /// Which component.
    index: usize,
    dc: usize,
    ac: usize,
}

impl Scan {
    pub(super) fn read(content: &[u8], picture: &mut Picture) -> Result<Self, Refusal> {
        let mut place = Place::new(content, 0);
        let mut parts: Vec<ScanPart> = Vec::new();
        for _ in 0..place.byte()? {
            let [id, tables] = place.array()?;
            let index = picture.frame.components.iter().position(|component| component.id == id);
            let index = index.filter(|index| parts.iter().all(|part| part.index != *index));
            let index = index.ok_or_else(|| corrupt("a scan is of no colour"))?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc.max(ac) >= TABLES {
                return Err(corrupt("a scan has no code table"));
            }
            parts.push(ScanPart { index, dc, ac });
        }
        let [first, last, bits] = place.array()?;
        let scan = Self { parts, first, last, refines: bits >> 4 > 0, shift: bits & 15 };
        scan.check(picture)?;
        Ok(scan)
    }

    fn check(&self, picture: &mut Picture) -> Result<(), Refusal> {
        let nonsense = || corrupt("a scan makes no sense");
        if self.parts.is_empty() || (self.first > 0 && !picture.frame.progressive) {
            return Err(nonsense());
        }
        let band = self.first > 0;
        for part in &self.parts {
            let begun = &mut picture.parts[part.index].begun;
            // Everything else adds to what came before.
            let begins = !picture.frame.progressive || !(band || self.refines);
            if *begun == begins {
                return Err(nonsense());
            }
            *begun = true;
        }
        if !picture.frame.progressive {
            return Ok(());
        }
        let is_band = band && self.first <= self.last && self.last < 64 && self.parts.len() == 1;
        let is_dc = !band && self.last == 0;
        if !(is_band || is_dc) || self.shift > MAX_SHIFT { Err(nonsense()) } else { Ok(()) }
    }
}

/// The coded data of a scan.
pub(super) struct ScanOf<'a> {
    pub(super) picture: &'a mut Picture,
    pub(super) scan: &'a Scan,
    pub(super) tables: &'a Tables,
}

/// What is needed for the blocks of a component, looked up once.
struct Coder<'a> {
    index: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
    steps: &'a [i32; 64],
    before: i32,
    band: Option<Band<'a>>,
}

impl<'a> ScanOf<'a> {
    /// How many bytes the data has, up to the next marker.
    pub(super) fn read(mut self, data: &[u8]) -> Result<usize, Refusal> {
        let mut bits = Bits::new(data);
        let mut coders = self.coders()?;
        let (across, down) = match self.scan.parts.as_slice() {
            [alone] => self.picture.blocks(alone.index),
            _ => self.picture.units,
        };
        let mut restarts = 0_u8;
        let mut left = self.tables.restart_interval;
        for unit in 0..across * down {
            if self.tables.restart_interval > 0 {
                if left == 0 {
                    end(&mut bits, &coders)?;
                    bits.restart(restarts % 8)?;
                    restarts = restarts.wrapping_add(1);
                    left = self.tables.restart_interval;
                    coders.iter_mut().for_each(|coder| coder.before = 0);
                }
                left -= 1;
            }
            self.unit(&mut bits, &mut coders, (unit % across, unit / across))?;
        }
        end(&mut bits, &coders)?;
        Ok(bits.position())
    }

    fn coders(&self) -> Result<Vec<Coder<'a>>, Refusal> {
        let Self { scan, tables, picture } = self;
        let missing = || corrupt("a code table is missing");
        let coder = |part: &ScanPart| {
            let Component { table, .. } = picture.frame.components[part.index];
            let steps = tables.steps.get(usize::from(table)).and_then(Option::as_ref);
            let steps = steps.ok_or_else(missing)?;
            let (dc, ac) = (tables.dc[part.dc].as_ref(), tables.ac[part.ac].as_ref());
            let band = match scan.first {
                0 => None,
                first => {
                    let table = ac.ok_or_else(missing)?;
                    let (last, shift) = (scan.last, scan.shift);
                    Some(Band { table, steps, shift, first, last, ended: 0 })
                }
            };
            Ok(Coder { index: part.index, dc, ac, steps, before: 0, band })
        };
        scan.parts.iter().map(coder).collect()
    }

    /// The blocks of one unit; one block if a component is alone.
    fn unit(
        &mut self,
        bits: &mut Bits<'_>,
        coders: &mut [Coder<'_>],
        (x, y): (usize, usize),
    ) -> Result<(), Refusal> {
        if let [alone] = coders {
            return self.block(bits, alone, (x, y));
        }
        for coder in coders {
            let Component { across, down, .. } = self.picture.frame.components[coder.index];
            for row in 0..usize::from(down) {
                for column in 0..usize::from(across) {
                    let (across, down) = (usize::from(across), usize::from(down));
                    self.block(bits, coder, (x * across + column, y * down + row))?;
                }
            }
        }
        Ok(())
    }

    fn block(
        &mut self,
        bits: &mut Bits<'_>,
        coder: &mut Coder<'_>,
        (x, y): (usize, usize),
    ) -> Result<(), Refusal> {
        let missing = || corrupt("a code table is missing");
        let part = &mut self.picture.parts[coder.index];
        if let Some(band) = &mut coder.band {
            let set = part.set.get_mut(y * part.row + x);
            let set = set.ok_or_else(|| corrupt("a scan makes no sense"))?;
            return match self.scan.refines {
                false => band.first_pass(bits, set),
                true => band.refinement(bits, set),
            };
        }
        if self.scan.refines && self.picture.frame.progressive {
            return bits.take(1).map(drop);
        }
        let shift = if self.picture.frame.progressive { self.scan.shift } else { 0 };
        block::dc(bits, coder.dc.ok_or_else(missing)?, &mut coder.before, coder.steps[0], shift)?;
        if self.picture.frame.progressive {
            return Ok(());
        }
        block::sequential(bits, coder.ac.ok_or_else(missing)?, coder.steps)
    }
}

/// No block may have ended together with one that there is not.
fn end(bits: &mut Bits<'_>, coders: &[Coder<'_>]) -> Result<(), Refusal> {
    let open = |coder: &Coder<'_>| coder.band.as_ref().is_some_and(|band| band.ended > 0);
    if coders.iter().any(open) {
        return Err(corrupt("its data does not end where its picture does"));
    }
    bits.end()
}
