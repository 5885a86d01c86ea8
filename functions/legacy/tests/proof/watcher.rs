//! Looks at the mainframe's records all the time: none may ever go backwards, and a revision has one state.

use crate::platform::MAINFRAME;
use app_tests::proof::{Addresses, LOOK_EVERY, Stopping};
use serde_json::Value;
use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};
use tokio::time::sleep;

/// How often it looked.
pub(crate) async fn look(addresses: Addresses, stopping: Stopping) -> u64 {
    let mut seen: HashMap<String, (u64, u64)> = HashMap::new();
    let mut looks = 0;
    while !stopping.is_asked() {
        if let Some(records) = records(&addresses).await {
            looks += 1;
            for record in &records {
                let id = record["profileId"].as_str().unwrap().to_owned();
                let now = (record["revision"].as_u64().unwrap(), hash(record));
                let before = seen.insert(id.clone(), now).unwrap_or(now);
                assert!(before.0 <= now.0, "{id} went back from {} to {}", before.0, now.0);
                let same = before.0 < now.0 || before.1 == now.1;
                assert!(same, "{id} has two states of revision {}", now.0);
            }
        }
        sleep(LOOK_EVERY).await;
    }
    looks
}

/// What the mainframe has; none while it does not answer.
pub(crate) async fn records(addresses: &Addresses) -> Option<Vec<Value>> {
    let (mut records, mut after) = (Vec::new(), String::new());
    loop {
        let url = format!("{}/records?limit=1000{after}", addresses.url(MAINFRAME));
        let page = addresses.look(&url).await?;
        records.extend(page["items"].as_array()?.iter().cloned());
        match page["continuation"].as_str() {
            Some(last) => after = format!("&continuation={last}"),
            None => return Some(records),
        }
    }
}

fn hash(record: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    (record["state"].to_string(), record["erased"] == true).hash(&mut hasher);
    hasher.finish()
}
