//! Prints what the rules about apps find: `cargo run -p tidy --example findings`.

#![allow(clippy::print_stdout, reason = "it is a command")]

use tidy::Project;
use tidy::rules::{domain, functions, modules};

fn main() {
    let project = Project::workspace();
    for rule in [
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
