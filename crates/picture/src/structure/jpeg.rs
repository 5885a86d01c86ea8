//! JPEG (ITU-T T.81): segments from SOI to EOI, with coded data after each SOS.

use super::bytes::Place;
use super::{Facts, Gate, corrupt, orientation, truncated, unsupported};
use crate::Refusal;
use crate::refusal::Code;
use image::metadata::Orientation;

/// Scans of a picture. Encoders write about 10; each costs a pass over the whole picture.
const MAX_SCANS: u32 = 40;

/// Pieces of a colour profile, by the format's own counting.
const MAX_PROFILE_PIECES: usize = 255;

pub(super) fn walk(file: &[u8], gate: Gate<'_>) -> Result<(Facts, usize), Refusal> {
    let mut place = Place::new(file, 2);
    let mut seen = Seen::default();
    loop {
        match next_marker(&mut place)? {
            marker::EOI => break,
            marker::TEM | marker::RST0..=marker::RST7 => {}
            marker::SOI => return Err(corrupt("a second picture begins inside of the first")),
            kind => seen.segment(kind, &mut place, gate)?,
        }
    }
    let frame = seen.frame.ok_or_else(|| corrupt("there is no picture in it"))?;
    if seen.scans == 0 {
        return Err(corrupt("there is no picture in it"));
    }
    let facts = Facts {
        width: frame.width,
        height: frame.height,
        frames: 1,
        passes: seen.scans,
        interlaced: false,
        orientation: seen.orientation.unwrap_or(Orientation::NoTransforms),
        icc: profile(seen.profile),
        decoding_tenths_of_bytes_per_pixel: frame.tenths(seen.scans),
        chroma_is_halved: frame.chroma_is_halved(),
    };
    Ok((facts, place.at()))
}

pub(super) mod marker {
    pub(in crate::structure) const TEM: u8 = 0x01;
    pub(in crate::structure) const DHT: u8 = 0xc4;
    pub(in crate::structure) const JPG: u8 = 0xc8;
    pub(in crate::structure) const DAC: u8 = 0xcc;
    pub(in crate::structure) const RST0: u8 = 0xd0;
    pub(in crate::structure) const RST7: u8 = 0xd7;
    pub(in crate::structure) const SOI: u8 = 0xd8;
    pub(in crate::structure) const EOI: u8 = 0xd9;
    pub(in crate::structure) const SOS: u8 = 0xda;
    pub(in crate::structure) const DQT: u8 = 0xdb;
    pub(in crate::structure) const DRI: u8 = 0xdd;
    pub(in crate::structure) const APP1: u8 = 0xe1;
    pub(in crate::structure) const APP2: u8 = 0xe2;
}

/// The next marker. Bytes that are none are passed over, as by every decoder: some cameras pad.
pub(super) fn next_marker(place: &mut Place<'_>) -> Result<u8, Refusal> {
    loop {
        let skipped = memchr::memchr(0xff, place.rest()).ok_or_else(truncated)?;
        place.take(skipped + 1)?;
        let kind = *place.rest().first().ok_or_else(truncated)?;
        if kind == 0xff {
            continue;
        }
        place.take(1)?;
        if kind != 0 {
            return Ok(kind);
        }
    }
}

#[derive(Default)]
struct Seen {
    frame: Option<Frame>,
    scans: u32,
    orientation: Option<Orientation>,
    profile: Vec<(u8, Vec<u8>)>,
}

/// The header of the picture.
pub(super) struct Frame {
    pub(super) progressive: bool,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<Component>,
}

/// A colour of the picture.
pub(super) struct Component {
    pub(super) id: u8,
    /// How finely it is stored, compared with the others: 1 to 4.
    pub(super) across: u8,
    pub(super) down: u8,
    /// What its coefficients are multiplied with.
    pub(super) table: u8,
}

