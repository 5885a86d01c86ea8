//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use local_host::{
    AppSource, ExternalServices, FaultSpec, LogFormat, OTLP_PORT, Options, SimulatorSource,
};

use crate::{
    clock_command::ClockCommand,
    fault_command::{FaultCommand, RunningHost},
};

const AFTER_HELP: &str = "\
Without a command, the apps of the workspace around the current folder are run: every functions/<app> with
src/functions/<function>/function.json, and beside them the simulators: every local/simulators/<simulator> with
simulator.json. What is out of date is built. Settings come from the environment, then from local.settings.json beside
host.json, then from app.json of the app and functions/every-app.json, then from local.settings.sample.json.

Exit codes:
  0  ended by Ctrl-C, SIGTERM or SIGHUP
  1  could not start: a port is taken, no app, a broken host.json or contract, the data folder
  2  the command line is wrong
  3  an app did not compile

Examples:
  iommi                                  run everything at http://127.0.0.1:7071/
  iommi --data .local                    keep the data between runs
  iommi --instances shop=3               three handlers, requests in turn
  iommi fault add queue=stop             a running host's Queue hangs up on everybody
  iommi fault add weather=stop           the simulator of that name is not there
  iommi clock advance 31d                a running host's apps, timers and data are a month later
  iommi mock openapi.yaml                any OpenAPI document, answered from its examples
  iommi start ../my-node-app --port 0    any custom handler app, on a free port";

/// Runs Azure Functions custom handlers on this machine, with Cosmos DB, Blob and Queue beside them.
#[derive(Debug, Parser)]
#[command(name = "iommi", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the apps of this workspace (what happens without a command)
    Run {
        #[command(flatten)]
        run: RunArguments,
    },
    /// Run one app folder: host.json and function folders, in any language
    Start {
        /// The folder with host.json
        path: PathBuf,
        #[command(flatten)]
        run: RunArguments,
    },
    /// Answer from the examples of any OpenAPI 3 document, without an app
    Mock {
        /// The document, in YAML or JSON
        #[arg(value_name = "FILE.yaml")]
        file: PathBuf,
        /// The port on 127.0.0.1; 0 takes a free one
        #[arg(long, value_name = "PORT", default_value_t = 7079)]
        port: u16,
    },
    /// Simulate faults of a host that is running
    Fault {
        #[command(flatten)]
        host: RunningHost,
        #[command(subcommand)]
        fault: FaultCommand,
    },
    /// Travel in time with a host that is running
    Clock {
        #[command(flatten)]
        host: RunningHost,
        #[command(subcommand)]
        clock: ClockCommand,
    },
}

/// What both ways to run have in common.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct RunArguments {
    /// The gateway's port on 127.0.0.1; 0 takes a free one, and free ones for simulators and --otlp-port
    #[arg(long, value_name = "PORT", default_value_t = 7071)]
    port: u16,
    /// The port where OpenTelemetry is received (OTLP over HTTP), 4318 unless said otherwise; 0, as with --port 0, takes a free one
    #[arg(long, value_name = "PORT")]
    otlp_port: Option<u16>,
    /// Keep the data in this folder; without it every run begins empty, with a small sample
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Run N handler processes of an app; may be repeated
    #[arg(long, value_name = "APP=N", value_parser = instances)]
    instances: Vec<(String, usize)>,
    /// Stop a handler after so many seconds without a request
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    idle: u64,
    /// Write the log as JSON, one object per line
    #[arg(long)]
    json: bool,
    /// Ask for function, host and master keys as Azure does; they are new at each start and shown
    #[arg(long)]
    keys: bool,
    /// Send envelopes with a Content-Length, as `func start` does, instead of chunked, as Azure does
    #[arg(long)]
    sized_envelopes: bool,
    /// After an app's third crash start it anew, as Azure replaces a host instance; without it the app stays stopped
    #[arg(long)]
    replace_crashed: bool,
    /// Simulate a fault from the beginning, for example cosmos=throttle:next:5; may be repeated
    #[arg(long, value_name = "FAULT")]
    fault: Vec<FaultSpec>,
    /// Cosmos DB's port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8081, help_heading = "Data services")]
    cosmos_port: u16,
    /// Blob's port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 10_000, help_heading = "Data services")]
    blob_port: u16,
    /// Queue's port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 10_001, help_heading = "Data services")]
    queue_port: u16,
    /// The port of Event Hubs over HTTP; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 5300, help_heading = "Data services")]
    event_hubs_port: u16,
    /// The port of Event Hubs over AMQP; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 5672, help_heading = "Data services")]
    amqp_port: u16,
    /// Use Cosmos DB of another process (with local-data: http://127.0.0.1:8081/) instead of the one inside
    #[arg(long, value_name = "URL", requires_all = ["blob_url", "queue_url", "event_hubs_url"], help_heading = "Data services")]
    cosmos_url: Option<String>,
    /// Use Blob of another process (http://127.0.0.1:10000/devstoreaccount1)
    #[arg(long, value_name = "URL", requires_all = ["cosmos_url", "queue_url", "event_hubs_url"], help_heading = "Data services")]
    blob_url: Option<String>,
    /// Use Queue of another process (http://127.0.0.1:10001/devstoreaccount1)
    #[arg(long, value_name = "URL", requires_all = ["cosmos_url", "blob_url", "event_hubs_url"], help_heading = "Data services")]
    queue_url: Option<String>,
    /// Use Event Hubs of another process (http://127.0.0.1:5300/)
    #[arg(long, value_name = "URL", requires_all = ["cosmos_url", "blob_url", "queue_url"], help_heading = "Data services")]
    event_hubs_url: Option<String>,
    /// Go by the clock of the host that has the data services: the file clock-offset-ms in its data folder
    #[arg(long, value_name = "FILE", requires = "cosmos_url", help_heading = "Data services")]
    clock_file: Option<PathBuf>,
}

