//! Queue `conversions-files`: a file of sales was uploaded: `{"fileName": "2026-11.csv"}`.

use crate::app::App;
use crate::domain::FileName;
use crate::taking;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use serde::Deserialize;
use serde::de::IgnoredAny;

pub(crate) const FUNCTION: Function = function!();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Uploaded {
    file_name: FileName,
    /// Where in a trace it was uploaded; the invocation is there already.
    #[serde(default, rename = "traceparent")]
    _traceparent: IgnoredAny,
    #[serde(default, rename = "tracestate")]
    _tracestate: IgnoredAny,
}

/// May be called more than once with the same file.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    _: Invocation,
) -> Result<Done, Failure> {
    let Uploaded { file_name, .. } = message.json()?;
    Ok(match taking::take(app, &file_name).await? {
        None => Done::nothing().log("the file was taken before"),
        Some(taken) => {
            Done::nothing().log(format!("{} rows, {} refused", taken.rows, taken.refused))
        }
    })
}
