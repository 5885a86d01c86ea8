//! Makes the page of `ops/v1/docs` out of the contract, so that the handler need not read YAML.

use std::{env, error::Error, fs, path::Path};

const CONTRACT: &str = "openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CONTRACT}");
    let page = contract_page::page(&fs::read_to_string(CONTRACT)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("docs.html"), page)?;
    Ok(())
}
