//! JPEG through `zune-jpeg`, straight into RGB: also of grey, CMYK and YCCK.

use super::failed;
use crate::pixels::Pixels;
use crate::structure::check_coded_data;
use crate::{Limits, Refusal};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

pub(super) fn decode(file: &[u8], limits: &Limits) -> Result<Pixels, Refusal> {
    // The decoder would show grey where data is missing.
    check_coded_data(file)?;
    let side = limits.max_side as usize;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|error| failed(&error))?;
    let info = decoder.info().ok_or_else(|| failed(&std::fmt::Error))?;
    let length = decoder.output_buffer_size().ok_or_else(|| failed(&std::fmt::Error))?;
    let mut data = vec![0; length];
    decoder.decode_into(&mut data).map_err(|error| failed(&error))?;
    Ok(Pixels { width: info.width.into(), height: info.height.into(), alpha: false, data })
}
