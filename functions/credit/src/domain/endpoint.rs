//! Where a partner hears of what happens.

use super::{EndpointId, EventKind, PartnerId, Sealed};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::Revision;

/// Most endpoints of a partner.
pub(crate) const MAX_ENDPOINTS: usize = 10;
/// How long an old secret signs beside the new one.
pub(crate) const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// Most old secrets that sign beside the new one: with another, the oldest is over.
const MAX_OLD_SECRETS: usize = 2;
/// An endpoint that has failed for so long, and done nothing else, is sent nothing any more. When nothing was sent for as
/// long, failures count anew.
const FAILS_FOR: SignedDuration = SignedDuration::from_hours(120);
/// That it still fails is noted only so often: each note is a write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// All endpoints of a partner: one document, so that there are never too many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) partner: PartnerId,
    pub(crate) all: Vec<Endpoint>,
}

/// One address, what it wants to hear, and how it can believe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endpoint {
    pub(crate) id: EndpointId,
    /// It may carry a secret of the partner: it is shown to nobody else, and stands in no log. Context: the endpoint's id.
    pub(crate) url: Sealed,
    /// `None`: all, those that come to be included.
    pub(crate) types: Option<BTreeSet<EventKind>>,
    pub(crate) description: Option<String>,
    pub(crate) signing: Signing,
    /// The newest first.
    pub(crate) secrets: Vec<EndpointSecret>,
    pub(crate) created_at: Timestamp,
    pub(crate) disabled: Option<Disabled>,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) revision: Revision,
}

/// How messages are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Signing {
    /// HMAC-SHA256, with a secret that both have.
    V1,
    /// Ed25519: only the public key leaves us.
    V1a,
}

/// What messages are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndpointSecret {
    pub(crate) key: Sealed,
    /// Of a key pair, the half that anybody may have.
    pub(crate) public_key: Option<String>,
    pub(crate) since: Timestamp,
    /// Of an old one.
    pub(crate) until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Disabled {
    pub(crate) reason: DisabledBecause,
    pub(crate) at: Timestamp,
}

/// Why nothing is sent. Partners are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DisabledBecause {
    /// It answered 410.
    Gone,
    /// Nothing but failures for five days.
    Failing,
    /// The partner said so.
    Partner,
}

/// What is wrong since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trouble {
    pub(crate) reason: AttemptFailed,
    pub(crate) since: Timestamp,
    pub(crate) noted_at: Timestamp,
}

/// Why an attempt did not deliver. Partners are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AttemptFailed {
    /// Another status than 2xx.
    Status,
    /// The name leads to an address that is not on the public Internet.
    RefusedAddress,
    Unreachable,
    /// The connection broke.
    Broken,
    /// No answer in time.
    TimedOut,
}

/// A partner has as many endpoints as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Endpoints {
    pub(crate) fn none(partner: PartnerId) -> Self {
        Self { partner, all: Vec::new() }
    }

    pub(crate) fn find(&self, id: EndpointId) -> Option<&Endpoint> {
        self.all.iter().find(|endpoint| endpoint.id == id)
    }

    /// With one more; the same one again changes nothing.
    pub(crate) fn with(mut self, endpoint: Endpoint) -> Result<Self, TooMany> {
        if self.find(endpoint.id).is_some() {
            return Ok(self);
        }
        if self.all.len() >= MAX_ENDPOINTS {
            return Err(TooMany);
        }
        self.all.push(endpoint);
        Ok(self)
    }

    pub(crate) fn without(mut self, id: EndpointId) -> Self {
        self.all.retain(|endpoint| endpoint.id != id);
        self
    }

    /// With another version in the place of an endpoint; one that is gone stays so.
    pub(crate) fn edited(self, id: EndpointId, edit: impl Fn(Endpoint) -> Endpoint) -> Self {
        let edited = |it: Endpoint| if it.id == id { edit(it) } else { it };
        Self { all: self.all.into_iter().map(edited).collect(), ..self }
    }
}

