//! Mocks: operations of a contract that have no function yet are answered from its examples.
//!
//! | file | does |
//! |---|---|
//! | `live.rs` | a contract that is read again when one of its files is saved |
//! | `of_app.rs` | which operations of an app have a function |
//! | `in_gateway.rs` | a request to one that has none |
//! | `alone.rs`, `cors.rs` | `iommi mock FILE`: a contract without any app |
//!
//! What is answered is the business of the crate `contract-mock`.

mod alone;
mod cors;
mod in_gateway;
mod live;
mod of_app;

use std::{panic::resume_unwind, sync::Arc, thread::ScopedJoinHandle, time::Duration};

use contract_mock::Specificity;
use http::Method;
use tokio::task::JoinHandle;

use crate::{App, Log, gateway::Matched};
pub use alone::{Alone, AloneError};
pub(crate) use in_gateway::answer;
pub(crate) use of_app::{AppMocks, Mock};

/// How often the files of contracts are looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// The mocks of all apps.
#[derive(Debug, Default)]
pub(crate) struct Mocks(Vec<AppMocks>);

/// What a thread made; a panic goes on in who waited for it.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

impl Mocks {
    /// Reads the contracts of the apps; one that cannot be read is told, and no reason not to start.
    pub(crate) fn read(apps: &[Arc<App>], log: &Log) -> Self {
        // Beside each other: the gateway waits for the slowest.
        std::thread::scope(|scope| {
            let reading: Vec<_> =
                apps.iter().map(|app| scope.spawn(move || AppMocks::read(app, log))).collect();
            Self(reading.into_iter().map(joined).collect())
        })
    }

    /// Those of one app, by its index.
    pub(crate) fn of(&self, app: usize) -> Option<&AppMocks> {
        self.0.get(app)
    }

    /// The app whose contract answers a request, by its index. A function for the same path wins, and so does a more exact
    /// path of a function; what answers all that nobody else does is no function for it.
    pub(crate) fn find(
        &self,
        method: &Method,
        path: &str,
        matched: Option<&Matched>,
    ) -> Option<usize> {
        let function = matched.and_then(|matched| self.0.get(matched.app)?.specificity(matched));
        let found = self
            .0
            .iter()
            .enumerate()
            .filter_map(|(index, app)| Some((app.finds(method, path)?, index)));
        let best: Option<(Specificity, usize)> = found.min();
        if let Some((specificity, index)) = best {
            return function.is_none_or(|function| specificity < function).then_some(index);
        }
        // A wrong method: nobody but the contract knows the path.
        let owner = || self.0.iter().position(|app| app.owns(path));
        if function.is_none() { owner() } else { None }
    }

    /// Looks at the files of the contracts until the task is aborted.
    pub(crate) fn watch(self: &Arc<Self>, log: Log) -> JoinHandle<()> {
        let mocks = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_INTERVAL).await;
                let (mocks, log) = (Arc::clone(&mocks), log.clone());
                // Files are read and parsed: not what others should wait for.
                let looked = tokio::task::spawn_blocking(move || {
                    mocks.0.iter().for_each(|app| app.look(&log));
                });
                if looked.await.is_err() {
                    return;
                }
            }
        })
    }
}
