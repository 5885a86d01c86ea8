//! Where it is measured.

use std::{fs, thread, time::Duration};

use super::results::Machine;

/// For so long it is watched what others do.
const WATCHED: Duration = Duration::from_secs(2);
const KIB_IN_GIB: f64 = 1024.0 * 1024.0;

/// This machine, and how busy it is before we begin. What the system does not tell is said to be unknown.
pub(crate) fn here() -> Machine {
    let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpus = text("/proc/cpuinfo");
    let processor = value(&cpus, "model name").unwrap_or("unknown").to_owned();
    let memory = text("/proc/meminfo");
    let kib = value(&memory, "MemTotal").and_then(|value| value.split(' ').next());
    let kib: f64 = kib.and_then(|kib| kib.parse().ok()).unwrap_or_default();
    let release = text("/proc/sys/kernel/osrelease");
    let version: String = release.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    Machine {
        processor,
        cores: thread::available_parallelism().map_or(0, usize::from),
        memory_gib: (kib / KIB_IN_GIB * 10.0).round() / 10.0,
        kernel: format!("{} {version}", std::env::consts::OS),
        busy_before_percent: busy_percent(&text),
    }
}

fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let found = text.lines().filter_map(|line| line.split_once(':'));
    found.into_iter().find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

fn busy_percent(text: &impl Fn(&str) -> String) -> f64 {
    let before = times(&text("/proc/stat"));
    thread::sleep(WATCHED);
    let after = times(&text("/proc/stat"));
    let (idle, all) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    if all == 0 { 0.0 } else { ((1.0 - idle as f64 / all as f64) * 100.0).round() }
}

/// Ticks in which all cores had nothing to do, and all ticks.
fn times(stat: &str) -> (u64, u64) {
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    // Nothing to do, and waiting for a disk: proc(5).
    let idle = ticks.iter().skip(3).take(2).sum();
    (idle, ticks.iter().take(8).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_ticks_are_those_without_work() {
        assert_eq!(times("cpu  10 1 5 80 4 0 0 0 0 0\ncpu0 1 1 1 1\n"), (84, 100));
    }

    #[test]
    fn a_value_is_found_by_its_name() {
        assert_eq!(value("a : 1\nmodel name\t: X 9\n", "model name"), Some("X 9"));
    }
}
