//! What is on offer: the catalogue, as far as the vendor delivers it. It is remembered for ten minutes, and longer while
//! one of the two does not answer; whoever orders at a price that is not the vendor's any more is told so by the vendor.

use crate::domain::Offer;
use crate::neighbour::NeighbourFailure;
use crate::profiles::{CatalogueService, Profiles};
use crate::vendor::{Vendor, VendorFailure, VendorService};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::RwLock;
use values::Clock;

/// How long a list is as good as new.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How long an old list is offered while nobody can be asked, and how often that is tried.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(15);

/// What is on offer, and of when that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfferList {
    pub(crate) offers: Vec<Offer>,
    pub(crate) as_of: Timestamp,
}

impl OfferList {
    /// Whether somebody should have been asked since.
    pub(crate) fn is_stale(&self, now: Timestamp) -> bool {
        now.duration_since(self.as_of) >= FRESH_FOR
    }
}

/// Neither a new list nor one that is good enough.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoOffers {
    #[error(transparent)]
    Vendor(#[from] VendorFailure),
    #[error(transparent)]
    Profiles(#[from] NeighbourFailure),
}

#[derive(Debug)]
pub(crate) struct Offers {
    remembered: RwLock<Option<Remembered>>,
}

#[derive(Debug, Clone)]
struct Remembered {
    list: Arc<OfferList>,
    /// When the next try is made.
    ask_at: Timestamp,
}

impl Offers {
    pub(crate) fn new() -> Self {
        Self { remembered: RwLock::new(None) }
    }

    /// What is on offer: as of the last ten minutes, or older while nobody answers. Those who come while somebody asks
    /// wait for the answer.
    pub(crate) async fn list(
        &self,
        profiles: &Profiles,
        vendor: &Vendor,
        clock: &Clock,
    ) -> Result<Arc<OfferList>, NoOffers> {
        if let Some(list) = good_enough(self.remembered.read().await.as_ref(), clock.now()) {
            return Ok(list);
        }
        let mut remembered = self.remembered.write().await;
        let now = clock.now();
        if let Some(list) = good_enough(remembered.as_ref(), now) {
            return Ok(list);
        }
        let asked = ask(profiles, vendor, now).await;
        let old = remembered.as_ref().map(|it| Arc::clone(&it.list));
        let old = old.filter(|list| now.duration_since(list.as_of) < KEPT_FOR);
        let (list, pause) = match (asked, old) {
            (Ok(list), _) => (Arc::new(list), FRESH_FOR),
            (Err(error), Some(old)) => {
                tracing::warn!(reason = %error, as_of = %old.as_of, "the old offers stand");
                (old, ASKED_AGAIN_AFTER)
            }
            (Err(error), None) => return Err(error),
        };
        let ask_at = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
        *remembered = Some(Remembered { list: Arc::clone(&list), ask_at });
        Ok(list)
    }
}

fn good_enough(remembered: Option<&Remembered>, now: Timestamp) -> Option<Arc<OfferList>> {
    // A clock that was set back must not make a list good for ever.
    let is_good = |it: &&Remembered| now < it.ask_at && now >= it.list.as_of;
    remembered.filter(is_good).map(|it| Arc::clone(&it.list))
}

async fn ask(profiles: &Profiles, vendor: &Vendor, now: Timestamp) -> Result<OfferList, NoOffers> {
    let (catalogue, delivered) = tokio::join!(profiles.catalogue(), vendor.price_list());
    Ok(OfferList { offers: joined(catalogue?, &delivered?), as_of: now })
}

fn joined(catalogue: Vec<CatalogueService>, delivered: &[VendorService]) -> Vec<Offer> {
    let offer = |service: CatalogueService| {
        let vendor_id = service.vendor_id.filter(|_| !service.retired)?;
        let delivered = delivered.iter().find(|one| one.id == vendor_id)?;
        Some(Offer {
            service: service.id,
            name: service.name,
            unit_price: service.monthly_price,
            vendor_service: vendor_id,
            purchase_price: delivered.unit_price,
            available: delivered.available,
            pieces: delivered.pieces,
        })
    };
    catalogue.into_iter().filter_map(offer).collect()
}
