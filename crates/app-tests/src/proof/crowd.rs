//! Many who want something at the same time, while processes die.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use super::Background;

/// How many stories there are, and when they happen.
#[derive(Clone, Copy, Debug)]
pub struct Stories {
    /// In all.
    pub all: usize,
    /// At the same time, at most.
    pub at_once: usize,
    /// They begin in so many rounds, so that there are some until the last one.
    pub rounds: u32,
}

/// Those to whom stories happen, each to its end.
#[derive(Debug)]
pub struct Crowd {
    workers: Vec<Background<()>>,
    gate: Arc<Semaphore>,
    stories: Stories,
}

impl Crowd {
    /// They wait for the first round; `story` is given the number of each, from 0.
    #[must_use]
    pub fn start<Story, Happening>(stories: Stories, story: Story) -> Self
    where
        Story: Fn(usize) -> Happening + Clone + Send + 'static,
        Happening: Future<Output = ()> + Send + 'static,
    {
        let (gate, next) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
        let worker = |_| {
            let (gate, next, story) = (Arc::clone(&gate), Arc::clone(&next), story.clone());
            Background::start(async move |_| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= stories.all {
                        return;
                    }
                    gate.acquire().await.unwrap().forget();
                    story(number).await;
                }
            })
        };
        let workers = (0..stories.at_once).map(worker).collect();
        Self { workers, gate, stories }
    }

    /// The next round.
    pub fn begin_some(&self) {
        self.gate.add_permits(self.stories.all.div_ceil(self.stories.rounds.max(1) as usize));
    }

    /// False once one has panicked.
    #[must_use]
    pub fn are_well(&self) -> bool {
        self.workers.iter().all(Background::is_well)
    }

    /// Lets all that is left begin, and come to its end.
    pub async fn finish(self) {
        self.gate.add_permits(self.stories.all);
        for worker in self.workers {
            worker.finish().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eventually;
    use std::sync::Mutex;

    #[tokio::test]
    async fn stories_happen_once_each_in_rounds_and_all_of_them_in_the_end() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&told);
        let story = move |number| {
            let note = Arc::clone(&note);
            async move { note.lock().unwrap().push(number) }
        };
        let crowd = Crowd::start(Stories { all: 10, at_once: 3, rounds: 4 }, story);
        crowd.begin_some();
        let count = || told.lock().unwrap().len();
        eventually("the first round", async || (count() == 3).then_some(())).await;
        crowd.finish().await;
        let mut all = told.lock().unwrap().clone();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
}
