//! One step of a purchase, told to the platform.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use simulator_shell::{Clock, Switches};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    fate::{Beside, Fate, Lost},
    message::Message,
    platform::{Answer, Platform},
};
use crate::{
    Faults,
    plan::{Outcome, Plan, What},
};

/// How long the holder of a card waits at the till.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// The pause before a question is put again within the two seconds.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// The pause before a fact is told again: doubled each time, up to the most.
const PAUSE_FIRST_MS: u64 = 100;
const PAUSE_MOST_MS: u64 = 5_000;

/// What messages are sent with.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) platform: Arc<Platform>,
    pub(crate) switches: Arc<Switches<Faults>>,
    pub(crate) clock: Clock,
    /// What the network's ids begin with.
    pub(crate) prefix: String,
}

/// What became of one sending.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How the step ended; none: it is sent again.
    pub(crate) outcome: Option<Outcome>,
    /// How long until it is sent again, in milliseconds.
    pub(crate) again_ms: u64,
    /// Whether the shop does not wait for the processor's advice.
    pub(crate) reorders: bool,
    /// Messages that were sent, those beside it included.
    pub(crate) sent: u64,
    /// The status that the platform refused a fact with.
    pub(crate) refused: Option<u16>,
    /// What the platform must never do, and did.
    pub(crate) violations: Vec<String>,
}

impl Delivery {
    /// Sends a step; `sent_before` counts earlier sendings of it.
    pub(crate) async fn deliver(&self, plan: &Plan, index: usize, sent_before: u32) -> Delivered {
        let faults = self.switches.faults();
        let fate = Fate::draw(&faults, plan, index, sent_before);
        let message = Message::of(plan, index, &self.prefix);
        let mut done =
            Delivered { reorders: fate.reorders, again_ms: fate.again_ms, ..Delivered::default() };
        for beside in &fate.beside {
            self.send_beside(*beside, &message, &mut done).await;
        }
        if fate.lost == Some(Lost::Message) {
            return done;
        }
        match plan.steps[index].what {
            What::Ask { .. } => self.ask(&message, &fate, &faults, &mut done).await,
            What::Increase { .. } => {
                let answer = self.tell(&message, &fate, &faults, &mut done).await;
                let answer = answer.filter(|_| fate.lost.is_none() && !fate.is_ignored);
                done.outcome = answer.and_then(|answer| decision(&answer));
            }
            _ => {
                let answer = self.tell(&message, &fate, &faults, &mut done).await;
                let answer = answer.filter(|_| fate.lost.is_none());
                done.outcome = answer
                    .as_ref()
                    .filter(|answer| answer.is_success())
                    .map(|_| Outcome::Acknowledged);
                done.refused =
                    answer.map(|answer| answer.status).filter(|status| (400..500).contains(status));
            }
        }
        if done.outcome.is_none() && fate.lost.is_none() {
            done.again_ms = pause_ms(sent_before);
        }
        done
    }

    /// Asks until there is an answer, for two seconds; then the processor decides by itself.
    async fn ask(&self, message: &Message, fate: &Fate, faults: &Faults, done: &mut Delivered) {
        let ends = Instant::now() + ANSWER_WITHIN;
        let answered = timeout_at(ends, async {
            loop {
                let answer = self.tell(message, fate, faults, done).await;
                if let Some(outcome) = answer.as_ref().and_then(decision) {
                    return outcome;
                }
                sleep(ASK_AGAIN).await;
            }
        });
        let answered = answered.await.ok();
        let is_heard = fate.lost.is_none() && !fate.is_ignored;
        done.outcome = Some(answered.filter(|_| is_heard).unwrap_or(Outcome::Unanswered));
    }

    /// Sends a message, perhaps twice at once.
    async fn tell(
        &self,
        message: &Message,
        fate: &Fate,
        faults: &Faults,
        done: &mut Delivered,
    ) -> Option<Answer> {
        let at = self.signs_at(faults);
        done.sent += 1;
        if !fate.is_twice {
            return self.platform.tell(message, at).await;
        }
        done.sent += 1;
        let (one, two) =
            tokio::join!(self.platform.tell(message, at), self.platform.tell(message, at));
        let decisions = [&one, &two].map(|answer| answer.as_ref().and_then(decision));
        if let [Some(first), Some(second)] = decisions
            && first != second
        {
            done.violations
                .push(format!("{} was answered {first:?} and {second:?}", message.body["id"]));
        }
        one.filter(Answer::is_success).or(two)
    }

    /// Sends what must be refused.
    async fn send_beside(&self, beside: Beside, message: &Message, done: &mut Delivered) {
        let now = self.clock.now();
        done.sent += 1;
        let taken = match beside {
            Beside::WrongSignature => {
                self.platform.forge(&message.forged(), now).await.filter(Answer::is_success)
            }
            Beside::ReplayedSignature => {
                self.platform.replay(message, now).await.filter(Answer::is_success)
            }
            Beside::UnknownToken => {
                let answer = self.platform.tell(&message.forged().of_nobody(), now).await;
                answer.filter(|answer| answer.is_success() && answer.body["approved"] != false)
            }
        };
        if let Some(answer) = taken {
            done.violations.push(format!(
                "{beside:?} of {} was answered {}",
                message.body["id"], answer.status
            ));
        }
    }

    fn signs_at(&self, faults: &Faults) -> Timestamp {
        let off = SignedDuration::from_secs(faults.clock_off_seconds);
        let now = self.clock.now();
        now.saturating_add(off).unwrap_or(now)
    }
}

fn decision(answer: &Answer) -> Option<Outcome> {
    let approved = answer.is_success().then(|| answer.body["approved"].as_bool()).flatten()?;
    Some(if approved { Outcome::Approved } else { Outcome::Declined })
}

fn pause_ms(sent_before: u32) -> u64 {
    PAUSE_FIRST_MS.saturating_mul(1 << sent_before.min(10)).min(PAUSE_MOST_MS)
}
