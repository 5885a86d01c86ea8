//! After the faults: waiting until everything has been made up for.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Platform;

/// The longest that it may take, after a long run on a machine that does much else.
const SETTLED_IN: Duration = Duration::from_secs(600);
/// Between two looks at everything.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The host hides a message that it works on for ten minutes, and leases are no longer: what killed processes had taken
/// comes back after that. All in all the clock may not be off by a quarter of an hour: then the services refuse
/// signatures.
const LEASE: Duration = Duration::from_secs(660);
/// Differences that are shown.
const MOST_SHOWN: usize = 20;

impl Platform {
    /// Lets leases of the killed end, and looks until nothing differs; panics with what does if that does not come.
    /// `look` is told how many looks came before.
    pub async fn settles<T>(&self, look: impl AsyncFn(u32) -> Result<T, Vec<String>>) -> T {
        let began = Instant::now();
        self.pass(LEASE);
        let mut looks = 0;
        loop {
            let differences = match look(looks).await {
                Ok(found) => return found,
                Err(differences) => differences,
            };
            let (count, shown) = (differences.len(), differences.iter().take(MOST_SHOWN));
            let shown: Vec<&String> = shown.collect();
            assert!(
                began.elapsed() < SETTLED_IN,
                "{count} things are not as they should be after {SETTLED_IN:?}: {shown:#?}; {}",
                self.kept()
            );
            looks += 1;
            sleep(LOOK_EVERY).await;
        }
    }
}
