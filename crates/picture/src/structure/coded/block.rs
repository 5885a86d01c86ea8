//! The codes of one block of 8 x 8 coefficients, in each of the ways in which they are written.

use super::bits::Bits;
use super::huffman::Table;
use crate::Refusal;
use crate::structure::corrupt;

/// Bits that a difference of first coefficients, and any other coefficient, may have (T.81, tables F.1 and F.2).
const MAX_DC_BITS: u8 = 11;
const MAX_AC_BITS: u8 = 10;
const LAST: u8 = 63;
/// A first coefficient is eight times the block's mean, which lies within 128 of the middle; with some room for rounding.
const MAX_DC: i64 = 8 * 128 + 64;
/// No block within 128 of the middle has another coefficient above 1,310; some encoders go a quarter further, to keep
/// edges sharp.
const MAX_AC: i64 = 1_310 * 5 / 4;

/// The first coefficient: the difference from that of the block before. `shift`: bits that come in later scans.
pub(super) fn dc(
    bits: &mut Bits<'_>,
    table: &Table,
    before: &mut i32,
    step: i32,
    shift: u8,
) -> Result<(), Refusal> {
    let size = bits.symbol(table)?;
    if size > MAX_DC_BITS {
        return Err(nonsense());
    }
    *before = before.saturating_add(bits.value(size)?);
    let step = i64::from(step) << shift;
    if (i64::from(*before) * step).abs() > MAX_DC + step {
        return Err(corrupt("its data leads to colours that there are not"));
    }
    Ok(())
}

/// All but the first coefficient, in one go.
pub(super) fn sequential(
    bits: &mut Bits<'_>,
    table: &Table,
    steps: &[i32; 64],
) -> Result<(), Refusal> {
    let mut at = 1;
    while at <= LAST {
        match read(bits, table)? {
            (15, 0) => at += 16,
            (_, 0) => return Ok(()),
            (zeros, size) => {
                at += zeros;
                within(at, LAST)?;
                fits(bits.value(size)?, steps[usize::from(at)], 0)?;
                at += 1;
            }
        }
    }
    within(at, LAST + 1)
}

/// Coefficients of a band of a progressive picture. Blocks may end together: `ended` says how many more do.
pub(super) struct Band<'a> {
    pub(super) table: &'a Table,
    pub(super) steps: &'a [i32; 64],
    /// Bits of each coefficient that come in later scans.
    pub(super) shift: u8,
    pub(super) first: u8,
    pub(super) last: u8,
    pub(super) ended: u32,
}

impl Band<'_> {
    /// For the first time; notes in `set` which coefficients are not zero.
    pub(super) fn first_pass(&mut self, bits: &mut Bits<'_>, set: &mut u64) -> Result<(), Refusal> {
        if self.ended > 0 {
            self.ended -= 1;
            return Ok(());
        }
        let mut at = self.first;
        while at <= self.last {
            match read(bits, self.table)? {
                (15, 0) => at += 16,
                (run, 0) => {
                    self.ended = together(bits, run)? - 1;
                    return Ok(());
                }
                (zeros, size) => {
                    at += zeros;
                    within(at, self.last)?;
                    fits(bits.value(size)?, self.steps[usize::from(at)], self.shift)?;
                    *set |= 1 << at;
                    at += 1;
                }
            }
        }
        within(at, self.last + 1)
    }

    /// One bit more of each coefficient that is not zero, and those that are from here on.
    pub(super) fn refinement(&mut self, bits: &mut Bits<'_>, set: &mut u64) -> Result<(), Refusal> {
        let mut at = self.first;
        while self.ended == 0 && at <= self.last {
            let (mut zeros, size) = read(bits, self.table)?;
            match size {
                0 if zeros < 15 => {
                    self.ended = together(bits, zeros)?;
                    break;
                }
                0 => {}
                1 => drop(bits.take(1)?),
                _ => return Err(nonsense()),
            }
            while at <= self.last {
                if *set >> at & 1 == 1 {
                    bits.take(1)?;
                } else if zeros == 0 {
                    break;
                } else {
                    zeros -= 1;
                }
                at += 1;
            }
            if size == 1 {
                within(at, self.last)?;
                *set |= 1 << at;
            }
            at += 1;
        }
        if self.ended > 0 {
            let set_from_here = (at..=self.last).filter(|at| *set >> at & 1 == 1).count();
            for _ in 0..set_from_here {
                bits.take(1)?;
            }
            self.ended -= 1;
        }
        Ok(())
    }
}

/// How many zeros, and the size of what follows them.
fn read(bits: &mut Bits<'_>, table: &Table) -> Result<(u8, u8), Refusal> {
    let symbol = bits.symbol(table)?;
    let size = symbol & 15;
    if size > MAX_AC_BITS { Err(nonsense()) } else { Ok((symbol >> 4, size)) }
}

/// How many blocks end together, this one included.
fn together(bits: &mut Bits<'_>, run: u8) -> Result<u32, Refusal> {
    Ok((1 << run) + bits.take(run.into())?)
}

/// Whether there can be such a coefficient.
fn fits(value: i32, step: i32, shift: u8) -> Result<(), Refusal> {
    let step = i64::from(step) << shift;
    if (i64::from(value) * step).abs() > MAX_AC + step { Err(nonsense()) } else { Ok(()) }
}

fn within(at: u8, last: u8) -> Result<(), Refusal> {
    if at > last { Err(nonsense()) } else { Ok(()) }
}

fn nonsense() -> Refusal {
    corrupt("its data makes no sense")
}
