//! What follows from an end, done at once, and again and again until it is done.

use crate::app::App;
use crate::domain::{Duty, Order};
use crate::neighbour::NeighbourFailure;
use crate::releasing::{self, NotReleased};
use crate::reversing;
use azure_data::{ChangeError, CosmosFailure, Exhausted, StorageFailure};
use std::convert::Infallible;

/// Why something is still to be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSettled {
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    /// It is not time yet, or another system does not answer: `drive` does it later.
    #[error("what the vendor took is given back later: {0}")]
    Later(NotReleased),
    /// It does not answer: `drive` does it later.
    #[error("what is held is given up later: {0}")]
    StillHeld(#[from] NeighbourFailure),
}

impl From<NotReleased> for NotSettled {
    fn from(error: NotReleased) -> Self {
        match error {
            NotReleased::Busy(exhausted) => exhausted.into(),
            NotReleased::Failed(failure) => failure.into(),
            later @ (NotReleased::Vendor(_) | NotReleased::MayArrive) => Self::Later(later),
        }
    }
}

impl From<ChangeError<Infallible>> for NotSettled {
    fn from(error: ChangeError<Infallible>) -> Self {
        match error {
            ChangeError::Refused(never) => match never {},
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// Does what is to be done, and strikes it off. Done again it changes nothing. The first duty that cannot be done does
/// not keep the others.
pub(crate) async fn settle(app: &App, order: &Order) -> Result<(), NotSettled> {
    let (mut done, mut failed) = (Vec::new(), None);
    for duty in &order.duties {
        match fulfil(app, order, *duty).await {
            Ok(()) => done.push(*duty),
            Err(error @ (NotSettled::Later(_) | NotSettled::StillHeld(_))) => {
                tracing::info!(%error, order = %order.id, "a duty waits");
            }
            Err(error) => failed = Some(error),
        }
    }
    if !done.is_empty() {
        let strike_off = |now: Order| {
            Ok::<_, Infallible>(done.iter().fold(now, |rest, duty| rest.fulfilled(*duty, order)))
        };
        app.orders.change(order.id, strike_off).await?;
    }
    failed.map_or(Ok(()), Err)
}

async fn fulfil(app: &App, order: &Order, duty: Duty) -> Result<(), NotSettled> {
    match duty {
        Duty::DeletePayloads => Ok(app.payloads.delete_all(order.id).await?),
        Duty::ReleaseVendor => Ok(releasing::release(app, order).await?),
        Duty::ReverseCharge => Ok(reversing::reverse(app, order).await?),
    }
}
