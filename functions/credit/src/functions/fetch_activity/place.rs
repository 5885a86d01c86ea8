//! Where what is read of one attempt lies until it is whole.

use crate::app::App;
use crate::domain::AssessmentId;
use crate::gathering::Gathered;
use crate::store::{Activities, ActivityError};
use sealing::DataKey;

/// Where what is read of one attempt lies.
pub(super) struct Place<'a> {
    pub(super) app: &'a App,
    pub(super) id: AssessmentId,
    pub(super) attempt: u32,
    pub(super) key: DataKey,
}

impl Place<'_> {
    /// What runs before this one have read.
    pub(super) async fn before(&self) -> Result<Option<Gathered>, ActivityError> {
        let path = Activities::path_of_progress(self.id, self.attempt);
        let found = self.app.activities.get(self.id, &path, &self.key).await?;
        // One that an older version of this program wrote is begun anew.
        Ok(found.and_then(|plain| serde_json::from_slice(&plain).ok()))
    }

    /// Seals what was read so far, for the next run.
    pub(super) async fn save(&self, gathered: &Gathered) -> Result<(), ActivityError> {
        let path = Activities::path_of_progress(self.id, self.attempt);
        let plain = serde_json::to_vec(gathered).expect("what was gathered is JSON");
        self.app.activities.put(self.id, &path, &self.key, &plain).await
    }

    pub(super) fn id(&self) -> AssessmentId {
        self.id
    }
}
