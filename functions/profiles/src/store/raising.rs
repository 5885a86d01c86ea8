//! Getting above a revision that others have seen, after the store has lost writes.

use super::collection::{Collection, retry};
use super::documents::ProfileDocument;
use super::profiles::Profiles;
use crate::domain::ProfileId;
use azure_data::{ChangeError, Item, READS_MAY_BE_OLD_FOR};
use std::convert::Infallible;
use values::{Clock, Revision};

/// Where a profile stands that was to be raised above a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raised {
    /// Its revision is higher now, or was so before.
    Above,
    /// It is not there, or not visible, but may soon be.
    NotYet,
    /// There is nothing under this id, and nothing will come.
    Lost,
}

impl<C: Collection> Profiles<C> {
    /// Writes the profile or its tombstone as it is with the revision after `seen`, unless it has a higher one.
    pub(crate) async fn raise(
        &self,
        id: ProfileId,
        seen: Revision,
        clock: &Clock,
    ) -> Result<Raised, ChangeError<Infallible>> {
        retry(&self.container, &format!("raising the profile {id}"), async || {
            let Some(Item { value: mut document, etag }) = self.document(id).await? else {
                let is_young = id.is_younger_than(READS_MAY_BE_OLD_FOR, clock.now());
                return Ok(if is_young { Raised::NotYet } else { Raised::Lost });
            };
            let revision = match &mut document {
                ProfileDocument::Active(living) => &mut living.revision,
                ProfileDocument::Erased(tombstone) => &mut tombstone.revision,
                ProfileDocument::Registering(_) => return Ok(Raised::NotYet),
                ProfileDocument::Fenced(_) => return Ok(Raised::Lost),
            };
            // Of the last revision there is no next one.
            if *revision > seen || seen == Revision::LAST {
                return Ok(Raised::Above);
            }
            *revision = seen.next();
            self.container.replace(&id.to_string(), &document, &etag).await?;
            Ok(Raised::Above)
        })
        .await
    }
}
