//! Messages that are no jobs. There is nobody to answer, and nowhere to keep them: a job carries the key of what must be
//! forgotten, so whatever came instead of one is not kept either. `credit` sees that an assessment got no answer, and sends
//! its job anew; people see that something sends what nobody can read.

use crate::app::App;
use custom_handler::GivenUp;
use std::convert::Infallible;

/// The reason says where a message is not a job, and never what stands there.
pub(crate) async fn tell(_: &App, given_up: GivenUp) -> Result<(), Infallible> {
    alarm(&given_up.reason);
    Ok(())
}

pub(crate) fn alarm(reason: &str) {
    tracing::error!(alarm = "unreadable-job", reason, "a message was no job, and was dropped");
}