impl Endpoint {
    pub(crate) fn wants(&self, kind: EventKind) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&kind))
    }

    /// What signs at this moment, the newest first.
    pub(crate) fn valid_secrets(&self, now: Timestamp) -> impl Iterator<Item = &EndpointSecret> {
        self.secrets.iter().filter(move |secret| secret.until.is_none_or(|until| now < until))
    }

    /// With another secret; those before it sign along for a day. The same one again changes nothing.
    pub(crate) fn rotated(mut self, new: EndpointSecret, now: Timestamp) -> Self {
        if self.secrets.iter().any(|secret| secret.key == new.key) {
            return self;
        }
        let over = now.saturating_add(OVERLAP).unwrap_or(now);
        let mut old: Vec<EndpointSecret> = self.valid_secrets(now).cloned().collect();
        old.truncate(MAX_OLD_SECRETS);
        if let Some(newest) = old.first_mut() {
            newest.until.get_or_insert(over);
        }
        self.secrets = vec![new];
        self.secrets.append(&mut old);
        self.revised()
    }

    /// An attempt went well: what was wrong is over.
    pub(crate) fn succeeded(self) -> Self {
        if self.trouble.is_none() {
            return self;
        }
        Self { trouble: None, ..self }.revised()
    }

    /// An attempt failed.
    pub(crate) fn failed(self, reason: AttemptFailed, now: Timestamp) -> Self {
        if self.disabled.is_some() {
            return self;
        }
        let lasting = self.trouble.filter(|it| now.duration_since(it.noted_at) < FAILS_FOR);
        let since = lasting.map_or(now, |it| it.since);
        if now.duration_since(since) >= FAILS_FOR {
            return self.disabled(DisabledBecause::Failing, now);
        }
        match lasting {
            Some(it) if it.reason == reason && now.duration_since(it.noted_at) < NOTED_EVERY => {
                self
            }
            _ => Self { trouble: Some(Trouble { reason, since, noted_at: now }), ..self }.revised(),
        }
    }

    /// It is sent nothing any more; the first reason counts.
    pub(crate) fn disabled(self, reason: DisabledBecause, now: Timestamp) -> Self {
        if self.disabled.is_some() {
            return self;
        }
        Self { disabled: Some(Disabled { reason, at: now }), ..self }.revised()
    }

    /// It is sent what comes from now on, and all that was wrong is forgotten.
    pub(crate) fn enabled(self) -> Self {
        if self.disabled.is_none() {
            return self;
        }
        Self { disabled: None, trouble: None, ..self }.revised()
    }

    pub(crate) fn revised(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3600).unwrap()
    }

    fn secret(name: &str, hour: i64) -> EndpointSecret {
        let key = Sealed { id: "k".into(), wrapped: name.into() };
        EndpointSecret { key, public_key: None, since: at(hour), until: None }
    }

    fn endpoint(number: u128) -> Endpoint {
        Endpoint {
            id: EndpointId::from(Uuid::from_u128(number)),
            url: Sealed { id: "k".into(), wrapped: "url".into() },
            types: None,
            description: None,
            signing: Signing::V1,
            secrets: vec![secret("a", 0)],
            created_at: at(0),
            disabled: None,
            trouble: None,
            revision: Revision::FIRST,
        }
    }

    fn signing(endpoint: &Endpoint, hour: i64) -> Vec<&str> {
        endpoint.valid_secrets(at(hour)).map(|secret| secret.key.wrapped.as_str()).collect()
    }

    #[test]
    fn an_old_secret_signs_for_a_day_from_when_it_was_replaced() {
        let twice = endpoint(1).rotated(secret("b", 1), at(1)).rotated(secret("c", 2), at(2));
        assert_eq!(signing(&twice, 24), ["c", "b", "a"]);
        assert_eq!(signing(&twice, 25), ["c", "b"]);
        assert_eq!(signing(&twice, 26), ["c"]);
        assert_eq!(twice.clone().rotated(secret("c", 2), at(3)), twice, "the same request again");
        let often = twice.rotated(secret("d", 3), at(3)).rotated(secret("e", 4), at(4));
        assert_eq!(signing(&often, 4), ["e", "d", "c"]);
    }

    #[test]
    fn five_days_of_failures_disable_and_one_success_begins_anew() {
        let fail = |it: Endpoint, hour| it.failed(AttemptFailed::TimedOut, at(hour));
        let failing = [0, 24, 72].into_iter().fold(endpoint(1), fail);
        assert_eq!(failing.trouble.unwrap().since, at(0));
        assert_eq!(fail(failing.clone(), 119).disabled, None);
        let dead = fail(failing.clone(), 120);
        assert_eq!(dead.disabled, Some(Disabled { reason: DisabledBecause::Failing, at: at(120) }));
        assert_eq!(fail(failing.clone().succeeded(), 120).disabled, None);
        assert_eq!(fail(failing, 72 + 120).disabled, None, "nothing was sent for five days");
        let back = dead.enabled();
        assert_eq!((back.disabled, back.trouble), (None, None));
    }

    #[test]
    fn that_it_still_fails_is_not_written_each_time() {
        let failing = endpoint(1).failed(AttemptFailed::Status, at(0));
        let soon = at(0) + SignedDuration::from_mins(59);
        assert_eq!(failing.clone().failed(AttemptFailed::Status, soon), failing);
        assert_ne!(failing.clone().failed(AttemptFailed::TimedOut, soon), failing);
    }

    #[test]
    fn there_is_room_for_ten_and_the_same_one_takes_none() {
        let none = Endpoints::none(PartnerId::new("acme"));
        let add = |all: Endpoints, number| all.with(endpoint(number)).unwrap();
        let ten = (0..10).fold(none, add);
        assert_eq!(ten.clone().with(endpoint(3)), Ok(ten.clone()));
        assert_eq!(ten.clone().with(endpoint(10)), Err(TooMany));
        assert!(ten.without(endpoint(3).id).with(endpoint(10)).is_ok());
    }
}
