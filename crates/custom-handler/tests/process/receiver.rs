//! Receives telemetry over OTLP (HTTP, protobuf), as a collector does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::{
    HistogramDataPoint, Metric, metric, number_data_point,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// Longest wait for telemetry; a test that reaches it has failed.
const DEADLINE: Duration = Duration::from_secs(20);

/// What came so far.
#[derive(Default, Clone, Debug)]
pub(crate) struct Received {
    pub(crate) spans: Vec<Span>,
    pub(crate) records: Vec<LogRecord>,
    pub(crate) metrics: Vec<Metric>,
    /// Of whoever sent them.
    pub(crate) resource: Vec<KeyValue>,
    /// All of it as it came.
    pub(crate) bytes: Vec<u8>,
    /// How many requests there were.
    pub(crate) requests: usize,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<(Mutex<Received>, Condvar)>,
}

impl Receiver {
    /// One that answers everything with this status.
    pub(crate) fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let received: Arc<(Mutex<Received>, Condvar)> = Arc::default();
        let shared = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, received) = (stream.unwrap(), Arc::clone(&shared));
                // It ends when the sender is killed.
                std::thread::spawn(move || while take(&stream, &received, status).is_some() {});
            }
        });
        Self { url, received }
    }

    /// What has come as soon as it is enough.
    pub(crate) fn once(&self, is_enough: impl Fn(&Received) -> bool) -> Received {
        let (received, news) = &*self.received;
        let waiting = |received: &mut Received| !is_enough(received);
        let (received, waited) =
            news.wait_timeout_while(received.lock().unwrap(), DEADLINE, waiting).unwrap();
        assert!(!waited.timed_out(), "not enough came: {received:#?}");
        received.clone()
    }
}

fn take(stream: &TcpStream, received: &(Mutex<Received>, Condvar), status: u16) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(target) = line.strip_prefix("POST ") {
            path = target.split(' ').next()?.to_owned();
        } else if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        } else if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (lock, news) = received;
    lock.lock().unwrap().add(&path, &body);
    news.notify_all();
    write!(&*stream, "HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n").ok()
}

impl Received {
    fn add(&mut self, path: &str, body: &[u8]) {
        self.requests += 1;
        self.bytes.extend_from_slice(body);
        match path {
            "/v1/traces" => {
                for one in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
                    self.resource = one.resource.unwrap().attributes;
                    self.spans.extend(one.scope_spans.into_iter().flat_map(|scope| scope.spans));
                }
            }
            "/v1/logs" => {
                for one in ExportLogsServiceRequest::decode(body).unwrap().resource_logs {
                    let scopes = one.scope_logs.into_iter();
                    self.records.extend(scopes.flat_map(|scope| scope.log_records));
                }
            }
            "/v1/metrics" => {
                for one in ExportMetricsServiceRequest::decode(body).unwrap().resource_metrics {
                    let scopes = one.scope_metrics.into_iter();
                    self.metrics.extend(scopes.flat_map(|scope| scope.metrics));
                }
            }
            other => panic!("nothing is sent to {other}"),
        }
    }

    pub(crate) fn span(&self, name: &str) -> Option<&Span> {
        self.spans.iter().find(|span| span.name == name)
    }

    pub(crate) fn record(&self, body: &str) -> Option<&LogRecord> {
        let has = |record: &&LogRecord| text(record.body.as_ref()) == body;
        self.records.iter().find(has)
    }

    /// The latest points of a histogram.
    pub(crate) fn histogram(&self, name: &str) -> Option<&[HistogramDataPoint]> {
        let found = self.metrics.iter().rev().find(|metric| metric.name == name)?;
        match found.data.as_ref()? {
            metric::Data::Histogram(histogram) => Some(&histogram.data_points),
            _ => None,
        }
    }

    /// The latest number of a counter, all series together.
    pub(crate) fn counter(&self, name: &str) -> Option<i64> {
        let found = self.metrics.iter().rev().find(|metric| metric.name == name)?;
        let metric::Data::Sum(sum) = found.data.as_ref()? else { return None };
        let number = |value: &Option<number_data_point::Value>| match value {
            Some(number_data_point::Value::AsInt(number)) => *number,
            other => panic!("{other:?} is no count"),
        };
        Some(sum.data_points.iter().map(|point| number(&point.value)).sum())
    }
}

/// Attributes as `name=value`, in the order of their names.
pub(crate) fn attributes(attributes: &[KeyValue]) -> Vec<String> {
    let mut all: Vec<String> =
        attributes.iter().map(|one| format!("{}={}", one.key, text(one.value.as_ref()))).collect();
    all.sort();
    all
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => format!("{other:?}"),
    }
}

/// As text, as traceparents have it.
pub(crate) fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
