//! Which facts about accounts others were told: the container `announced`. It is not in the profile, of which clients know the
//! versions: telling others is no change of it.

use super::documents::TOMBSTONE_TTL_S;
use crate::domain::{AccountFact, ProfileId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

#[derive(Debug)]
pub(crate) struct Announced(Container);

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

    /// Whether others were told this, or what makes it old news.
    pub(crate) async fn has(
        &self,
        id: ProfileId,
        fact: AccountFact,
    ) -> Result<bool, CosmosFailure> {
        let key = id.to_string();
        let found = self.0.read::<Document>(&key, &key).await?;
        Ok(found.is_some_and(|item| item.value.has(fact)))
    }

    /// Notes that others were told, after that: whoever is killed in between tells it again.
    pub(crate) async fn note(
        &self,
        id: ProfileId,
        fact: AccountFact,
    ) -> Result<(), ChangeError<Infallible>> {
        let key = id.to_string();
        let nothing = Document { id, activated: false, deactivated: false, ttl: None };
        self.0
            .change(&key, &key, |there: Option<&Document>| {
                let there = there.unwrap_or(&nothing);
                Ok(match there.has(fact) {
                    true => Change::Keep(()),
                    false => Change::Write(there.and(fact), ()),
                })
            })
            .await
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
