use super::*;
use crate::domain::flows::Flow;
use crate::domain::months::{days_between, start_after};
use crate::people::{NAMES, person};
use jiff::ToSpan;
use jiff::civil::Date;
use pretty_assertions::assert_eq;
use proptest::prelude::*;

fn history(name: &str) -> History {
    History::of(&person(name)).0.unwrap()
}

/// The same year, told day by day and asked of the history itself: slow, and without a table.
fn told_day_by_day(history: &History, seed: [u8; 32], block: u32, paths: u32) -> u32 {
    let mut random = ChaCha8Rng::from_seed(seed);
    random.set_stream(block.into());
    let begin = history.to.tomorrow().unwrap();
    let mut shortfalls = 0;
    for _ in 0..paths {
        let weeks: Vec<usize> =
            (0..WEEKS).map(|_| chosen(&mut random, history.days() / 7)).collect();
        let months: Vec<usize> = (0..12).map(|_| chosen(&mut random, history.months())).collect();
        let (mut balance, mut fell) = (history.available, history.available < 0);
        for day in 0..DAYS {
            let date = begin.checked_add(i64::try_from(day).unwrap().days()).unwrap();
            let back = i64::try_from((weeks[day / 7] + 1) * 7 - day % 7 - 1).unwrap();
            let like = history.to.checked_sub(back.days()).unwrap();
            assert_eq!(like.weekday(), date.weekday(), "a week begins on the same day of the week");
            balance += sum(history, |flow| !flow.is_monthly() && flow.on == like);
            let ahead =
                (0..12).find(|ahead| date < start_after(history.to, ahead + 1).unwrap()).unwrap();
            let source = history.month(months[usize::try_from(ahead).unwrap()]);
            balance += monthly(history, source, start_after(history.to, ahead).unwrap(), date);
            fell |= balance < 0;
        }
        shortfalls += u32::from(fell);
    }
    shortfalls
}

fn sum(history: &History, counts: impl Fn(&Flow) -> bool) -> i64 {
    history.flows.iter().filter(|flow| counts(flow)).map(|flow| flow.amount).sum()
}

/// What the source month has on this day of the month, and on those after it that this month does not have.
fn monthly(history: &History, source: (Date, usize), start: Date, date: Date) -> i64 {
    let end = start_after(start.yesterday().unwrap(), 1).unwrap();
    let has =
        |day: i8| start.series(1.day()).take_while(|one| *one < end).any(|one| one.day() == day);
    let mut place = start;
    let mut flows = 0;
    for on in source.0.series(1.day()).take(source.1) {
        if has(on.day()) {
            place = start.series(1.day()).find(|one| one.day() == on.day()).unwrap();
        }
        if place == date {
            flows += sum(history, |flow| flow.is_monthly() && flow.on == on);
        }
    }
    flows
}

#[test]
fn it_says_what_a_year_told_day_by_day_says() {
    for name in ["overdrawn", "borrower", "freelancer"] {
        let history = history(name);
        let simulation = Simulation::of(&history);
        let seed = [7; 32];
        assert_eq!(
            simulation.shortfalls(seed, 3, 12),
            told_day_by_day(&history, seed, 3, 12),
            "{name}"
        );
    }
}

#[test]
fn every_year_of_a_rich_person_goes_well_and_none_of_who_has_less_than_nothing() {
    let mut history = history("salaried");
    history.available = 100_000_000;
    assert_eq!(Simulation::of(&history).shortfalls([1; 32], 0, 256), 0);
    history.available = -1;
    assert_eq!(Simulation::of(&history).shortfalls([1; 32], 0, 256), 256);
}

#[test]
fn a_block_is_at_most_256_paths() {
    let mut history = history("salaried");
    history.available = -1;
    assert_eq!(Simulation::of(&history).shortfalls([1; 32], 0, 1_000), PATHS_IN_A_BLOCK);
}

#[test]
fn a_year_ends_with_what_the_past_would_bring_on_average() {
    let history = history("salaried");
    let simulation = Simulation::of(&history);
    let (mut random, mut flows) = (ChaCha8Rng::from_seed([2; 32]), [0; WEEKS * 7]);
    let mut total = 0;
    for _ in 0..2_000 {
        simulation.draw(&mut random, &mut flows);
        total += flows[..DAYS].iter().sum::<i64>();
    }
    let mean = total / 2_000;
    let past = sum(&history, |_| true) * 365 / i64::try_from(history.days()).unwrap();
    assert!((mean - past).abs() < 40_000, "{mean} and {past} cents");
}

#[test]
fn twelve_months_cover_the_year_whatever_day_it_begins_on() {
    let mut person = person("salaried");
    let (from, to) = (person.from, person.to);
    for shift in 0..1_461_i64 {
        person.from = from.checked_add(shift.days()).unwrap();
        person.to = to.checked_add(shift.days()).unwrap();
        person.transactions.iter_mut().for_each(|one| one.on = person.to);
        person.transactions[0].on = person.from;
        let (_, _) = History::of(&person);
        let starts: Vec<Date> =
            (0..=12).map(|ahead| start_after(person.to, ahead).unwrap()).collect();
        let days = days_between(starts[0], starts[12]);
        assert!((DAYS..=DAYS + 1).contains(&days), "{}: {days} days", person.to);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn more_money_never_means_more_shortfalls(more in 0_i64..500_000, seed in any::<[u8; 32]>(), who in 0..5_usize) {
        let mut history = history(NAMES[who]);
        let before = Simulation::of(&history).shortfalls(seed, 0, 64);
        history.available += more;
        prop_assert!(Simulation::of(&history).shortfalls(seed, 0, 64) <= before);
    }

    #[test]
    fn blocks_do_not_know_each_other(seed in any::<[u8; 32]>(), block in 0_u32..1_000) {
        let simulation = Simulation::of(&history("freelancer"));
        let first = simulation.shortfalls(seed, block, 64);
        let _other = simulation.shortfalls(seed, block + 1, 256);
        prop_assert_eq!(simulation.shortfalls(seed, block, 64), first);
    }
}
