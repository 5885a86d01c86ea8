//! Sample pictures into a folder: `cargo run --workspace --example invoice -- target/pictures`. Prints the SHA-256 of each, as they
//! are in `samples/golden.json`.

use std::{
    collections::BTreeMap,
    io::{Write, stdout},
    path::PathBuf,
};

use samples::Failed;

#[path = "../samples/mod.rs"]
mod samples;

fn main() -> Result<(), Failed> {
    let folder = std::env::args().nth(1).ok_or("say into which folder the pictures go")?;
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    let fonts = samples::fonts()?;
    let mut sums = BTreeMap::new();
    for (name, invoice) in samples::all()? {
        let pdf = samples::picture(&invoice, &fonts)?;
        std::fs::write(folder.join(format!("{name}.pdf")), &pdf)?;
        sums.insert(name, samples::sha256(&pdf));
    }
    writeln!(stdout(), "{}", serde_json::to_string_pretty(&sums)?)?;
    Ok(())
}
