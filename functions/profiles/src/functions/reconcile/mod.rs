//! Every five minutes, a stretch further through all profiles and all reservations: that every profile holds its
//! addresses, that erasures end, that no reservation is left of a profile that does not claim it, and that nobody stays
//! subscribed to a service that is gone.

use crate::app::App;
use crate::domain::{Profile, ProfileId, ServiceId};
use crate::store::{Finding, Place, StoredProfile};
use azure_data::{ChangeError, CosmosFailure};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::Timestamp;
use std::collections::HashMap;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

pub(crate) const FUNCTION: Function = function!();

/// Documents that are read at a time; after each page the place is kept.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Most pages of profiles, and as many of reservations, in one run.
const MAX_PAGES: usize = 20;
/// When a run stops, well before its time is up (`functionTimeout`), and the next one goes on.
const RUN_FOR: Duration = Duration::from_secs(120);

/// One run. Regions share the place: while one runs, the others' timers do nothing.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let lease = RUN_FOR + Duration::from_secs(60);
    let begun = app.reconciliation.begin(app.clock.now(), lease).await.map_err(Failure::again)?;
    let Some(place) = begun else { return Ok(Done::nothing().log("somebody else does it")) };
    let mut run = Run {
        app,
        place,
        ends: Instant::now() + RUN_FOR,
        services: HashMap::new(),
        proved: 0,
        freed: 0,
    };
    run.profiles().await.map_err(Failure::again)?;
    run.reservations().await.map_err(Failure::again)?;
    app.reconciliation.end(&run.place).await.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("{} profiles proved, {} freed", run.proved, run.freed)))
}

struct Run<'a> {
    app: &'a App,
    place: Place,
    ends: Instant,
    /// Whether the services that somebody is subscribed to exist.
    services: HashMap<ServiceId, bool>,
    proved: usize,
    freed: usize,
}

impl Run<'_> {
    async fn profiles(&mut self) -> Result<(), CosmosFailure> {
        for _ in 0..MAX_PAGES {
            let page = self.app.profiles.stored(self.place.profile.as_deref(), PAGE).await?;
            for id in &page.unreadable {
                tracing::error!(alarm = "profiles-alarm", profile = id, "a profile cannot be read");
            }
            let is_last = page.count() < PAGE.get() as usize;
            for profile in page.items {
                self.look_at(profile).await?;
            }
            self.place.profile = if is_last { None } else { page.last_id };
            self.app.reconciliation.keep(&self.place).await?;
            if is_last || self.is_over() {
                break;
            }
        }
        Ok(())
    }

    async fn look_at(&mut self, profile: StoredProfile) -> Result<(), CosmosFailure> {
        let (app, now) = (self.app, self.app.clock.now());
        self.proved += 1;
        if let Some(erased) = profile.unfinished_erasure() {
            if let Err(error) = app.profiles.finish_erasure(erased, &app.clock).await {
                tracing::warn!(profile = %erased, %error, "an erasure is not finished");
            }
            return Ok(());
        }
        self.end_subscriptions(&profile, now).await?;
        for finding in unless_hopeless(app.profiles.prove(&profile, now).await)? {
            tell(&finding);
        }
        Ok(())
    }

    /// Whoever subscribed while a service was being deleted may have read old copies, and so may the deletion.
    async fn end_subscriptions(
        &mut self,
        profile: &StoredProfile,
        now: Timestamp,
    ) -> Result<(), CosmosFailure> {
        let Some(id) = profile.living() else { return Ok(()) };
        for service in profile.settled_subscriptions(now) {
            if self.exists(&service).await? {
                continue;
            }
            let end = |profile: &Profile, now| {
                Ok::<_, Infallible>(profile.unsubscribed_from(&service, now))
            };
            match self.app.profiles.change(id, &self.app.clock, end).await {
                Ok(_) => {
                    tracing::warn!(profile = %id, %service, "subscribed to what is gone; ended")
                }
                Err(ChangeError::Failed(failure)) => return Err(failure),
                // Erased meanwhile, or busy: the next round will see.
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Asked once a run.
    async fn exists(&mut self, service: &ServiceId) -> Result<bool, CosmosFailure> {
        if let Some(known) = self.services.get(service) {
            return Ok(*known);
        }
        let exists = self.app.services.read(service).await?.is_some();
        self.services.insert(service.clone(), exists);
        Ok(exists)
    }

    async fn reservations(&mut self) -> Result<(), CosmosFailure> {
        for _ in 0..MAX_PAGES {
            if self.is_over() {
                break;
            }
            let page = self.app.profiles.reserved(self.place.reservation.as_deref(), PAGE).await?;
            let is_last = page.count() < PAGE.get() as usize;
            for reservation in &page.items {
                let now = self.app.clock.now();
                let freed = self.app.profiles.free_if_left(reservation, now).await;
                self.freed += usize::from(unless_hopeless(freed)?);
            }
            self.place.reservation = if is_last { None } else { page.last_id };
            self.app.reconciliation.keep(&self.place).await?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }
}

/// An outage ends the run, and the next one begins at the same place. What fails for good, such as a document that
/// cannot be read, must not keep the others waiting.
fn unless_hopeless<T: Default>(result: Result<T, CosmosFailure>) -> Result<T, CosmosFailure> {
    match result {
        Err(failure) if failure.retry_after().is_none() => {
            tracing::error!(alarm = "profiles-alarm", error = %failure, "cannot be reconciled");
            Ok(T::default())
        }
        other => other,
    }
}

/// The address is named by its hash.
fn tell(finding: &Finding) {
    match finding {
        Finding::Restored { profile, address } => {
            tracing::warn!(%profile, address, "a profile did not hold its address; it does now");
        }
        Finding::Contested { profile, holder, address } => {
            let (profile, holder): (&ProfileId, &ProfileId) = (profile, holder);
            tracing::error!(
                alarm = "profiles-alarm", %profile, %holder, address,
                "two profiles have one address"
            );
        }
    }
}
