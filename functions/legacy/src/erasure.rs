//! What goes once the mainframe has a state: the blobs that carried it, and for an erased person everything that we
//! kept about them.

use crate::app::App;
use crate::domain::{Standing, Sync, payload_prefix};
use crate::outbox::SendError;
use crate::store::{Filter, StoreError};
use iommi_app::Refusal;
use std::num::NonZeroU32;

/// Most blobs that one answer removes; a profile has one for each large revision that was not confirmed yet.
const MAX_PAYLOADS: usize = 1_000;
/// Most letters that one erasure empties.
const MAX_LETTERS: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

/// Removes what nobody needs any more. Done again after an interruption, as the answer comes again.
pub(crate) async fn tidy(app: &App, sync: &Sync) -> Result<(), SendError> {
    let prefix = payload_prefix(sync.id);
    let applied = sync.applied.as_ref().map_or(0, |applied| applied.revision.get());
    for name in app.payloads.list(&prefix, MAX_PAYLOADS).await? {
        let number = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".json"));
        let revision: Option<u64> = number.and_then(|number| number.parse().ok());
        if revision.is_some_and(|revision| revision <= applied) {
            app.payloads.delete(&name).await?;
        }
    }
    if sync.erased_at.is_some() {
        empty_letters(app, sync).await?;
    }
    app.syncs
        .change(sync.id, |now| {
            let payloads = now.payloads && now.standing != Standing::Applied;
            (Sync { payloads, ..now }, ())
        })
        .await?;
    Ok(())
}

async fn empty_letters(app: &App, sync: &Sync) -> Result<(), StoreError> {
    let about = Filter { profile_id: Some(sync.id), ..Filter::default() };
    for letter in app.letters.by_id(&about, "", MAX_LETTERS).await? {
        let Some(kept) = app.letters.read(&letter.id).await? else { continue };
        if kept.value.message.is_empty() && kept.value.detail.is_empty() {
            continue;
        }
        let empty = kept.value.emptied("erasure".to_owned(), app.clock.now());
        match app.letters.replace(&empty, &kept.etag).await {
            Ok(()) => {}
            Err(Refusal::Changed) => return Err(StoreError::Busy(letter.id)),
            Err(Refusal::Failed(failure)) => return Err(failure.into()),
        }
    }
    Ok(())
}
