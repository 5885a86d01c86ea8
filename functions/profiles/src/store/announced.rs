//! Which facts about accounts others were told: the container `announced`. It is not in the profile, of which clients know the
//! versions: telling others is no change of it.

use super::documents::TOMBSTONE_TTL_S;
use crate::domain::{AccountFact, ProfileId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Known};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

#[derive(Debug)]
pub(crate) struct Announced(Container);

/// What others were told of some profiles, or more by now.
#[derive(Debug)]
pub(crate) struct KnownAnnounced(Known<Document>);

impl KnownAnnounced {
    /// Whether others were told this, or what makes it old news: if they were, they were for ever.
    pub(crate) fn has(&self, id: ProfileId, fact: AccountFact) -> bool {
        self.0.look(&id.to_string(), |document| document.has(fact)).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    id: ProfileId,
    activated: bool,
    deactivated: bool,
    /// As long as the tombstone by which it could be asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

impl Document {
    fn has(&self, fact: AccountFact) -> bool {
        match fact {
            AccountFact::Activated => self.activated || self.deactivated,
            AccountFact::Deactivated => self.deactivated,
        }
    }

    fn and(&self, fact: AccountFact) -> Self {
        match fact {
            AccountFact::Activated => Self { activated: true, ..self.clone() },
            AccountFact::Deactivated => {
                Self { deactivated: true, ttl: Some(TOMBSTONE_TTL_S), ..self.clone() }
            }
        }
    }
}

impl Announced {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("announced"))
    }

    /// What others were told of these profiles.
    pub(crate) async fn known(
        &self,
        ids: impl Iterator<Item = ProfileId>,
    ) -> Result<KnownAnnounced, CosmosFailure> {
        let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
        self.0.read_known(ids).await.map(KnownAnnounced)
    }

    /// Notes that others were told, after that: whoever is killed in between tells it again.
    pub(crate) async fn note(
        &self,
        id: ProfileId,
        fact: AccountFact,
        known: &KnownAnnounced,
    ) -> Result<(), ChangeError<Infallible>> {
        let nothing = Document { id, activated: false, deactivated: false, ttl: None };
        let decide = |there: Option<&Document>| {
            let there = there.unwrap_or(&nothing);
            Ok(match there.has(fact) {
                true => Change::Keep(()),
                false => Change::Write(there.and(fact), ()),
            })
        };
        self.0.change_known(&id.to_string(), &known.0, decide).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn what_comes_after_an_end_is_old_news() {
        let id = ProfileId::from(uuid::Uuid::from_u128(7));
        let nothing = Document { id, activated: false, deactivated: false, ttl: None };
        let told = |document: &Document| {
            [AccountFact::Activated, AccountFact::Deactivated].map(|fact| document.has(fact))
        };
        assert_eq!(told(&nothing), [false, false]);
        let activated = nothing.and(AccountFact::Activated);
        assert_eq!((told(&activated), activated.ttl), ([true, false], None));
        let only_the_end = nothing.and(AccountFact::Deactivated);
        assert_eq!(told(&only_the_end), [true, true]);
        assert_eq!(activated.and(AccountFact::Deactivated).ttl, Some(TOMBSTONE_TTL_S));
    }
}
