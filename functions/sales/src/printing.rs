//! The fonts that invoices are printed with.

use custom_handler::Settings;
use invoice_pdf::{FontError, Fonts};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The folder of fonts in the package.
const FONTS: &str = "fonts";

/// Looked for when the first invoice is printed: orders are taken without them, and whoever puts them there restarts the
/// step.
#[derive(Debug)]
pub(crate) struct Printing {
    folder: PathBuf,
    fonts: OnceLock<Arc<Fonts>>,
}

impl Printing {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { folder: settings.files(FONTS), fonts: OnceLock::new() }
    }

    /// # Errors
    /// A font is not there.
    pub(crate) fn fonts(&self) -> Result<Arc<Fonts>, FontError> {
        if let Some(fonts) = self.fonts.get() {
            return Ok(Arc::clone(fonts));
        }
        let fonts = Arc::new(Fonts::load(&self.folder)?);
        Ok(Arc::clone(self.fonts.get_or_init(|| fonts)))
    }
}
