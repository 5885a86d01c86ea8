//! The pause between two tries of a conditional write.

use ring::rand::{SecureRandom, SystemRandom};
use std::time::Duration;

/// The longest pause before the first try again; it doubles with each try.
const FIRST_MS: u64 = 8;
/// The longest pause of all.
const LONGEST_MS: u64 = 256;

/// Waits before the next try at something that others changed at the same moment: a random time, so that they do
/// not meet again, and longer from try to try, so that one of many gets through.
pub async fn pause(tries: u32) {
    let most_ms = (FIRST_MS << tries.min(5)).min(LONGEST_MS);
    let mut random = [0];
    // Without randomness everybody waits the same time, which is still better than not at all.
    let _ = SystemRandom::new().fill(&mut random);
    tokio::time::sleep(Duration::from_millis(most_ms * u64::from(random[0]) / 256)).await;
}
