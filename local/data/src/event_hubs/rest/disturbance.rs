//! What a fault makes of a request.

use std::future::Future;

use super::Reply;
use crate::{
    Fault,
    event_hubs::refusal::Refusal,
    listen::{self, HangUp},
};

/// Does the work of a request, or not, as the fault says. `refused` makes answers of what is not done.
pub(super) async fn under(
    fault: Option<Fault>,
    refused: impl Fn(&Refusal) -> Reply,
    work: impl Future<Output = Reply> + Send + 'static,
) -> Result<Reply, HangUp> {
    match fault {
        None | Some(Fault::PendingCopy) => Ok(work.await),
        Some(Fault::Disconnect) => Err(HangUp),
        Some(Fault::Delay(by)) => {
            tokio::time::sleep(by).await;
            Ok(work.await)
        }
        Some(fault) => match Refusal::of_fault(&fault) {
            Some(refusal) => Ok(refused(&refusal)),
            None => listen::disturbed(fault, work).await,
        },
    }
}
