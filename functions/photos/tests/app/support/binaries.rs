//! The handlers' binaries.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// This app's.
pub(super) fn photos() -> PathBuf {
    env!("CARGO_BIN_EXE_photos").into()
}

/// That of `profiles`, built once for all tests: Cargo builds the binaries of the package under test only.
pub(super) fn profiles() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build_profiles).clone()
}

fn build_profiles() -> PathBuf {
    let photos = photos();
    let folder = photos.parent().unwrap();
    let profile = match folder.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let target = folder.parent().unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "profiles", "--bin", "profiles"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(workspace())
        .status();
    assert!(built.unwrap().success(), "profiles cannot be built");
    folder.join("profiles")
}

/// The folder of the workspace.
pub(super) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}
