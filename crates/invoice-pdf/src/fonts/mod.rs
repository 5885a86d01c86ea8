//! The fonts of a folder: each is read when a character first needs it, and kept.

mod face;
mod script;

use std::{
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

pub(crate) use face::{Face, Shaper};
pub(crate) use script::{Font, follows, is_hidden, is_without_gaps};

/// A font that is larger was put there by mistake.
const MAX_FONT_BYTES: u64 = 8 * 1024 * 1024;

/// The fonts that invoices are printed with, to be shared by all renderings: what is read once is kept. Latin text needs
/// one or two files, 1 MiB; all of them are 5 MiB.
#[derive(Debug)]
pub struct Fonts {
    folder: PathBuf,
    faces: [OnceLock<Face>; Font::ALL.len()],
}

/// A font that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It is not there, or cannot be read.
    #[error("reading the font {path}: {source}; is the folder of fonts in the app's package?")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is larger than a font of ours.
    #[error(
        "reading the font {path}: {bytes} bytes are more than {MAX_FONT_BYTES}; it is none of ours"
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How large it is.
        bytes: u64,
    },
    /// It is no font.
    #[error(
        "reading the font {path}: it is no TrueType font; take the file from the repository again"
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

impl Fonts {
    /// Fonts in a folder. All files must be there, so that an app without them ends at its start and not at the first
    /// name that needs one; none is read yet.
    pub fn load(folder: &Path) -> Result<Self, FontError> {
        for font in Font::ALL {
            let path = folder.join(font.file());
            let length = match path.metadata() {
                Ok(metadata) => metadata.len(),
                Err(source) => return Err(FontError::Unreadable { path, source }),
            };
            if length > MAX_FONT_BYTES {
                return Err(FontError::TooLarge { path, bytes: length });
            }
        }
        Ok(Self { folder: folder.to_owned(), faces: Default::default() })
    }

    /// The font, read if it is the first time. Two who ask at once may both read it; one copy is kept.
    pub(crate) fn face(&self, font: Font) -> Result<&Face, FontError> {
        let place = &self.faces[font as usize];
        if let Some(face) = place.get() {
            return Ok(face);
        }
        let path = self.folder.join(font.file());
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(FontError::Unreadable { path, source }),
        };
        let face = Face::new(bytes).ok_or(FontError::Malformed { path })?;
        Ok(place.get_or_init(|| face))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_font_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = Fonts::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("NotoSans-Regular.ttf"), "{error}");
        assert!(error.contains("is the folder of fonts in the app's package?"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_font_is_told_when_it_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        for font in Font::ALL {
            std::fs::write(folder.path().join(font.file()), "no font").unwrap();
        }
        let fonts = Fonts::load(folder.path()).unwrap();
        let error = fonts.face(Font::Hebrew).unwrap_err().to_string();
        assert!(error.contains("NotoSansHebrew-Regular.ttf: it is no TrueType font"), "{error}");
    }
}
