//! A simulator as a process tells of the requests that belong to a trace, and of no others.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use simulator_shell::{
    Faults, Fieldset, HangUp, Reply, Request, Settings, Simulator, StatusCode, reply, start,
};

/// How long the simulator may take for anything.
const SOON: Duration = Duration::from_secs(20);
/// What makes this test binary a simulator.
const MARK: &str = "IOMMI_TEST_SIMULATOR";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

simulator_shell::faults! {
    /// Nothing goes wrong.
    struct NoFaults {}
}

impl Faults for NoFaults {
    fn fieldsets() -> Vec<Fieldset> {
        Vec::new()
    }
}

struct Lottery;

impl Simulator for Lottery {
    type Faults = NoFaults;
    const NAME: &'static str = "lottery";
    const TITLE: &'static str = "Lottery";
    const ABOUT: &'static str = "Draws numbers.";

    async fn api(&self, _request: Request, _faults: NoFaults) -> Result<Reply, HangUp> {
        Ok(reply::json(StatusCode::OK, &"won"))
    }
}

/// No test but the simulator, when the test below starts it.
#[test]
fn acts_as_a_simulator() {
    if std::env::var_os(MARK).is_some() {
        let run = async |settings: Settings| start(Lottery, settings.options("LOTTERY", 0)?).await;
        let _ = simulator_shell::run(run, |running| running.stop());
    }
}

/// A simulator that ends with the test.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(receiver: &TcpListener) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["acts_as_a_simulator", "--exact", "--nocapture"])
            .env(MARK, "yes")
            .env("PORT", "0")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", receiver.local_addr().unwrap()))
            .env("OTEL_SERVICE_NAME", "lottery")
            .env("OTEL_BSP_SCHEDULE_DELAY", "10")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.map(Result::unwrap).find_map(|line| {
            line.split_once("http://").map(|(_, address)| address.trim_end_matches('/').to_owned())
        });
        Self { child, address: said.expect("it says where it is") }
    }

    fn ask(&self, path: &str, headers: &str) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first request that comes, answered well: its head and its body.
fn received(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0].to_ascii_lowercase());
    }
    let head = String::from_utf8(head).unwrap();
    let (_, rest) = head.split_once("content-length: ").unwrap();
    let length = rest.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    (head, body)
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_request_of_a_trace_becomes_a_span_of_it_without_ids_in_its_name() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let lottery = Process::start(&receiver);
    lottery.ask("/of-no-trace", "");
    let parent = format!("traceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\n");
    lottery.ask("/draws/4711?name=aino", &parent);
    let (head, body) = received(&receiver);
    assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
    assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    assert!(has(&body, b"GET /draws/{id}") && has(&body, b"lottery"));
    assert!(has(&body, &u128::from_str_radix(TRACE, 16).unwrap().to_be_bytes()));
    assert!(has(&body, &0x00f0_67aa_0ba9_02b7_u64.to_be_bytes()), "the client's span is its parent");
    assert!(!has(&body, b"4711") && !has(&body, b"aino") && !has(&body, b"of-no-trace"));
}
