//! A package as a zip whose bytes depend on nothing but its entries.

use std::{
    io::{Cursor, Write},
    path::Path,
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{contents::Entry, failure::Failure};

/// Fixed, as it decides the bytes.
const COMPRESSION_LEVEL: i64 = 9;
const FILE_MODE: u32 = 0o644;
const EXECUTABLE_MODE: u32 = 0o755;

/// The zip's bytes. Entries stay in their order; no time, owner or path of this machine is in it.
pub(crate) fn archive(entries: &[Entry], path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::Zip { what: path.display().to_string(), source };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(COMPRESSION_LEVEL))
            // The earliest that a zip can say: 1980.
            .last_modified_time(DateTime::default())
            .unix_permissions(if entry.executable { EXECUTABLE_MODE } else { FILE_MODE });
        zip.start_file(entry.name.as_str(), options).map_err(failed)?;
        zip.write_all(&entry.bytes).map_err(|source| Failure::file("writing", path, source))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read, thread, time::SystemTime};

    use pretty_assertions::assert_eq;
    use zip::ZipArchive;

    use super::*;
    use crate::contents::{contents, tests::bakery};

    fn package(root: &Path) -> Vec<u8> {
        let entries =
            contents(&root.join("host.json"), &root.join("bakery"), &root.join("binary")).unwrap();
        archive(&entries, &root.join("bakery.zip")).unwrap()
    }

    #[test]
    fn only_the_handler_is_executable_and_everything_is_at_its_place() {
        let root = bakery();
        let mut zip = ZipArchive::new(Cursor::new(package(root.path()))).unwrap();
        let mut seen = Vec::new();
        for index in 0..zip.len() {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            let mode = file.unix_mode().unwrap();
            seen.push((file.name().unwrap().into_owned(), format!("{mode:o}"), bytes.len()));
        }
        let host_bytes = fs::read(root.path().join("host.json")).unwrap().len();
        let expected = [
            ("cake/function.json", "100644", 15),
            ("handler", "100755", 4),
            ("host.json", "100644", host_bytes),
            ("order_baked/function.json", "100644", 15),
        ];
        assert_eq!(
            seen,
            expected.map(|(name, mode, size)| (name.to_owned(), mode.to_owned(), size))
        );
    }

    #[test]
    fn the_same_files_at_another_time_in_another_folder_and_thread_give_the_same_bytes() {
        let (one, other) = (bakery(), bakery());
        let touched = fs::File::options().write(true).open(other.path().join("host.json")).unwrap();
        touched.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let second = thread::spawn(move || package(other.path())).join().unwrap();
        assert_eq!(package(one.path()), second);
    }

    #[test]
    fn a_change_of_one_byte_changes_the_package() {
        let root = bakery();
        let before = package(root.path());
        fs::write(root.path().join("binary"), "\u{7f}ELG").unwrap();
        assert!(package(root.path()) != before);
    }
}