impl Seen {
    fn segment(&mut self, kind: u8, place: &mut Place<'_>, gate: Gate<'_>) -> Result<(), Refusal> {
        let length = usize::from(place.u16_be()?);
        let length = length.checked_sub(2).ok_or_else(|| corrupt("a segment has no length"))?;
        let content = place.take(length)?;
        match kind {
            marker::DHT => {}
            0x02..=0xbf => return Err(corrupt("it has a marker that means nothing")),
            marker::JPG | marker::DAC | 0xc3 | 0xc5..=0xcf | 0xdc | 0xde => {
                return Err(unsupported(
                    "this kind of JPEG is not taken: only baseline and progressive are",
                ));
            }
            0xc0..=0xc2 if self.frame.is_some() => return Err(corrupt("it has two headers")),
            0xc0..=0xc2 => {
                let frame = Frame::read(kind, content)?;
                gate(frame.width, frame.height)?;
                self.frame = Some(frame);
            }
            marker::SOS => self.scan(content)?,
            marker::APP1 if content.starts_with(b"Exif\0\0") && self.orientation.is_none() => {
                self.orientation = Some(orientation(content));
            }
            marker::APP2 => self.piece_of_profile(content),
            _ => {}
        }
        Ok(())
    }

    fn scan(&mut self, header: &[u8]) -> Result<(), Refusal> {
        let Some(frame) = &self.frame else {
            return Err(corrupt("its picture begins before its header"));
        };
        let apart =
            header.first().is_some_and(|count| usize::from(*count) < frame.components.len());
        if apart && !frame.progressive && frame.largest().1 > 1 {
            return Err(unsupported(
                "JPEG with its colours one after the other and stored coarsely is not taken",
            ));
        }
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return Err(
                Code::TooMuchWork.because(format!("it is coded in more than {MAX_SCANS} passes"))
            );
        }
        Ok(())
    }

    fn piece_of_profile(&mut self, content: &[u8]) {
        let Some([number, _pieces, piece @ ..]) = content.strip_prefix(b"ICC_PROFILE\0") else {
            return;
        };
        if self.profile.len() < MAX_PROFILE_PIECES {
            self.profile.push((*number, piece.to_vec()));
        }
    }
}

fn profile(mut pieces: Vec<(u8, Vec<u8>)>) -> Option<Vec<u8>> {
    pieces.sort_by_key(|(number, _)| *number);
    let whole: Vec<u8> = pieces.into_iter().flat_map(|(_, piece)| piece).collect();
    (!whole.is_empty()).then_some(whole)
}

impl Frame {
    pub(super) fn read(kind: u8, content: &[u8]) -> Result<Self, Refusal> {
        let mut inside = Place::new(content, 0);
        let bits = inside.byte()?;
        if bits != 8 {
            return Err(unsupported("JPEG with more than 8 bits a channel is not taken"));
        }
        let (height, width) = (inside.u16_be()?.into(), inside.u16_be()?.into());
        let count = inside.byte()?;
        let mut components = Vec::new();
        for _ in 0..count {
            let [id, factors, table] = inside.array()?;
            components.push(Component { id, across: factors >> 4, down: factors & 15, table });
        }
        let fits = |Component { across, down, .. }: &Component| {
            (1..=4).contains(across) && (1..=4).contains(down)
        };
        if !matches!(count, 1 | 3 | 4) || !components.iter().all(fits) {
            return Err(corrupt("its colours make no sense"));
        }
        let frame = Self { progressive: kind == 0xc2, width, height, components };
        let (widest, highest) = frame.largest();
        let rare = |Component { across, down, .. }: &Component| {
            highest / down > 2 || (widest / across > 2 && highest / down > 1) || widest % across > 0
        };
        if frame.components.iter().any(rare) {
            return Err(unsupported("JPEG with colour stored so coarsely is not taken"));
        }
        Ok(frame)
    }

    /// How finely the finest colour is stored: across and down.
    pub(super) fn largest(&self) -> (u8, u8) {
        let across = self.components.iter().map(|component| component.across).max().unwrap_or(1);
        (across, self.components.iter().map(|component| component.down).max().unwrap_or(1))
    }

    /// The decoded picture in RGB, and for one in several passes every coefficient in two bytes.
    fn tenths(&self, scans: u32) -> u64 {
        let area = |component: &Component| u64::from(component.across) * u64::from(component.down);
        let largest = self.components.iter().map(area).max().unwrap_or(1);
        let all: u64 = self.components.iter().map(area).sum();
        let passes = if self.progressive || scans > 1 { 20 * all / largest } else { 0 };
        30 + passes
    }

    fn chroma_is_halved(&self) -> bool {
        matches!(self.components.as_slice(), [luma, chroma, _] if luma.across > chroma.across)
    }
}
