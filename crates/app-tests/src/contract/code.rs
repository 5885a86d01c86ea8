//! The contract and the code: routes, problems, examples.

use super::none;
use crate::App;

/// Fails unless the contract has the routes of the functions and the kinds of problems that the app can answer with,
/// and no others; an operation that is planned (`x-planned`) has no function yet. `pages` are functions that answer people with pages and are in no contract.
pub fn code(app: &App, pages: &[&str]) {
    none(app.contract().differences(&app.description(), pages));
}

/// Fails unless each example and default of the contract is what its schema says.
pub fn examples(app: &App) {
    none(app.contract().wrong_examples());
}
