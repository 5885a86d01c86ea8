//! What is on the two queues: CloudEvents 1.0 in structured JSON, in base64.

mod answer;
mod change;

pub(crate) use answer::{Answer, Outcome};
pub(crate) use change::{Change, Content};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The version of CloudEvents that is read and written.
const SPEC_VERSION: &str = "1.0";

/// The text in a queue's message.
fn decode(text: &str) -> Result<String, String> {
    let bytes = STANDARD.decode(text.trim()).map_err(|error| format!("not base64: {error}"))?;
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8: {error}"))
}

/// A text as a queue's message.
fn encode(text: &str) -> String {
    STANDARD.encode(text)
}
