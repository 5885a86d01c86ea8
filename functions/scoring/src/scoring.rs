//! A job from begin to end: open the activity, measure, simulate, say.

use crate::answers::{Answer, GaveUp};
use crate::app::App;
use crate::cores::cpu_time;
use crate::domain::{History, PATHS_IN_A_BLOCK, Scored, Seed, Simulation};
use crate::job::Job;
use custom_handler::{Failure, Metric};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use scorecard::activity::MAX_ACTIVITY_BYTES;
use scorecard::{Activity, Scorecard};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The longest that a job is worked at, well below `functionTimeout` of host.json, at which the host ends the process with
/// all that it works at.
const MAX_COMPUTE: Duration = Duration::from_secs(120);
/// What sealing adds to an activity, at most.
const SEAL_BYTES: usize = 64;
/// Blocks that are simulated in one piece: 16,384 paths, a few milliseconds, after which it asks for the time.
const BLOCKS_IN_A_PIECE: u32 = 64;
const PATHS_IN_A_PIECE: u32 = BLOCKS_IN_A_PIECE * PATHS_IN_A_BLOCK;

const DURATION: Metric = Metric::histogram(
    "iommi.scoring.run.duration",
    "s",
    "from when a job has its place until its answer is there",
);

/// Why there is no score now.
#[derive(Debug)]
enum Stop {
    /// And there never will be.
    GaveUp(GaveUp),
    /// The job comes again.
    Again(Failure),
}

/// Works at a job. It may be interrupted at any moment, and be done again: nothing is changed by it.
///
/// # Errors
/// [`Failure::Again`]: the activity cannot be read now.
pub(crate) async fn work(app: &App, job: &Job) -> Result<Answer, Failure> {
    // How long it waits here counts as well: who waits does not care where.
    let until = job.order.deadline.min(app.clock.now() + MAX_COMPUTE);
    let _place = app.cores.job().await;
    let begun = Instant::now();
    let answer = match scored(app, job, until).await {
        Ok(answer) => answer,
        Err(Stop::GaveUp(reason)) => Answer::GaveUp(reason),
        Err(Stop::Again(failure)) => return Err(failure),
    };
    DURATION.record(begun.elapsed().as_secs_f64(), &[("outcome", answer.what().into())]);
    Ok(answer)
}

async fn scored(app: &App, job: &Job, until: Timestamp) -> Result<Answer, Stop> {
    in_time(app, until)?;
    let assessment = &*job.assessment;
    let Some(card) = Scorecard::of_version(&job.order.scorecard) else {
        tracing::error!(assessment, "the job asks for a scorecard that this version does not have");
        return Err(Stop::GaveUp(GaveUp::Failed));
    };
    let activity = opened(app, job).await?;
    let paths = job.order.paths.get();
    let begun = cpu_time();
    let (history, months_seen) = History::of(&activity);
    let history = match history {
        Ok(history) => history,
        Err(reason) => return Ok(Answer::Unscoreable { reason, months_seen }),
    };
    let seed = Seed::of(&activity, card, paths);
    let simulation = Arc::new(Simulation::of(&history));
    let before = cpu_time().saturating_sub(begun);
    let (shortfalls, cpu) = simulated(app, simulation, seed, paths, until).await?;
    let result = Scored::of(card, &history, months_seen, seed, (shortfalls, paths));
    let result = result.map_err(|error| {
        tracing::error!(assessment, %error, "the scorecard cannot be applied");
        Stop::GaveUp(GaveUp::Failed)
    })?;
    Ok(Answer::Scored { result: Box::new(result), cpu: before + cpu })
}

/// Reads and opens the activity.
async fn opened(app: &App, job: &Job) -> Result<Activity, Stop> {
    let assessment = &*job.assessment;
    let key = app.keys.unwrap(&job.order.key, assessment);
    let key = key.map_err(|_| Stop::GaveUp(GaveUp::KeyGone))?;
    let most_bytes = MAX_ACTIVITY_BYTES + SEAL_BYTES;
    let sealed = match app.activities.get(&job.order.path, most_bytes).await {
        Ok(Some(blob)) => blob.content,
        Ok(None) => return Err(Stop::GaveUp(GaveUp::ActivityGone)),
        Err(failure) if failure.is_too_large() => return Err(Stop::GaveUp(GaveUp::Failed)),
        Err(failure) => return Err(Stop::Again(Failure::again(failure))),
    };
    let plain = key.open(assessment, &sealed).map_err(|error| {
        tracing::error!(assessment, %error, "the activity was sealed with another key");
        Stop::GaveUp(GaveUp::Failed)
    })?;
    Activity::parse(&plain).map_err(|error| {
        tracing::error!(assessment, %error, "the activity cannot be read");
        Stop::GaveUp(GaveUp::Failed)
    })
}

/// How many paths ran out of money, and what it took. Pieces run on all cores that are free; how they are shared out does
/// not show in the sum.
async fn simulated(
    app: &App,
    simulation: Arc<Simulation>,
    seed: Seed,
    paths: u32,
    until: Timestamp,
) -> Result<(u64, Duration), Stop> {
    let pieces = (0..paths.div_ceil(PATHS_IN_A_PIECE)).map(|number| {
        let simulation = Arc::clone(&simulation);
        async move {
            in_time(app, until)?;
            let piece = move || piece(&simulation, seed, number, paths);
            let done = app.cores.run(piece).await;
            done.map_err(|_| Stop::Again(Failure::again("the simulation panicked")))
        }
    });
    let add = |(shortfalls, cpu): (u64, Duration), (more, longer)| async move {
        Ok((shortfalls + more, cpu + longer))
    };
    stream::iter(pieces)
        .buffer_unordered(app.cores.count())
        .try_fold((0, Duration::ZERO), add)
        .await
}

/// The paths of one piece, of `paths` altogether.
fn piece(simulation: &Simulation, seed: Seed, number: u32, paths: u32) -> (u64, Duration) {
    let begun = cpu_time();
    let first = number * PATHS_IN_A_PIECE;
    let mut left = (paths - first).min(PATHS_IN_A_PIECE);
    let mut shortfalls = 0;
    for block in number * BLOCKS_IN_A_PIECE.. {
        if left == 0 {
            break;
        }
        let here = left.min(PATHS_IN_A_BLOCK);
        shortfalls += u64::from(simulation.shortfalls(seed.0, block, here));
        left -= here;
    }
    (shortfalls, cpu_time().saturating_sub(begun))
}

fn in_time(app: &App, until: Timestamp) -> Result<(), Stop> {
    if app.clock.now() < until { Ok(()) } else { Err(Stop::GaveUp(GaveUp::DeadlinePassed)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_job_ends_before_the_host_ends_it() {
        let host: Value = serde_json::from_str(include_str!("../../../host.json")).unwrap();
        assert_eq!(host["functionTimeout"], "00:05:00");
        // Reading the blob and sending the answer have deadlines of their own: 30 s and 8 s.
        assert!(MAX_COMPUTE + Duration::from_secs(60) < Duration::from_secs(300));
    }
}
