//! A host whose data services run in another one goes by that one's clock.

use std::{path::PathBuf, time::Duration};

use jiff::SignedDuration;
use local_data::Clock;
use tokio::task::JoinHandle;

/// How often the other host's offset is looked at. Handlers read it at every look at the clock.
const INTERVAL: Duration = Duration::from_millis(20);

/// Moves `clock` as the offset in `file` says, until it is aborted. What cannot be read one day leaves the last offset.
pub(crate) fn follow(clock: Clock, file: PathBuf) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if let Some(offset) = offset_in(&file).await
                && offset != clock.offset()
            {
                clock.set_offset(offset);
            }
            tokio::time::sleep(INTERVAL).await;
        }
    })
}

async fn offset_in(file: &std::path::Path) -> Option<SignedDuration> {
    let text = tokio::fs::read_to_string(file).await.ok()?;
    text.trim().parse().ok().map(SignedDuration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_goes_where_the_file_says_and_stays_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (clock, file) = (Clock::system(), folder.path().join("offset"));
        std::fs::write(&file, "60000").unwrap();
        let following = follow(clock.clone(), file.clone());
        let mut changes = clock.changes();
        changes.wait_for(|offset| offset.as_secs() == 60).await.unwrap();
        std::fs::remove_file(&file).unwrap();
        std::fs::write(file.with_extension("new"), "-120000").unwrap();
        std::fs::rename(file.with_extension("new"), &file).unwrap();
        changes.wait_for(|offset| offset.as_secs() == -120).await.unwrap();
        following.abort();
    }
}
