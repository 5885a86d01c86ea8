//! Load for `bench/`, in a process of its own: what it needs is not counted as that of who is measured.
//!
//! `bench-load closed` asks as fast as it is answered, over so many connections. `bench-load open` asks at a fixed rate,
//! whether or not there were answers: an answer takes from the moment at which it was due to be asked for, so that who
//! stops for a second is late for all who came in that second (no coordinated omission). `bench-load sink` takes
//! telemetry, and counts it. Each prints one line of JSON.

mod connection;
mod pace;
mod report;
mod sink;

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::{Args, Parser, Subcommand};

use pace::Pace;

#[derive(Parser)]
#[command(name = "bench-load", about = "Asks a handler over and over")]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// As fast as it is answered
    Closed {
        #[command(flatten)]
        asked: Asked,
    },
    /// At a fixed rate, answered or not
    Open {
        #[command(flatten)]
        asked: Asked,
        /// Requests a second
        #[arg(long)]
        rate: f64,
    },
    /// Takes telemetry until its standard input ends
    Sink,
}

#[derive(Args)]
struct Asked {
    /// A port on this machine
    #[arg(long)]
    port: u16,
    /// A file with a request in each line, asked in turn: its path, and behind tabs its headers
    #[arg(long, value_name = "FILE")]
    requests: PathBuf,
    /// Connections, each with one request at a time
    #[arg(long, default_value_t = 16)]
    connections: usize,
    #[arg(long)]
    seconds: f64,
    /// The status of a right answer
    #[arg(long, default_value_t = 200)]
    status: u16,
}

fn main() -> ExitCode {
    let answered = match Cli::parse().what {
        What::Closed { asked } => load(&asked, Pace::AsAnswered),
        What::Open { asked, rate } => load(&asked, Pace::Rate(rate)),
        What::Sink => sink::run(),
    };
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn load(asked: &Asked, pace: Pace) -> io::Result<()> {
    let text = fs::read_to_string(&asked.requests)?;
    let requests: Vec<Vec<u8>> = text.lines().map(connection::request).collect();
    if requests.is_empty() || asked.connections == 0 {
        return Err(io::Error::other("name at least one request and one connection"));
    }
    let task = pace::Task {
        port: asked.port,
        requests,
        connections: asked.connections,
        time: Duration::from_secs_f64(asked.seconds),
        status: asked.status,
    };
    writeln!(io::stdout(), "{}", report::of(&pace::ask(&task, pace)))
}
