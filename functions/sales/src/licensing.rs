//! A licence becomes what the vendor says of its order: after a webhook, a question or a change.

use crate::app::App;
use crate::domain::{Licence, LicenceId, LicenceState, ProfileId, VendorOrder, VendorState};
use crate::subscriptions::{self, NotAligned};
use crate::vendor::VendorFailure;
use azure_data::{ChangeError, CosmosFailure, Exhausted};
use jiff::{SignedDuration, Timestamp};
use sealing::SealingError;
use std::convert::Infallible;

/// When somebody asks the vendor, if whoever asks it for something is never heard of again.
const LOOK_AFTER: SignedDuration = SignedDuration::from_mins(2);

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotLearnt {
    #[error(transparent)]
    Vendor(#[from] VendorFailure),
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error("sealing a licence key: {0}")]
    Sealing(#[from] SealingError),
}

impl From<ChangeError<Infallible>> for NotLearnt {
    fn from(error: ChangeError<Infallible>) -> Self {
        match error {
            ChangeError::Refused(never) => match never {},
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// The licence as this order of the vendor's says; `by` is the caller who wanted it so. `None`: there is none.
pub(crate) async fn learn(
    app: &App,
    licence: &Licence,
    vendor: &VendorOrder,
    by: Option<&str>,
) -> Result<Option<Licence>, NotLearnt> {
    let key = match vendor.state {
        VendorState::Active if licence.state == LicenceState::Pending => {
            let key = app.vendor.key(&vendor.id).await?;
            key.map(|key| app.licence_keys.seal(&key, licence.id)).transpose()?
        }
        _ => None,
    };
    let (now, due) = (app.clock.now(), licence.look_at);
    let seen =
        |it: Licence| Ok::<_, Infallible>(it.seen(vendor, key.as_ref(), by, now).looked(due));
    Ok(app.licences.change(licence.profile, licence.id, seen).await?)
}

/// Reads the vendor's order and learns from it. An order that the vendor does not know any more teaches nothing.
pub(crate) async fn refresh(app: &App, licence: &Licence) -> Result<Option<Licence>, NotLearnt> {
    if let Some(vendor) = app.vendor.find(&licence.vendor_order).await? {
        return learn(app, licence, &vendor, None).await;
    }
    let due = licence.look_at;
    let looked = |it: Licence| Ok::<_, Infallible>(it.looked(due));
    Ok(app.licences.change(licence.profile, licence.id, looked).await?)
}

/// Notes that the vendor is about to be asked for something: whoever is killed then is not the last to look.
pub(crate) async fn expect(
    app: &App,
    profile: ProfileId,
    id: LicenceId,
) -> Result<Option<Licence>, NotLearnt> {
    let at = app.clock.now().saturating_add(LOOK_AFTER).unwrap_or(Timestamp::MAX);
    let watch = |licence: Licence| Ok::<_, Infallible>(licence.watched(at));
    Ok(app.licences.change(profile, id, watch).await?)
}

/// Does what is due because a licence was cancelled. What cannot be done now is done by `verify_vendor`.
pub(crate) async fn settle(app: &App, licence: &Licence) -> Result<(), NotAligned> {
    if !licence.subscription_due {
        return Ok(());
    }
    subscriptions::align(app, licence.profile, &licence.service).await?;
    let due = licence.look_at;
    let settled = |it: Licence| Ok::<_, Infallible>(it.subscription_settled().looked(due));
    match app.licences.change(licence.profile, licence.id, settled).await {
        Ok(_) => Ok(()),
        Err(ChangeError::Refused(never)) => match never {},
        Err(ChangeError::Exhausted(_)) => Err(NotAligned::Restless),
        Err(ChangeError::Failed(failure)) => Err(failure.into()),
    }
}
