//! Waiting for conditions, never for time.

use std::time::Duration;

use local_host::InvocationRecord;
use tokio::time::{Instant, sleep};

use crate::Platform;

/// The longest a test waits for anything.
pub const DEADLINE: Duration = Duration::from_secs(90);
/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// When no work ended for so long, everything waits for its time.
const QUIET: Duration = Duration::from_millis(700);
/// Invocations that are shown when something did not come.
const SHOWN_INVOCATIONS: usize = 8;

/// Waits until `look` finds something; fails after [`DEADLINE`]. [`Platform::eventually`] says more when it fails.
pub async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let found = look_until(DEADLINE, &look).await;
    found.unwrap_or_else(|| panic!("{}", too_late(what, &[])))
}

pub(crate) async fn look_until<T>(
    deadline: Duration,
    look: &impl AsyncFn() -> Option<T>,
) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if started.elapsed() > deadline {
            return None;
        }
        sleep(LOOK_EVERY).await;
    }
}

pub(crate) async fn look_with_time<T>(
    platform: &Platform,
    step: Duration,
    look: &impl AsyncFn() -> Option<T>,
) -> Option<T> {
    let started = Instant::now();
    let (mut invocations, mut since) = (0, Instant::now());
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if started.elapsed() > DEADLINE {
            return None;
        }
        let now = work_done(platform);
        if now != invocations {
            (invocations, since) = (now, Instant::now());
        } else if since.elapsed() > QUIET {
            platform.travel(step);
            since = Instant::now();
        }
        sleep(LOOK_EVERY).await;
    }
}

/// How many invocations ended that nobody asked for: a look may ask the app itself, again and again, and time must go on.
fn work_done(platform: &Platform) -> usize {
    platform.host().invocations().iter().filter(|record| record.trigger != "http").count()
}

impl Platform {
    /// Waits until no invocation ended for a while.
    pub(crate) async fn quiet(&self) {
        let ended = || self.host().invocations().len();
        let (mut before, mut since) = (ended(), Instant::now());
        while since.elapsed() < QUIET {
            sleep(LOOK_EVERY).await;
            if ended() != before {
                (before, since) = (ended(), Instant::now());
            }
        }
    }
}

pub(crate) fn too_late(what: &str, invocations: &[InvocationRecord]) -> String {
    let mut text = format!("{what} did not come in {} s", DEADLINE.as_secs());
    let first = invocations.len().saturating_sub(SHOWN_INVOCATIONS);
    for record in &invocations[first..] {
        let status = record.status.map_or_else(|| "no answer".to_owned(), |code| code.to_string());
        text.push_str(&format!(
            "\n  {} {}.{} ({}) {}: {status}, {:?}, {} ms",
            record.started_at,
            record.app,
            record.function,
            record.trigger,
            record.about,
            record.outcome,
            record.duration.as_millis(),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn it_looks_until_there_is_something_and_no_longer_than_the_deadline() {
        let looks = Cell::new(0);
        let third = async || {
            looks.set(looks.get() + 1);
            (looks.get() == 3).then_some("found")
        };
        assert_eq!(look_until(DEADLINE, &third).await, Some("found"));
        let nothing = async || None::<()>;
        assert_eq!(look_until(Duration::ZERO, &nothing).await, None);
        assert_eq!(too_late("the mail", &[]), "the mail did not come in 90 s");
    }
}
