//! When what is asked.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::connection::Connection;

/// Requests that are due are still begun for so long after the end; later ones were not answered.
const GRACE: Duration = Duration::from_millis(500);
/// Connections are there before the first request is due.
const BEGINS_IN: Duration = Duration::from_millis(50);

/// What is asked of whom.
pub(crate) struct Task {
    pub(crate) port: u16,
    /// The bytes of requests, asked in turn.
    pub(crate) requests: Vec<Vec<u8>>,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
    /// The status of a right answer.
    pub(crate) status: u16,
}

/// When a request is due.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// When its connection is free.
    AsAnswered,
    /// So many a second, from the beginning.
    Rate(f64),
}

/// What came of a task.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// How long each answer took, from the moment at which it was due to be asked for; at least so long for those that
    /// were never begun.
    pub(crate) took: Vec<Duration>,
    /// How late a request was sent although a connection waited for it: what this program itself adds.
    pub(crate) late: Vec<Duration>,
    pub(crate) answered: usize,
    /// Other statuses, and connections that broke.
    pub(crate) errors: usize,
    /// Requests that were due, and for which there was no connection until the end.
    pub(crate) unanswered: usize,
    /// From the first moment due until the last answer.
    pub(crate) time: Duration,
}

/// Asks, each connection in a thread of its own.
pub(crate) fn ask(task: &Task, pace: Pace) -> Told {
    let (turns, begins) = (AtomicUsize::new(0), Instant::now() + BEGINS_IN);
    let mut told = thread::scope(|scope| {
        let one = || scope.spawn(|| on_one_connection(task, pace, &turns, begins));
        let threads: Vec<_> = (0..task.connections).map(|_| one()).collect();
        let ended = threads.into_iter().map(|thread| thread.join().expect("no client panics"));
        ended.fold(Told::default(), Told::and)
    });
    told.time = begins.elapsed();
    told
}

fn on_one_connection(task: &Task, pace: Pace, turns: &AtomicUsize, begins: Instant) -> Told {
    let (mut connection, mut told) = (Connection::new(task.port), Told::default());
    let ends = begins + task.time;
    loop {
        let turn = turns.fetch_add(1, Ordering::Relaxed);
        let free_at = Instant::now();
        let due = match pace {
            Pace::AsAnswered => free_at.max(begins),
            Pace::Rate(rate) => begins + Duration::from_secs_f64(turn as f64 / rate),
        };
        if due >= ends {
            return told;
        }
        thread::sleep(due.saturating_duration_since(free_at));
        let asked_at = Instant::now();
        if asked_at > ends + GRACE {
            told.unanswered += 1;
            told.took.push(asked_at - due);
            continue;
        }
        if free_at <= due {
            told.late.push(asked_at - due);
        }
        match connection.ask(&task.requests[turn % task.requests.len()]) {
            Ok(status) if status == task.status => told.answered += 1,
            _ => told.errors += 1,
        }
        told.took.push(due.elapsed());
    }
}

impl Told {
    fn and(mut self, other: Self) -> Self {
        self.took.extend(other.took);
        self.late.extend(other.late);
        self.answered += other.answered;
        self.errors += other.errors;
        self.unanswered += other.unanswered;
        self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers one connection, and takes a rest before the tenth answer.
    fn rests_once(rest: Duration) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut read = [0; 1024];
            for answer in 1.. {
                if !stream.read(&mut read).is_ok_and(|count| count > 0) {
                    return;
                }
                if answer == 10 {
                    thread::sleep(rest);
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
            }
        });
        port
    }

    fn waited(pace: Pace) -> (Told, usize) {
        let rest = Duration::from_millis(400);
        let task = Task {
            port: rests_once(rest),
            requests: vec![crate::connection::request("/")],
            connections: 1,
            time: Duration::from_secs(1),
            status: 200,
        };
        let told = ask(&task, pace);
        let long = told.took.iter().filter(|took| **took >= rest / 4).count();
        (told, long)
    }

    #[test]
    fn at_a_rate_everybody_who_was_due_during_a_rest_has_waited() {
        let (told, long) = waited(Pace::Rate(100.0));
        // A hundred a second: thirty are due in the first three quarters of the rest.
        assert!(long >= 25, "{long} waited");
        assert_eq!((told.errors, told.answered + told.unanswered), (0, 100));
    }

    #[test]
    fn as_fast_as_it_is_answered_only_one_meets_the_rest_which_is_why_both_are_told() {
        let (told, long) = waited(Pace::AsAnswered);
        assert_eq!(told.errors, 0);
        assert!(long >= 1, "nobody waited");
    }
}
