//! Those who are at work on the documents and may be killed between any two effects, and what must hold whatever they do.

use super::documents::{Container, Shared};
use super::key::{Answered, register_with_key};
use crate::domain::{Draft, Profile, ProfileId};
use crate::store::{Finding, Profiles, StoredProfile, StoredReservation};
use azure_data::ChangeError;
use jiff::Timestamp;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use values::Clock;

/// Few addresses for many, so that they get into each other's way.
const ADDRESSES: usize = 3;
const KEYS: usize = 5;
/// More polls than any work takes when nobody interferes.
const MAX_POLLS: usize = 100_000;

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// What clients were told.
#[derive(Debug, Default)]
struct Told {
    /// By key: which profile was registered.
    registered: BTreeMap<usize, BTreeSet<ProfileId>>,
    /// Who was erased.
    erased: BTreeSet<ProfileId>,
    /// Which profile got which e-mail address by a change.
    changed: Vec<(ProfileId, String)>,
}

pub(super) struct World {
    random: SmallRng,
    clock: Clock,
    documents: Shared,
    profiles: Rc<Profiles<Container>>,
    told: Rc<RefCell<Told>>,
    at_work: Vec<Work>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let clock = Clock::stopped_at(Timestamp::from_second(1_700_000_000).unwrap());
        let documents = Shared::new(SmallRng::seed_from_u64(!seed), clock.clone());
        let container = |name| documents.container(name);
        let profiles =
            Profiles::of(container("profiles"), container("addresses"), container("profiles"));
        Self {
            random: SmallRng::seed_from_u64(seed),
            clock,
            documents,
            profiles: Rc::new(profiles),
            told: Rc::default(),
            at_work: Vec::new(),
        }
    }

    /// Something happens.
    pub(super) fn step(&mut self) {
        match self.random.random_range(0..200) {
            0..7 => {
                let key = self.random.random_range(0..KEYS);
                self.begin_register(key);
            }
            7..10 => self.begin_change(),
            10..12 => self.begin_erase(),
            12..14 => self.begin_reconcile(),
            14..16 => self.begin_feed(),
            16..18 => self.crash(),
            18..22 => self.documents.lock().deliver_late(),
            22..24 => {
                let ms = self.random.random_range(1..20_000);
                self.clock.advance(Duration::from_millis(ms));
            }
            _ => self.work(),
        }
    }

    /// What must hold at every moment.
    pub(super) fn check(&self) {
        let active = self.active();
        for pointer in ["/account/emailAddress", "/account/userName"] {
            let mut seen = BTreeMap::new();
            for profile in &active {
                let address = profile.pointer(pointer).unwrap().as_str().unwrap();
                let other = seen.insert(address, &profile["id"]);
                assert!(other.is_none(), "{address} is of {} and of {other:?}", profile["id"]);
            }
        }
        let told = self.told.borrow();
        let state = |id: &ProfileId| self.stored(*id)["state"].clone();
        for (key, ids) in &told.registered {
            assert!(ids.len() < 2, "the key {key} has more than one answer: {ids:?}");
            for id in ids {
                assert!(["active", "erased"].iter().any(|s| state(id) == *s), "{id} is lost");
            }
        }
        for id in &told.erased {
            assert_eq!(state(id), "erased", "{id} is back");
        }
        for (id, email) in &told.changed {
            let history = self.documents.lock().history("profiles", &id.to_string());
            let had = |version: &Value| {
                version["state"] == "active" && version["account"]["emailAddress"] == **email
            };
            assert!(history.iter().any(had), "{id} never had {email}");
        }
    }

    /// The faults end, and everybody who is at work dies. Then each key has its answer, erasures are complete, nothing
    /// is reserved for nobody, and what is free can be had.
    pub(super) fn settle(&mut self) {
        self.at_work.clear();
        self.documents.lock().deliver_all();
        self.documents.lock().with_faults = false;
        self.clock.advance(Duration::from_secs(2_000));
        for key in 0..KEYS {
            self.begin_register(key);
            self.finish_work();
        }
        self.check();
        self.clock.advance(Duration::from_secs(2_000));
        self.begin_feed();
        self.finish_work();
        self.begin_reconcile();
        self.finish_work();
        self.check_everything_is_held();
        self.everything_free_can_be_had();
        self.check();
    }

    fn check_everything_is_held(&self) {
        let reservations = self.documents.lock().all("addresses");
        let active = self.active();
        // Each has an e-mail address and a user name.
        assert_eq!(active.len() * 2, reservations.len(), "{active:?} {reservations:?}");
        for reservation in reservations {
            let held = |profile: &&Value| {
                profile["id"] == reservation["profileId"]
                    && profile["claims"].as_array().unwrap().contains(&reservation["id"])
            };
            assert!(active.iter().any(|profile| held(&profile)), "{reservation} is of nobody");
        }
        for document in self.documents.lock().all("profiles") {
            let is_open = document["state"] == "erased" && document["completedAt"].is_null();
            assert!(!is_open, "an erasure does not end: {document}");
        }
    }

    fn everything_free_can_be_had(&mut self) {
        for address in 0..ADDRESSES {
            let email = email(address);
            if self.active().iter().any(|p| p["account"]["emailAddress"] == *email) {
                continue;
            }
            let fresh = draft(&email, &format!("fresh{address}"));
            let profile =
                Profile::register(self.id(), self.id_of_account(), fresh, self.clock.now());
            let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
            self.begin(async move {
                profiles.register(&profile, &clock).await.unwrap();
            });
            self.finish_work();
        }
    }

    fn begin_register(&mut self, key: usize) {
        let draft = draft(&email(key % ADDRESSES), &format!("user{}", key / 2));
        let fresh: Vec<ProfileId> = (0..4).map(|_| self.id()).collect();
        let account = self.id_of_account();
        let profile =
            move |id| Profile::register(id, account, draft.clone(), Timestamp::UNIX_EPOCH);
        let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
        let (keys, told) = (self.documents.container("keys"), Rc::clone(&self.told));
        self.begin(async move {
            let answer =
                register_with_key(&keys, &profiles, &clock, &key.to_string(), fresh, profile).await;
            if let Answered::Registered(id) = answer {
                told.borrow_mut().registered.entry(key).or_default().insert(id);
            }
        });
    }

    fn begin_change(&mut self) {
        let Some(id) = self.somebody() else { return };
        let address = email(self.random.random_range(0..ADDRESSES));
        let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
        let told = Rc::clone(&self.told);
        self.begin(async move {
            let edit = |profile: &Profile, now| {
                let name = profile.account.user_name.key();
                let edited = Profile::register(id, profile.account.id, draft(&address, &name), now);
                let revision = profile.revision.next();
                Ok::<_, Infallible>(Profile { revision, ..edited })
            };
            if profiles.change(id, &clock, edit).await.is_ok() {
                told.borrow_mut().changed.push((id, address.clone()));
            }
        });
    }

    fn begin_erase(&mut self) {
        let Some(id) = self.somebody() else { return };
        let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
        let told = Rc::clone(&self.told);
        self.begin(async move {
            let erased: Result<bool, ChangeError<Infallible>> =
                profiles.erase(id, &clock, |_| Ok(())).await;
            if let Ok(true) = erased {
                told.borrow_mut().erased.insert(id);
            }
        });
    }

    fn begin_feed(&mut self) {
        let documents = self.documents.lock().all("profiles");
        for document in documents {
            if document["state"] == "erased" && document["completedAt"].is_null() {
                let id: ProfileId = document["id"].as_str().unwrap().parse().unwrap();
                let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
                self.begin(async move { drop(profiles.finish_erasure(id, &clock).await) });
            }
        }
    }

    fn begin_reconcile(&mut self) {
        let (stored, reserved) = {
            let mut documents = self.documents.lock();
            (documents.all("profiles"), documents.all("addresses"))
        };
        let (profiles, clock) = (Rc::clone(&self.profiles), self.clock.clone());
        self.begin(async move {
            for document in stored {
                let stored: StoredProfile = serde_json::from_value(document).unwrap();
                let found = profiles.prove(&stored, clock.now()).await.unwrap_or_default();
                let contested = found.iter().any(|one| matches!(one, Finding::Contested { .. }));
                assert!(!contested, "{found:?}");
            }
            for document in reserved {
                let reserved: StoredReservation = serde_json::from_value(document).unwrap();
                drop(profiles.free_if_left(&reserved, clock.now()).await);
            }
        });
    }

    fn begin(&mut self, work: impl Future<Output = ()> + 'static) {
        self.at_work.push(Box::pin(work));
    }

    /// One of those at work does the next thing.
    fn work(&mut self) {
        if !self.at_work.is_empty() {
            let worker = self.random.random_range(0..self.at_work.len());
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(()) = self.at_work[worker].as_mut().poll(&mut context) {
                drop(self.at_work.swap_remove(worker));
            }
        }
    }

    /// One of those at work dies.
    fn crash(&mut self) {
        if !self.at_work.is_empty() {
            let victim = self.random.random_range(0..self.at_work.len());
            drop(self.at_work.swap_remove(victim));
        }
    }

    fn finish_work(&mut self) {
        for _ in 0..MAX_POLLS {
            if self.at_work.is_empty() {
                return;
            }
            self.work();
        }
        panic!("somebody never ends");
    }

    fn active(&self) -> Vec<Value> {
        let documents = self.documents.lock().all("profiles");
        documents.into_iter().filter(|document| document["state"] == "active").collect()
    }

    fn stored(&self, id: ProfileId) -> Value {
        let documents = self.documents.lock().all("profiles");
        let found = documents.into_iter().find(|document| document["id"] == json!(id));
        found.unwrap_or_default()
    }

    fn somebody(&mut self) -> Option<ProfileId> {
        let active = self.active();
        let at = self.random.random_range(0..active.len().max(1));
        Some(active.get(at)?["id"].as_str().unwrap().parse().unwrap())
    }

    fn id(&mut self) -> ProfileId {
        uuid::Uuid::from_u128(self.random.random()).into()
    }

    fn id_of_account(&mut self) -> crate::domain::AccountId {
        uuid::Uuid::from_u128(self.random.random()).into()
    }
}

fn email(number: usize) -> String {
    format!("shared{number}@example.com")
}

fn draft(email: &str, user_name: &str) -> Draft {
    let body = json!({
        "account": {"emailAddress": email, "userName": user_name},
        "givenName": "Robin", "familyName": "Okafor",
    });
    Draft::parse(&body).unwrap()
}
