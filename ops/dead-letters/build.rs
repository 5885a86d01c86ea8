//! Finds the apps that have dead letters: those with a function `dead_letters`, whose route says where they are. So a
//! new app is known here as soon as it is there.

use serde_json::Value;
use std::{env, error::Error, fs, path::Path};

const FUNCTIONS: &str = "../../functions";
const ROUTE_END: &str = "/dead-letters";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FUNCTIONS}");
    let mut apps = Vec::new();
    for folder in fs::read_dir(FUNCTIONS)? {
        let folder = folder?;
        let file = folder.path().join("src/functions/dead_letters/function.json");
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let function: Value = serde_json::from_str(&text)?;
        let bindings = function["bindings"].as_array().into_iter().flatten();
        let route = bindings.filter_map(|binding| binding["route"].as_str()).next();
        let prefix = route.and_then(|route| route.strip_suffix(ROUTE_END));
        let prefix = prefix
            .ok_or_else(|| format!("{}: the route must end in {ROUTE_END}", file.display()))?;
        apps.push((folder.file_name().to_string_lossy().into_owned(), prefix.to_owned()));
    }
    apps.sort();
    let out = Path::new(&env::var("OUT_DIR")?).join("apps.rs");
    fs::write(out, format!("&{apps:?}"))?;
    Ok(())
}
