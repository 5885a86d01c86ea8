//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml.

use crate::domain::FileName;
use custom_handler::{Problem, problem_kinds};

problem_kinds! {
    pub const NO_SUCH_FILE = NotFound, "no-such-file", "No sales file of that name was taken";
}

pub(crate) fn no_such_file(name: &FileName) -> Problem {
    Problem::of(&NO_SUCH_FILE).detail(format!("no file {name} was taken"))
}
