//! What an app's build script does.

use crate::{bundle, page};
use std::{
    env,
    error::Error,
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

/// The contract, as seen from the app's folder: cargo runs build scripts there.
const CONTRACT: &str = "openapi.yaml";

/// Makes `openapi.yaml` (self-contained) and `docs.html` in `OUT_DIR` out of the app's `openapi.yaml`, and is made again
/// when a file changes that it is made of. An app's `build.rs` is this and no more:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     contract_page::build()
/// }
/// ```
///
/// What is wrong with the contract is an error of the build that says what to write where.
#[must_use]
pub fn build() -> ExitCode {
    let mut looked_for = Vec::new();
    let made = make(&mut looked_for);
    let mut cargo = io::stdout().lock();
    for file in looked_for {
        let _ = writeln!(cargo, "cargo::rerun-if-changed={}", file.display());
    }
    let Err(error) = made else { return ExitCode::SUCCESS };
    // One line: cargo takes what follows a line break for something else.
    let _ = writeln!(cargo, "cargo::error={}", error.to_string().replace('\n', " "));
    ExitCode::FAILURE
}

fn make(looked_for: &mut Vec<std::path::PathBuf>) -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    let contract = bundle(Path::new(CONTRACT), looked_for)?.text;
    fs::write(Path::new(&out).join("docs.html"), page(&contract)?)?;
    fs::write(Path::new(&out).join("openapi.yaml"), contract)?;
    Ok(())
}