impl RunArguments {
    /// The host's options; an app in `--instances` that does not exist is an error.
    pub(crate) fn into_options(
        self,
        mut apps: Vec<AppSource>,
        simulators: Vec<SimulatorSource>,
    ) -> Result<Options, String> {
        for (name, count) in self.instances {
            let Some(app) = apps.iter_mut().find(|app| app.name == name) else {
                let known: Vec<_> = apps.iter().map(|app| app.name.as_str()).collect();
                return Err(format!(
                    "--instances {name}={count}: there is no app {name}; there are: {}",
                    known.join(", ")
                ));
            };
            app.instances = count;
        }
        let urls = (self.cosmos_url, self.blob_url, self.queue_url, self.event_hubs_url);
        let services = match urls {
            (Some(cosmos), Some(blob), Some(queue), Some(event_hubs)) => {
                Some(ExternalServices { cosmos, blob, queue, event_hubs })
            }
            // One alone has been refused already.
            _ => None,
        };
        Ok(Options {
            apps,
            simulators,
            services,
            clock_file: self.clock_file,
            http_port: self.port,
            otlp_port: self.otlp_port.unwrap_or(if self.port == 0 { 0 } else { OTLP_PORT }),
            data: local_data::Options {
                cosmos: self.cosmos_port,
                blob: self.blob_port,
                queue: self.queue_port,
                event_hubs: self.event_hubs_port,
                amqp: self.amqp_port,
                data: self.data,
                ..local_data::Options::default()
            },
            idle_timeout: Duration::from_secs(self.idle),
            log: if self.json { LogFormat::Json } else { LogFormat::Human },
            keys: self.keys,
            faults: self.fault,
            envelope_content_length: self.sized_envelopes,
            replace_crashed: self.replace_crashed,
            ..Options::default()
        })
    }
}

/// The most instances that make sense on one machine.
const INSTANCES_MAX: usize = 100;

fn instances(text: &str) -> Result<(String, usize), String> {
    let parsed =
        text.split_once('=').and_then(|(app, count)| Some((app.to_owned(), count.parse().ok()?)));
    parsed
        .filter(|(app, count)| !app.is_empty() && (1..=INSTANCES_MAX).contains(count))
        .ok_or_else(|| format!("write APP=N with N from 1 to {INSTANCES_MAX}, for example shop=3"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_command() {
        let port = |arguments: &[&str]| {
            let cli = Cli::try_parse_from([&["iommi"], arguments].concat()).unwrap();
            match cli.command {
                None => cli.run.port,
                Some(Command::Run { run } | Command::Start { run, .. }) => run.port,
                Some(Command::Fault { .. } | Command::Clock { .. } | Command::Mock { .. }) => {
                    unreachable!("no port is asked for")
                }
            }
        };
        assert_eq!(port(&[]), 7071);
        assert_eq!(port(&["--port", "0"]), 0);
        assert_eq!(port(&["run", "--port", "1"]), 1);
        assert_eq!(port(&["start", "x", "--port", "2"]), 2);
    }

    #[test]
    fn instances_name_an_app_that_exists() {
        let run =
            |text: &str| Cli::try_parse_from(["iommi", "--instances", text]).map(|cli| cli.run);
        assert!(run("shop").is_err());
        assert!(run("shop=0").is_err());
        let error = run("shop=2").unwrap().into_options(Vec::new(), Vec::new()).unwrap_err();
        assert!(error.contains("there is no app shop"), "{error}");
    }

    #[test]
    fn data_services_elsewhere_are_named_all_or_none() {
        let parse = |arguments: &[&str]| {
            Cli::try_parse_from([&["iommi"], arguments].concat()).map(|cli| cli.run)
        };
        assert!(parse(&["--cosmos-url", "http://127.0.0.1:1/"]).is_err());
        let all =
            ["--cosmos-url", "c", "--blob-url", "b", "--queue-url", "q", "--event-hubs-url", "e"];
        assert!(parse(&all[..6]).is_err());
        let options = parse(&all).unwrap().into_options(Vec::new(), Vec::new()).unwrap();
        assert_eq!(options.services.unwrap().queue, "q");
        assert!(
            parse(&[]).unwrap().into_options(Vec::new(), Vec::new()).unwrap().services.is_none()
        );
    }
}
