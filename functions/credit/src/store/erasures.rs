//! Whom to forget: the container `erasures`. A record lies for two days, so that what was being written while somebody
//! was forgotten is forgotten too.

use crate::domain::{PartnerId, Subject};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::moment;

/// How long after an erasure somebody may still be at work who began before it.
const STRAGGLERS: SignedDuration = SignedDuration::from_hours(2);
/// Most that one round looks at.
const MOST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");

/// All that was begun before `until` about this person is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Erasure {
    id: String,
    pub(crate) partner: PartnerId,
    pub(crate) subject: Subject,
    #[serde(with = "moment")]
    pub(crate) until: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Erasures(Container);

impl Erasures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("erasures"))
    }

    /// Notes it. One that was noted before reaches on to now.
    pub(crate) async fn note(
        &self,
        partner: &PartnerId,
        subject: &Subject,
        until: Timestamp,
    ) -> Result<Erasure, ChangeError<Infallible>> {
        let id = format!("{partner}.{}", subject.as_str());
        let (partner, subject) = (partner.clone(), subject.clone());
        let erasure = Erasure { id: id.clone(), partner, subject, until };
        let later = |known: Option<&Erasure>| {
            Ok(match known {
                Some(known) if known.until >= until => Change::Keep(known.clone()),
                _ => Change::Write(erasure.clone(), erasure.clone()),
            })
        };
        self.0.change(&id, &id, later).await
    }

    /// Those that may have missed something.
    pub(crate) async fn recent(&self, now: Timestamp) -> Result<Vec<Erasure>, CosmosFailure> {
        let since = now.saturating_sub(STRAGGLERS).unwrap_or(now);
        let text = format!("SELECT TOP {MOST} * FROM c WHERE c.until > @since ORDER BY c.until");
        let query = Query::from(text).with_parameter("@since", format!("{since:.3}"));
        self.0.query(query.expect("a string is JSON"), MOST).await
    }
}
