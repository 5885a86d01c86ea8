//! What was asked for and granted: requests, codes, consents, tokens. Each step is taken under one lock and is on disk
//! before it is answered.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    NotStored, Store,
    details::Details,
    secret,
    store::Shelf::{Codes, Consents, Requests, Tokens},
};

/// More requests or codes than this are looked through for old ones.
const MANY: usize = 10_000;
/// So long after its end a record is forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long a person may look at the page.
const DECIDING: SignedDuration = SignedDuration::from_mins(10);

/// A pushed authorization request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pushed {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: String,
    pub(crate) challenge: String,
    pub(crate) details: Details,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_opened: bool,
}

/// An authorization code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) consent: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_used: bool,
}

/// What a customer consented to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) customer: String,
    pub(crate) client: String,
    pub(crate) scope: String,
    pub(crate) details: Details,
    pub(crate) given_at: Timestamp,
    pub(crate) is_withdrawn: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    consent: String,
    expires_at: Timestamp,
    is_revoked: bool,
}

/// A token that was made, with what it is good for.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) consent: Consent,
}

/// What came of a code.
#[derive(Clone, Debug)]
pub(crate) enum Redeemed {
    Issued(Box<Issued>),
    Unknown,
    UsedBefore,
    Expired,
    Unproven,
    ConsentOver,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAccess {
    /// It is none of ours, expired or revoked.
    InvalidToken,
    /// The customer's consent is over.
    ConsentGone,
}

/// What a token opens.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) consent: Consent,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Grants {
    store: Store,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    requests: HashMap<String, Pushed>,
    codes: HashMap<String, Code>,
    consents: HashMap<String, Consent>,
    tokens: HashMap<String, Token>,
}

impl Grants {
    /// Reads back what is kept and not over for long.
    pub(crate) fn new(store: Store, now: Timestamp) -> Result<Self, String> {
        let known = Known {
            requests: store.all(Requests)?.into_iter().collect(),
            codes: store.all(Codes)?.into_iter().collect(),
            consents: store.all(Consents)?.into_iter().collect(),
            tokens: store.all(Tokens)?.into_iter().collect(),
        };
        let grants = Self { store, known: Mutex::new(known) };
        grants.forget_old(&mut grants.lock(), now).map_err(|error| error.to_string())?;
        Ok(grants)
    }

    pub(crate) fn push(&self, pushed: Pushed, now: Timestamp) -> Result<String, NotStored> {
        let mut known = self.lock();
        if known.requests.len() >= MANY || known.codes.len() >= MANY {
            self.forget_old(&mut known, now)?;
        }
        let id = format!("urn:ietf:params:oauth:request_uri:{}", secret());
        self.store.put(Requests, &id, &pushed)?;
        known.requests.insert(id.clone(), pushed);
        Ok(id)
    }

    /// A person looks at a request of this client: from then on there is time to decide. None if it is over or spent.
    pub(crate) fn open(
        &self,
        id: &str,
        client: &str,
        now: Timestamp,
    ) -> Result<Option<Pushed>, NotStored> {
        let mut known = self.lock();
        let found = known.requests.get_mut(id);
        let Some(pushed) = found.filter(|it| it.client == client && it.expires_at > now) else {
            return Ok(None);
        };
        if !pushed.is_opened {
            let opened = Pushed { is_opened: true, expires_at: now + DECIDING, ..pushed.clone() };
            self.store.put(Requests, id, &opened)?;
            *pushed = opened;
        }
        Ok(Some(pushed.clone()))
    }

    /// Spends a request: nobody finds it after that. None if it is over or spent.
    pub(crate) fn spend(&self, id: &str, now: Timestamp) -> Result<Option<Pushed>, NotStored> {
        let mut known = self.lock();
        let Some(pushed) = known.requests.get(id) else { return Ok(None) };
        let is_good = pushed.expires_at > now;
        self.store.remove(Requests, id)?;
        Ok(known.requests.remove(id).filter(|_| is_good))
    }

    /// The customer consents; the code that says so.
    pub(crate) fn consent(&self, consent: Consent, code: Code) -> Result<String, NotStored> {
        let (mut known, code_id) = (self.lock(), secret());
        self.store.put(Consents, &code.consent, &consent)?;
        self.store.put(Codes, &code_id, &code)?;
        known.consents.insert(code.consent.clone(), consent);
        known.codes.insert(code_id.clone(), code);
        Ok(code_id)
    }

    pub(crate) fn code(&self, id: &str) -> Option<Code> {
        self.lock().codes.get(id).cloned()
    }

    /// Uses a code. From then on it is spent, whatever came of it: nobody tries verifiers. Used twice it revokes the tokens
    /// of its consent, unless `again` lets it be used for ever.
    pub(crate) fn redeem(
        &self,
        id: &str,
        again: bool,
        (lifetime, now): (SignedDuration, Timestamp),
        proves: impl FnOnce(&Code) -> bool,
    ) -> Result<Redeemed, NotStored> {
        let mut known = self.lock();
        let Some(code) = known.codes.get(id).cloned() else { return Ok(Redeemed::Unknown) };
        if code.is_used && !again {
            self.revoke_where(&mut known, |token| token.consent == code.consent)?;
            return Ok(Redeemed::UsedBefore);
        }
        let used = Code { is_used: true, ..code.clone() };
        self.store.put(Codes, id, &used)?;
        known.codes.insert(id.to_owned(), used);
        if code.expires_at <= now {
            return Ok(Redeemed::Expired);
        }
        if !proves(&code) {
            return Ok(Redeemed::Unproven);
        }
        let issued = self.issued(&mut known, &code.consent, lifetime, now)?;
        Ok(issued.map_or(Redeemed::ConsentOver, |issued| Redeemed::Issued(Box::new(issued))))
    }

