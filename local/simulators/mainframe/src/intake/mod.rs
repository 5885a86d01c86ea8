//! Takes messages from `legacy-outbox`, at the mainframe's own pace.

mod controls;
mod counts;
mod machine;
mod step;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinSet};

pub(crate) use controls::Controls;
pub(crate) use counts::Totals;
pub(crate) use machine::{Machine, Waiting};

/// Messages in one request, the most that the protocol allows.
const MAX_BATCH: u8 = 32;
/// Batches at a time.
const TAKERS: usize = 4;
/// The first pause when there was nothing to take, or taking failed; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause: after it the switches and the clock are looked at again.
const MAX_PAUSE: Duration = Duration::from_millis(800);

/// Takes messages until `stopping` turns true; then each batch in work is finished.
pub(crate) async fn run(machine: Arc<Machine>, stopping: watch::Receiver<bool>) {
    let mut takers = JoinSet::new();
    for _ in 0..TAKERS {
        takers.spawn(take_batches(Arc::clone(&machine), stopping.clone()));
    }
    while takers.join_next().await.is_some() {}
}

async fn take_batches(machine: Arc<Machine>, mut stopping: watch::Receiver<bool>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let wait = match machine.controls.permits(MAX_BATCH, machine.clock.now()) {
            Err(wait) => wait,
            Ok(permits) => {
                let taken = step::step(&machine, permits).await;
                machine.controls.give_back(permits - taken.as_ref().map_or(0, |taken| *taken));
                match taken {
                    Ok(taken) if taken > 0 => {
                        pause = FIRST_PAUSE;
                        Duration::ZERO
                    }
                    Ok(_) => doubled(&mut pause),
                    Err(error) => {
                        tracing::warn!(%error, "messages wait in the queue");
                        doubled(&mut pause)
                    }
                }
            }
        };
        // An error means that the one who could stop it is gone: a reason to stop as well.
        let stop = stopping.wait_for(|stop| *stop);
        if tokio::time::timeout(wait.min(MAX_PAUSE), stop).await.is_ok() {
            return;
        }
    }
}

/// The pause, which is twice as long the next time.
fn doubled(pause: &mut Duration) -> Duration {
    std::mem::replace(pause, (*pause * 2).min(MAX_PAUSE))
}
