//! Sample blobs: `sample/<blob container>/<name>` in an app's folder, each put where no blob of that name is.

use std::{fs, io, path::Path};

use super::{ResourcesError, provision::Services};
use crate::app_json::BlobContainer;

/// Puts what the folders of sample data hold.
pub(super) async fn put(
    folder: &Path,
    containers: &[BlobContainer],
    services: &Services<'_>,
) -> Result<(), ResourcesError> {
    for container in containers {
        let folder = folder.join("sample").join(&container.name);
        for name in names(&folder)? {
            let path = folder.join(&name);
            let content = fs::read(&path)
                .map_err(|source| ResourcesError::Unreadable { path: path.clone(), source })?;
            let blob = (content, content_type(&path));
            services.put_blob(&container.name, &name, blob).await?;
        }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>, ResourcesError> {
    let unreadable = |source| ResourcesError::Unreadable { path: folder.to_owned(), source };
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let names: io::Result<Vec<String>> = entries.map(|entry| entry.map(name)).collect();
    let mut names = names.map_err(unreadable)?;
    names.sort();
    Ok(names)
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
