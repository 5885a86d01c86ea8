//! How much of everything a picture may ask for.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a picture may ask for. Everything but time and memory is checked before anything is decoded: what a file may
/// cost others is counted in pixels, the same on every machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Of the uploaded file. Phones write 3 to 8 MB; a file is in memory whole.
    pub max_bytes: usize,
    /// Width times height. 24 million is what most cameras and phones of today write by default; as
    /// three bytes each they are 72 MB, and everything together stays below 256 MiB.
    pub max_pixels: u64,
    /// Width and height each.
    pub max_side: u32,
    /// Width and height each. Azure AI Content Safety takes no picture with a side below 50 pixels.
    pub min_side: u32,
    /// Pictures in an animation. All are checked, one is published.
    pub max_frames: u32,
    /// Pixels of all frames together, each as large as the picture; an interlaced picture costs twice as many. 20 frames
    /// of a phone's screen, or a still picture of `max_pixels` with any interlacing.
    pub max_pixels_in_all: u64,
    /// Pixels times passes of a picture that is coded in several, as a progressive JPEG: 20 passes over `max_pixels`,
    /// of which encoders use about ten.
    pub max_pixels_in_passes: u64,
    /// Of the process that decodes, all in all. A picture whose header says that it needs more is
    /// refused before it is decoded.
    pub max_memory_bytes: u64,
    /// Processor time of the process that decodes, in whole seconds: however busy the machine is, it is the same. What
    /// the other limits let pass takes a few seconds.
    pub cpu_time: Duration,
    /// For one picture, from the start of its process to its last byte. Longer by far than `cpu_time`: a process that
    /// takes so long was kept from working, which is nothing about the picture.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 12 << 20,
            max_pixels: 24_000_000,
            max_side: 12_000,
            min_side: 50,
            max_frames: 20,
            max_pixels_in_all: 120_000_000,
            max_pixels_in_passes: 480_000_000,
            max_memory_bytes: 200 << 20,
            cpu_time: Duration::from_secs(20),
            deadline: Duration::from_secs(60),
        }
    }
}
