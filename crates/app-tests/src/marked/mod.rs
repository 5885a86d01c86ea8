//! Marked data, and the search for it in all telemetry: every span, log record and figure that came over OTLP, and every
//! line of the log. [`feeding`](crate::feeding) says how it gets into an app.
//!
//! To see it find something: write `tracing::info!(email = %account.email_address)` into a function, and run the app's test
//! `nothing_that_was_said_to_a_function_is_in_any_telemetry`.

mod heard;
mod marks;
mod receiver;
mod told;

pub(crate) use heard::Heard;
pub use marks::{Kind, Marks};
pub(crate) use told::Text;

#[cfg(test)]
mod tests;
