//! Looks at the accounts all the time: what is owed and held may never be more than the limit, where shops take no more
//! than was approved.

use app_tests::proof::{Addresses, LOOK_EVERY, Stopping};
use tokio::time::sleep;

/// How often it looked.
pub(crate) async fn look(addresses: Addresses, ids: Vec<String>, stopping: Stopping) -> u64 {
    let mut looks = 0;
    while !stopping.is_asked() {
        for id in &ids {
            let account = addresses.look(&format!("/accounts/v1/accounts/{id}")).await;
            let Some(account) = account else { continue };
            looks += 1;
            let remaining = account["remaining"]["amount"].as_str().unwrap();
            let is_over = remaining.starts_with('-') || account["overLimit"] != false;
            assert!(!is_over, "account {id} is over its limit: {account}");
        }
        sleep(LOOK_EVERY).await;
    }
    looks
}
