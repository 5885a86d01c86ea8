//! A queue, instances that take batches from it, and the platform that decides how many there are. A discrete-event
//! simulation: the same seed gives the same waits. All times are seconds.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Model {
    /// CPU seconds of a job.
    pub(crate) work: f64,
    /// Cores of an instance.
    pub(crate) cores: usize,
    /// Messages that an instance takes at once, and only when it has none left (`newBatchThreshold` 0).
    pub(crate) batch_size: usize,
    /// How often an instance without a message looks for one; 0: it knows at once.
    pub(crate) poll: f64,
    pub(crate) instances: Instances,
}

/// How many instances there are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Instances {
    Fixed(usize),
    /// Target-based scaling: as many as messages ÷ `batch_size`, those in work included, decided every `every` seconds; a
    /// new one is there after `start`.
    Scaled {
        every: f64,
        start: f64,
        most: usize,
    },
}

/// When a job came and when it was done, in the order in which they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    pub(crate) came: f64,
    pub(crate) done: f64,
}

struct World<'a> {
    model: Model,
    arrivals: &'a [f64],
    /// The first job that nobody has taken.
    next: usize,
    /// When each instance has no message left.
    free_at: Vec<f64>,
    done: Vec<Done>,
    decided_at: f64,
}

impl Model {
    /// What becomes of jobs that come at these times, which are in order.
    pub(crate) fn run(self, arrivals: &[f64]) -> Vec<Done> {
        let first = match self.instances {
            Instances::Fixed(count) => count,
            Instances::Scaled { .. } => 1,
        };
        let free_at = vec![0.0; first];
        let mut world =
            World { model: self, arrivals, next: 0, free_at, done: Vec::new(), decided_at: 0.0 };
        while world.next < arrivals.len() {
            world.step();
        }
        world.done
    }
}

impl World<'_> {
    /// The instance that looks first takes what waits.
    fn step(&mut self) {
        let arrival = self.arrivals[self.next];
        let looks = |free_at: f64| self.first_look(free_at, arrival);
        let (place, at) = (0..self.free_at.len())
            .map(|place| (place, looks(self.free_at[place])))
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .unwrap();
        if let Instances::Scaled { every, .. } = self.model.instances
            && self.decided_at + every <= at
        {
            self.decided_at += every;
            self.scale();
            return;
        }
        let waiting = self.arrivals[self.next..].iter().take_while(|came| **came <= at).count();
        let taken = waiting.min(self.model.batch_size);
        for number in 0..taken {
            let done = at + self.model.end_of(number, taken);
            self.done.push(Done { came: self.arrivals[self.next + number], done });
        }
        self.free_at[place] = at + self.model.end_of(taken - 1, taken);
        self.next += taken;
    }

    /// When an instance that is free from then on sees a message that comes at `arrival`.
    fn first_look(&self, free_at: f64, arrival: f64) -> f64 {
        if self.model.poll == 0.0 || arrival <= free_at {
            return free_at.max(arrival);
        }
        free_at + ((arrival - free_at) / self.model.poll).ceil() * self.model.poll
    }

    fn scale(&mut self) {
        let Instances::Scaled { start, most, .. } = self.model.instances else { return };
        let now = self.decided_at;
        let come = self.arrivals.partition_point(|came| *came <= now);
        let gone = self.done.iter().filter(|one| one.done <= now).count();
        let wanted = (come - gone).div_ceil(self.model.batch_size).clamp(1, most);
        while self.free_at.len() < wanted {
            self.free_at.push(now + start);
        }
        // Only who has nothing to do goes.
        while self.free_at.len() > wanted {
            let Some(idle) = self.free_at.iter().position(|free_at| *free_at <= now) else { break };
            self.free_at.swap_remove(idle);
        }
    }
}

impl Model {
    /// When the `number`-th of `taken` jobs of a batch is done: as many as cores are worked at, and those that are left at
    /// the end share all cores.
    fn end_of(self, number: usize, taken: usize) -> f64 {
        let group = number / self.cores;
        let in_group = (taken - group * self.cores).min(self.cores);
        let share = in_group as f64 / self.cores as f64;
        (group as f64 + share) * self.work
    }
}

/// Jobs that come by chance, so many a second on average.
pub(crate) fn by_chance(seed: u64, per_second: f64, count: usize) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut now = 0.0;
    let mut arrival = || {
        let uniform = (f64::from(random.next_u32()) + 0.5) / 4_294_967_296.0;
        now -= uniform.ln() / per_second;
        now
    };
    (0..count).map(|_| arrival()).collect()
}

/// The mean time in the system, without the first tenth, in which the queue fills.
pub(crate) fn mean_time(done: &[Done]) -> f64 {
    let settled = &done[done.len() / 10..];
    settled.iter().map(|one| one.done - one.came).sum::<f64>() / settled.len() as f64
}
