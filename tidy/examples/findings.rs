//! Prints what the rules about apps find: `cargo run -p tidy --example findings [FOLDER]`.

#![allow(clippy::print_stdout, reason = "it is a command")]

use tidy::Project;
use tidy::rules::{domain, functions, modules, owners};

fn main() {
    let folder = std::env::args().nth(1);
    let project =
        folder.map_or_else(Project::workspace, |folder| Project::below_folder(folder.as_ref()));
    for rule in [
        owners::event_types_without_one_schema,
        domain::storage_in_the_domain,
        functions::functions_outside_of_the_list,
        modules::arrows_up,
        modules::circles_of_files,
    ] {
        for finding in rule(&project) {
            println!("{finding}");
        }
    }
}
