//! The steps of sending current state again, asked for one by one through the queue `legacy-resend`.

use crate::app::App;
use crate::domain::Resend;
use azure_data::StorageFailure;
use serde::{Deserialize, Serialize};

/// A message of the queue.
#[derive(Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) resend: String,
    pub(crate) step: u64,
}

/// Asks for the next step.
pub(crate) async fn ask(app: &App, resend: &Resend) -> Result<(), StorageFailure> {
    let step = Step { resend: resend.id.clone(), step: resend.step };
    app.resend_steps.send_json(&step).await
}
