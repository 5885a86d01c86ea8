//! Which region is at work: by the hour, unless operators say otherwise. Every region finds it by itself.

use crate::domain::{Border, Override, Region, Regions, Sun};
use crate::store::Overrides;
use azure_data::{ChangeError, Cosmos, CosmosFailure};
use custom_handler::{Setting, Settings, SettingsError};
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use values::Clock;

const SUN: Setting = Setting::new(
    "SUN",
    "which region takes new work at which hours of the day, in UTC; every hour has one",
    "22-10 southeastasia, 10-22 westeurope",
);
const SUN_REGION: Setting = Setting::new(
    "SUN_REGION",
    "whose queues the host beside this app listens to: one of SUN_REGIONS",
    "westeurope",
);
const SUN_REGIONS: Setting = Setting::new(
    "SUN_REGIONS",
    "all regions that have queues of their own, separated by commas",
    "southeastasia, westeurope",
);

/// How long what operators say may be unknown here. It is read by whoever sends a message, and a message is sent also when
/// it cannot be read.
const SEEN_FOR: Duration = Duration::from_secs(10);

/// What the settings say.
#[derive(Debug)]
pub(crate) struct Shifts {
    pub(crate) sun: Sun,
    /// Whose queues our own host listens to.
    pub(crate) here: Region,
    pub(crate) regions: Regions,
}

impl Shifts {
    /// Reads `SUN`, `SUN_REGION` and `SUN_REGIONS`.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (sun, here) = (settings.value::<Sun>(&SUN), settings.value::<Region>(&SUN_REGION));
        let regions = settings.value::<Regions>(&SUN_REGIONS);
        let (sun, here, regions) = (sun?, here?, regions?);
        let is_there = |region: &Region| regions.all().contains(region);
        if let Some(stranger) = sun.regions().find(|region| !is_there(region)) {
            return Err(
                settings.refuse(&SUN, format!("has {stranger}, which is not in SUN_REGIONS"))
            );
        }
        if !is_there(&here) {
            return Err(
                settings.refuse(&SUN_REGION, format!("is {here}, which is not in SUN_REGIONS"))
            );
        }
        Ok(Self { sun, here, regions })
    }
}

#[derive(Debug)]
pub(crate) struct AtWork {
    shifts: Shifts,
    overrides: Overrides,
    seen: Mutex<Seen>,
    clock: Clock,
}

/// What operators said when it was looked at last.
#[derive(Debug, Default)]
struct Seen {
    overridden: Option<Override>,
    at: Option<Instant>,
}

/// How it stands: for people.
#[derive(Debug)]
pub(crate) struct Stands<'a> {
    pub(crate) shifts: &'a Shifts,
    pub(crate) primary: Region,
    pub(crate) overridden: Option<Override>,
    pub(crate) next: Option<Border>,
}

impl AtWork {
    /// Contacts nobody.
    pub(crate) fn new(shifts: Shifts, cosmos: &Cosmos, clock: Clock) -> Self {
        Self { shifts, overrides: Overrides::new(cosmos), seen: Mutex::default(), clock }
    }

    /// All regions that have queues.
    pub(crate) fn regions(&self) -> &[Region] {
        self.shifts.regions.all()
    }

    /// Who takes what is new, and what stands still.
    pub(crate) async fn primary(&self) -> Region {
        let overridden = self.overridden().await;
        self.shifts.sun.primary(overridden.as_ref(), self.clock.now()).clone()
    }

    /// Who goes on with what is at work here.
    pub(crate) async fn goes_on(&self) -> Region {
        let (overridden, Shifts { sun, here, .. }) = (self.overridden().await, &self.shifts);
        sun.goes_on(overridden.as_ref(), self.clock.now(), here).clone()
    }

    /// How it stands, as operators are shown it.
    pub(crate) async fn look(&self) -> Result<Stands<'_>, CosmosFailure> {
        let read = self.overrides.read().await?;
        self.remember(read);
        Ok(self.stands(self.seen().overridden.clone()))
    }

    /// Puts a region to work, in place of whom somebody else has put there.
    pub(crate) async fn put(
        &self,
        overridden: Override,
    ) -> Result<Stands<'_>, ChangeError<Infallible>> {
        let Override { region, until, by, why, .. } = &overridden;
        self.overrides.put(&overridden).await?;
        tracing::warn!(%region, %until, by, why, "a region is put to work");
        self.remember(Some(overridden.clone()));
        Ok(self.stands(Some(overridden)))
    }

    /// The hour decides again.
    pub(crate) async fn lift(&self, by: &str) -> Result<(), ChangeError<Infallible>> {
        self.overrides.lift().await?;
        tracing::warn!(by, "the hour says again which region is at work");
        self.remember(None);
        Ok(())
    }

    fn stands(&self, overridden: Option<Override>) -> Stands<'_> {
        let (now, sun) = (self.clock.now(), &self.shifts.sun);
        let overridden = overridden.filter(|it| it.holds(now));
        Stands {
            shifts: &self.shifts,
            primary: sun.primary(overridden.as_ref(), now).clone(),
            next: sun.next(overridden.as_ref(), now),
            overridden,
        }
    }

    async fn overridden(&self) -> Option<Override> {
        {
            let mut seen = self.seen();
            if seen.at.is_some_and(|at| at.elapsed() < SEEN_FOR) {
                return seen.overridden.clone();
            }
            // Whoever comes meanwhile goes by what was seen last.
            seen.at = Some(Instant::now());
        }
        match self.overrides.read().await {
            Ok(read) => self.remember(read),
            Err(error) => {
                tracing::warn!(%error, "whom operators have put to work is not known anew")
            }
        }
        self.seen().overridden.clone()
    }

    /// A region that has no queues here, or none any more, cannot be put to work.
    fn remember(&self, overridden: Option<Override>) {
        let overridden = overridden.filter(|it| self.regions().contains(&it.region));
        *self.seen() = Seen { overridden, at: Some(Instant::now()) };
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sun: &str, here: &str, regions: &str) -> String {
        let settings =
            Settings::from_map([("SUN", sun), ("SUN_REGION", here), ("SUN_REGIONS", regions)]);
        Shifts::read(&settings).unwrap_err();
        settings.check().unwrap_err().to_string()
    }

    #[test]
    fn settings_that_do_not_go_together_are_named() {
        assert!(
            refused("0-24 a", "b", "a").contains("SUN_REGION is b, which is not in SUN_REGIONS")
        );
        assert!(
            refused("0-12 a, 12-24 c", "a", "a, b")
                .contains("SUN has c, which is not in SUN_REGIONS")
        );
        let all = refused("0-23 a", "A", "a, a");
        for part in ["hour 23 has no region", "SUN_REGION is malformed", "a is there twice"] {
            assert!(all.contains(part), "{part}: {all}");
        }
    }
}