    fn issued(
        &self,
        known: &mut Known,
        consent: &str,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<Option<Issued>, NotStored> {
        let given = known.consents.get(consent).filter(|given| !given.is_over(now)).cloned();
        let Some(given) = given else { return Ok(None) };
        let expires_at = (now + lifetime).min(given.details.valid_until);
        let token = Token { consent: consent.to_owned(), expires_at, is_revoked: false };
        let id = secret();
        self.store.put(Tokens, &id, &token)?;
        known.tokens.insert(id.clone(), token);
        Ok(Some(Issued { token: id, expires_at, consent: given }))
    }

    /// A consent and its token without a person in front of a page, for tests.
    pub(crate) fn grant_at_once(
        &self,
        consent: Consent,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<Option<Issued>, NotStored> {
        let (mut known, id) = (self.lock(), secret());
        self.store.put(Consents, &id, &consent)?;
        known.consents.insert(id.clone(), consent);
        self.issued(&mut known, &id, lifetime, now)
    }

    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Result<Access, NoAccess> {
        let known = self.lock();
        let found = known.tokens.get(token).filter(|found| !found.is_revoked);
        let found = found.ok_or(NoAccess::InvalidToken)?;
        let consent = known.consents.get(&found.consent).ok_or(NoAccess::InvalidToken)?;
        if consent.is_over(now) {
            return Err(NoAccess::ConsentGone);
        }
        if found.expires_at <= now {
            return Err(NoAccess::InvalidToken);
        }
        Ok(Access { token: token.to_owned(), consent: consent.clone() })
    }

    /// The client to which a token was issued.
    pub(crate) fn client_of(&self, token: &str) -> Option<String> {
        let known = self.lock();
        let consent = &known.tokens.get(token)?.consent;
        known.consents.get(consent).map(|consent| consent.client.clone())
    }

    pub(crate) fn revoke(&self, token: &str) -> Result<(), NotStored> {
        let mut known = self.lock();
        let Some(found) = known.tokens.get_mut(token) else { return Ok(()) };
        found.is_revoked = true;
        self.store.put(Tokens, token, found)
    }

    /// A token's time is over from now on.
    pub(crate) fn expire(&self, token: &str, now: Timestamp) -> Result<(), NotStored> {
        let mut known = self.lock();
        let Some(found) = known.tokens.get_mut(token) else { return Ok(()) };
        found.expires_at = found.expires_at.min(now);
        self.store.put(Tokens, token, found)
    }

    fn revoke_where(
        &self,
        known: &mut Known,
        meant: impl Fn(&Token) -> bool,
    ) -> Result<(), NotStored> {
        for (id, token) in known.tokens.iter_mut().filter(|(_, token)| meant(token)) {
            token.is_revoked = true;
            self.store.put(Tokens, id, token)?;
        }
        Ok(())
    }

    /// The customer withdraws all consents, or the one of a token; how many there were.
    pub(crate) fn withdraw(
        &self,
        customer: Option<&str>,
        token: Option<&str>,
    ) -> Result<usize, NotStored> {
        let mut known = self.lock();
        let of_token = token.and_then(|token| known.tokens.get(token)).map(|it| it.consent.clone());
        let mut withdrawn = 0;
        for (id, consent) in &mut known.consents {
            let is_meant = of_token.as_ref() == Some(id) || Some(&*consent.customer) == customer;
            if is_meant && !consent.is_withdrawn {
                consent.is_withdrawn = true;
                self.store.put(Consents, id, consent)?;
                withdrawn += 1;
            }
        }
        Ok(withdrawn)
    }

    /// The consents, the newest first.
    pub(crate) fn consents(&self) -> Vec<Consent> {
        let mut all: Vec<Consent> = self.lock().consents.values().cloned().collect();
        all.sort_by_key(|consent| std::cmp::Reverse(consent.given_at));
        all
    }

    /// All codes and tokens that were given out and are not forgotten.
    pub(crate) fn secrets(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let known = self.lock();
        (known.codes.keys().cloned().collect(), known.tokens.keys().cloned().collect())
    }

    fn forget_old(&self, known: &mut Known, now: Timestamp) -> Result<(), NotStored> {
        let is_old = |end: Timestamp| end + FORGOTTEN_AFTER < now;
        let Known { requests, codes, consents, tokens } = known;
        for id in keys(requests, |it| is_old(it.expires_at)) {
            self.store.remove(Requests, &id)?;
            requests.remove(&id);
        }
        for id in keys(codes, |it| is_old(it.expires_at)) {
            self.store.remove(Codes, &id)?;
            codes.remove(&id);
        }
        for id in keys(tokens, |it| is_old(it.expires_at)) {
            self.store.remove(Tokens, &id)?;
            tokens.remove(&id);
        }
        for id in keys(consents, |it| is_old(it.details.valid_until)) {
            self.store.remove(Consents, &id)?;
            consents.remove(&id);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no code panics while it holds the grants")
    }
}

impl Consent {
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.is_withdrawn || self.details.valid_until <= now
    }
}

fn keys<T>(of: &HashMap<String, T>, which: impl Fn(&T) -> bool) -> Vec<String> {
    of.iter().filter(|(_, value)| which(value)).map(|(key, _)| key.clone()).collect()
}
