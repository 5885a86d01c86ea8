//! Tries pictures: `cargo run --release -p picture --example inspect -- [--repeat N] [--into FOLDER] FILE…`
//!
//! Prints a line of JSON for each file, with what was made of it or why it is refused. The declared
//! type is taken from the file's ending. `--into` keeps the files that were made.

use picture::{Failed, Inspected, Limits};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    picture::worker::run_if_asked();
    let (mut repeat, mut into, mut files) = (1, None, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--repeat" => {
                repeat = arguments.next().ok_or("--repeat needs a number")?.parse::<usize>()?
            }
            "--into" => {
                into = Some(PathBuf::from(arguments.next().ok_or("--into needs a folder")?))
            }
            _ => files.push(PathBuf::from(argument)),
        }
    }
    for file in files.iter().cycle().take(files.len() * repeat) {
        let bytes = std::fs::read(file)?;
        let started = Instant::now();
        let outcome = picture::inspect(bytes.into(), declared_type(file), &Limits::default()).await;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        if let (Some(folder), Ok(made)) = (&into, &outcome) {
            keep(made, folder, file)?;
        }
        show(file, &outcome, milliseconds);
    }
    Ok(())
}

fn declared_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        _ => "image/jpeg",
    }
}

fn keep(made: &Inspected, folder: &Path, file: &Path) -> std::io::Result<()> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    for (name, variant) in
        [("original", &made.original), ("large", &made.large), ("thumb", &made.thumb)]
    {
        let ending = variant.content_type.rsplit('/').next().unwrap_or_default();
        std::fs::write(folder.join(format!("{stem}-{name}.{ending}")), &variant.bytes)?;
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "this is a program for people")]
fn show(file: &Path, outcome: &Result<Inspected, Failed>, milliseconds: f64) {
    let told = match outcome {
        Ok(made) => serde_json::json!({
            "width": made.width,
            "height": made.height,
            "original": made.original.bytes.len(),
            "large": made.large.bytes.len(),
            "thumb": made.thumb.bytes.len(),
            "analysed": made.for_analysis.len(),
            "blurhash": made.blurhash,
            "quality": made.hashes[0].quality,
            "hash": made.hashes[0].hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        }),
        Err(Failed::Refused(refusal)) => {
            serde_json::json!({ "code": refusal.code, "detail": refusal.detail })
        }
        Err(Failed::Broken(why) | Failed::Stopped(why)) => serde_json::json!({ "broken": why }),
    };
    println!(
        "{}",
        serde_json::json!({ "file": file, "milliseconds": milliseconds, "outcome": told })
    );
}
