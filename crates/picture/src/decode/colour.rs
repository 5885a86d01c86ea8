//! Colours to sRGB, by the picture's own profile. A profile that is broken or of another kind of
//! colours than the picture's is passed over, as every viewer does.

use crate::pixels::Pixels;
use moxcms::{
    ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Of a profile, and of what is made of its tables.
const MAX_PROFILE_BYTES: usize = 4 << 20;

pub(super) fn to_srgb(pixels: &mut Pixels, profile: &[u8]) {
    // The parser is fed by strangers, and what it cannot read is to be ignored, not to cost the picture.
    let transform =
        catch_unwind(AssertUnwindSafe(|| transform(profile, pixels.alpha))).ok().flatten();
    let Some(transform) = transform else { return };
    let row_bytes = pixels.row_bytes();
    let mut before = vec![0; row_bytes];
    for row in pixels.data.chunks_exact_mut(row_bytes) {
        before.copy_from_slice(row);
        if transform.transform(&before, row).is_err() {
            row.copy_from_slice(&before);
            return;
        }
    }
}

fn transform(profile: &[u8], alpha: bool) -> Option<Arc<Transform8BitExecutor>> {
    let options = ParsingOptions {
        max_profile_size: MAX_PROFILE_BYTES,
        max_allowed_clut_size: MAX_PROFILE_BYTES,
        ..ParsingOptions::default()
    };
    let profile = ColorProfile::new_from_slice_with_options(profile, options).ok()?;
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let layout = if alpha { Layout::Rgba } else { Layout::Rgb };
    profile
        .create_transform_8bit(
            layout,
            &ColorProfile::new_srgb(),
            layout,
            TransformOptions::default(),
        )
        .ok()
}
