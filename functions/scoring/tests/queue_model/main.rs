//! How long a score waits: the model of docs/credit-capacity.md against theory, and against what `bench/credit/measure.py`
//! measured (`bench/credit/measured.json`).
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod model;

use model::{Instances, Model, by_chance, mean_time};
use serde_json::Value;

/// CPU seconds of a score in the requirement.
const WORK: f64 = 10.0;
/// Azure decides about instances every few seconds, and a new one starts in as many.
const SCALED: Instances = Instances::Scaled { every: 10.0, start: 10.0, most: 1_000 };

fn fixed(count: usize, cores: usize, batch_size: usize) -> Model {
    Model { work: WORK, cores, batch_size, poll: 0.0, instances: Instances::Fixed(count) }
}

/// Mean wait of M/M/c, by Erlang's C.
fn erlang_wait(per_second: f64, work: f64, servers: usize) -> f64 {
    let (load, c) = (per_second * work, servers as f64);
    // Erlang's B by its recursion, which has no factorials.
    let blocked = (1..=servers).fold(1.0, |b, n| load * b / (n as f64 + load * b));
    let waits = blocked / (1.0 - load / c * (1.0 - blocked));
    waits * work / (c - load)
}

/// Mean wait of M/D/c, by Cosmetatos' approximation.
fn theory_wait(per_second: f64, work: f64, servers: usize) -> f64 {
    let c = servers as f64;
    let busy = per_second * work / c;
    let correction = (1.0 - busy) * (c - 1.0) * ((4.0 + 5.0 * c).sqrt() - 2.0) / (16.0 * busy * c);
    erlang_wait(per_second, work, servers) / 2.0 * (1.0 + correction)
}

fn close(what: &str, found: f64, expected: f64, within: f64) {
    assert!((found / expected - 1.0).abs() <= within, "{what}: {found:.3} and {expected:.3}");
}

#[test]
fn one_server_waits_as_pollaczek_and_khinchine_say() {
    let busy = 0.8;
    let waited = mean_time(&fixed(1, 1, 1).run(&by_chance(1, busy / WORK, 400_000))) - WORK;
    close("M/D/1", waited, busy * WORK / (2.0 * (1.0 - busy)), 0.05);
}

#[test]
fn several_servers_wait_as_theory_says() {
    for (servers, busy) in [(2, 0.8), (4, 0.9), (20, 0.9), (125, 0.97)] {
        let per_second = busy * servers as f64 / WORK;
        let arrivals = by_chance(2, per_second, 400_000);
        let waited = mean_time(&fixed(servers, 1, 1).run(&arrivals)) - WORK;
        close(&format!("M/D/{servers}"), waited, theory_wait(per_second, WORK, servers), 0.1);
    }
}

#[test]
fn at_ten_and_a_hundred_a_second_and_four_fifths_busy_nobody_waits_for_a_core() {
    for (per_second, cores) in [(10.0, 125), (100.0, 1_250)] {
        let waited = mean_time(&fixed(cores, 1, 1).run(&by_chance(3, per_second, 100_000))) - WORK;
        assert!(waited < 0.1, "{per_second} a second: {waited} s");
    }
}

#[test]
fn sixteen_messages_in_the_hand_of_one_core_wait_for_each_other() {
    let arrivals = by_chance(4, 10.0, 60_000);
    let one = mean_time(&fixed(105, 1, 1).run(&arrivals));
    let sixteen = mean_time(&fixed(105, 1, 16).run(&arrivals));
    assert!(one < 10.6 && sixteen > 1.15 * one, "{one} s and {sixteen} s");
    // All at once, as after an outage: the last of a full hand waits for all others.
    let burst = vec![0.0; 16 * 125];
    let last = fixed(125, 1, 16).run(&burst).iter().map(|one| one.done).fold(0.0, f64::max);
    close("a full hand", last, 160.0, 1e-9);
}

#[test]
fn scaling_by_length_over_batch_size_settles_at_a_batch_for_each_core() {
    let arrivals = by_chance(5, 10.0, 40_000);
    let with = |cores, batch_size| {
        let model = Model { work: WORK, cores, batch_size, poll: 0.0, instances: SCALED };
        mean_time(&model.run(&arrivals)[20_000..])
    };
    let (one, two, sixteen) = (with(1, 1), with(2, 2), with(1, 16));
    assert!(one < 20.0 && two < 20.0, "{one} s, {two} s");
    // λ · work cores are needed, and length ÷ 16 asks for them when 16 · λ · work messages are there: by Little 160 s.
    assert!((110.0..=180.0).contains(&sixteen), "{sixteen} s");
    assert!(sixteen > 6.0 * one);
}

#[test]
fn it_predicts_what_was_measured() {
    let measured: Value =
        serde_json::from_str(include_str!("../../../../bench/credit/measured.json")).unwrap();
    for run in measured["runs"].as_array().unwrap() {
        let number = |name: &str| run[name].as_f64().unwrap();
        let list = |name: &str| -> Vec<f64> {
            run[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let cores = usize::try_from(run["cores"].as_u64().unwrap()).unwrap();
        let model = Model {
            work: number("workS"),
            cores,
            batch_size: usize::try_from(run["batchSize"].as_u64().unwrap()).unwrap(),
            poll: number("pollS"),
            instances: Instances::Fixed(1),
        };
        let (came, done) = (list("cameS"), list("doneS"));
        let times: Vec<f64> = done.iter().zip(&came).map(|(done, came)| done - came).collect();
        let found =
            times[times.len() / 10..].iter().sum::<f64>() / (times.len() - times.len() / 10) as f64;
        let predicted = mean_time(&model.run(&came));
        close(run["name"].as_str().unwrap(), predicted, found, 0.1);
    }
}
