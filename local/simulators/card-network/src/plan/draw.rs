//! A run, drawn up whole: the same seed makes the same purchases.

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng, rngs::SmallRng};

use super::{OrderedCard, Plan, Run, Shop, Step, UsedCard, What, scenario::Scenario};
use crate::{Faults, sending::PANS};

/// How much later a late fact may come, in days.
const LATE_DAYS: u64 = 40;

/// The purchases of a run, numbered from `first`.
pub(crate) fn drawn_up(run: &Run, faults: &Faults, first: u64, now: Timestamp) -> Vec<Plan> {
    let mut random = SmallRng::seed_from_u64(run.seed);
    let (mut plans, mut messages) = (Vec::new(), 0);
    while messages < run.messages {
        let index = plans.len();
        let card = &run.cards[random.random_range(0..run.cards.len())];
        let since = now.saturating_add(begins(index, run.rate)).unwrap_or(now);
        let number = first + u64::try_from(index).unwrap_or(u64::MAX);
        let plan = plan(run, card, faults, &mut random, Begin { number, since });
        messages += plan.steps.len();
        plans.push(plan);
    }
    plans
}

struct Begin {
    number: u64,
    since: Timestamp,
}

#[allow(clippy::cast_precision_loss, reason = "a run has fewer purchases than a float has digits")]
fn begins(index: usize, rate: Option<f64>) -> SignedDuration {
    rate.and_then(|rate| SignedDuration::try_from_secs_f64(index as f64 / rate).ok())
        .unwrap_or(SignedDuration::ZERO)
}

fn plan(
    run: &Run,
    card: &OrderedCard,
    faults: &Faults,
    random: &mut SmallRng,
    begin: Begin,
) -> Plan {
    let scenario = Scenario::draw(random, faults, card.within_limit);
    // Prices of everyday, and now and then a large one.
    let price = random.random_range(100..=(run.most / 10).max(100));
    let price = if random.random_bool(0.1) { random.random_range(100..=run.most) } else { price };
    let mut steps = scenario.steps(random, price, run.day_ms);
    let (over, late) = (random.random::<f64>(), random.random::<f64>());
    if over < faults.over_capture && !card.within_limit {
        take_more(&mut steps);
    }
    if late < faults.late {
        let days = random.random_range(0..=LATE_DAYS);
        steps
            .iter_mut()
            .filter(|step| step.stage > 0)
            .for_each(|step| step.after_ms += days * run.day_ms);
    }
    let mut pan =
        || (random.random::<f64>() < faults.pan).then(|| random.random_range(0..PANS.len()));
    let (in_name, in_ids) = (pan(), pan().filter(|place| place % 2 == 0));
    let (name, category) = scenario.shop();
    Plan {
        number: begin.number,
        seed: random.random(),
        card: UsedCard {
            token: card.token.clone(),
            currency: card.currency.clone(),
            account: card.account.clone(),
        },
        shop: Shop { name: name.to_owned(), category, pan: in_name },
        pan_in_ids: in_ids,
        stand_in: if card.within_limit { -1 } else { run.stand_in },
        day_ms: run.day_ms,
        since: begin.since,
        steps,
    }
}

fn take_more(steps: &mut [Step]) {
    for step in steps {
        if let What::Capture { amount, .. } = &mut step.what {
            *amount += *amount / 5 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn run(messages: usize, within_limit: bool) -> Run {
        let card = OrderedCard {
            token: "tok_abcdefgh".into(),
            currency: "DKK".into(),
            account: None,
            within_limit,
        };
        let run = serde_json::json!({"cards": [card], "messages": messages, "seed": 7});
        serde_json::from_value(run).unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_purchases_and_as_many_messages_as_were_asked_for() {
        let faults =
            Faults { over_capture: 0.2, pan: 0.5, late: 0.1, reorder: 0.1, ..Faults::default() };
        let drawn = || drawn_up(&run(500, false), &faults, 1, Timestamp::UNIX_EPOCH);
        let (one, two) = (drawn(), drawn());
        assert_eq!(format!("{one:?}"), format!("{two:?}"));
        assert!(one.iter().map(|plan| plan.steps.len()).sum::<usize>() >= 500);
        let kinds: std::collections::HashSet<_> = one
            .iter()
            .flat_map(|plan| &plan.steps)
            .map(|step| std::mem::discriminant(&step.what))
            .collect();
        assert_eq!(kinds.len(), 7, "all but advices and activations, which nobody plans");
    }

    #[test]
    fn within_the_limit_nobody_takes_more_than_was_asked_for() {
        let faults =
            Faults { over_capture: 1.0, no_authorisation: 1.0, reorder: 1.0, ..Faults::default() };
        for plan in drawn_up(&run(500, true), &faults, 1, Timestamp::UNIX_EPOCH) {
            let (mut asked, mut taken) = (0, 0);
            for step in &plan.steps {
                match step.what {
                    What::Ask { amount } | What::Increase { amount } => asked += amount,
                    What::Capture { amount, .. } => taken += amount,
                    What::Reverse { amount } => taken += amount.unwrap_or(0),
                    _ => {}
                }
            }
            assert!(taken <= asked && plan.stand_in < 0, "{plan:?}");
        }
    }
}
