//! Looks at the accounts all the time: what is owed and held may never be more than the limit, where shops take no more
//! than was approved.

use crate::{accounts::Opened, addresses::Addresses, platform::LOOK_EVERY};
use tokio::{sync::watch, task::JoinHandle, time::sleep};

pub(crate) struct Watcher {
    stop: watch::Sender<bool>,
    task: JoinHandle<u64>,
}

impl Watcher {
    pub(crate) fn start(addresses: &Addresses, opened: &Opened) -> Self {
        let (stop, stopping) = watch::channel(false);
        let within = opened.0.iter().filter(|account| account.is_within_limit);
        let ids = within.map(|account| account.id.clone()).collect();
        Self { stop, task: tokio::spawn(look(addresses.clone(), ids, stopping)) }
    }

    pub(crate) fn is_well(&self) -> bool {
        !self.task.is_finished()
    }

    /// How often it looked.
    pub(crate) async fn finish(self) -> u64 {
        self.stop.send(true).unwrap();
        self.task.await.unwrap()
    }
}

async fn look(addresses: Addresses, ids: Vec<String>, stopping: watch::Receiver<bool>) -> u64 {
    let mut looks = 0;
    while !*stopping.borrow() {
        for id in &ids {
            let Some(account) = addresses.look(&format!("accounts/{id}")).await else { continue };
            looks += 1;
            let remaining = account["remaining"]["amount"].as_str().unwrap();
            let is_over = remaining.starts_with('-') || account["overLimit"] != false;
            assert!(!is_over, "account {id} is over its limit: {account}");
        }
        sleep(LOOK_EVERY).await;
    }
    looks
}
