//! The instruments of OpenTelemetry behind the figures; there are none where nothing is exported.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter};
use opentelemetry::{KeyValue, Value};

use crate::metric::{Kind, Label, Metric};

/// Bounds of the buckets of figures in seconds: those of the semantic conventions for requests, and further, since what
/// people or machines wait for may take hours.
const SECONDS: [f64; 20] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0,
    300.0, 1_800.0, 7_200.0, 86_400.0,
];

static INSTRUMENTS: OnceLock<Instruments> = OnceLock::new();

struct Instruments {
    meter: Meter,
    by_name: RwLock<HashMap<&'static str, Instrument>>,
}

#[derive(Clone)]
enum Instrument {
    Counter(Counter<u64>),
    Histogram(Histogram<f64>),
    Gauge(Gauge<f64>),
}

/// From now on figures go here too. The first time counts.
pub(crate) fn install(meter: Meter) {
    let _ = INSTRUMENTS.set(Instruments { meter, by_name: RwLock::default() });
}

/// Whether figures go anywhere but into lines.
pub(crate) fn are_there() -> bool {
    INSTRUMENTS.get().is_some()
}

pub(crate) fn add(metric: &Metric, count: u64, labels: &[(&'static str, Label)]) {
    let Some(instruments) = INSTRUMENTS.get() else { return };
    if let Instrument::Counter(counter) = instruments.of(metric) {
        counter.add(count, &attributes(labels));
    }
}

pub(crate) fn record(metric: &Metric, value: f64, labels: &[(&'static str, Label)]) {
    let Some(instruments) = INSTRUMENTS.get() else { return };
    match instruments.of(metric) {
        Instrument::Histogram(histogram) => histogram.record(value, &attributes(labels)),
        Instrument::Gauge(gauge) => gauge.record(value, &attributes(labels)),
        // A counter counts whole things.
        Instrument::Counter(_) => {}
    }
}

impl Instruments {
    fn of(&self, metric: &Metric) -> Instrument {
        let known = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(instrument) = known.get(metric.name) {
            return instrument.clone();
        }
        drop(known);
        let mut known = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(metric.name).or_insert_with(|| self.made(metric)).clone()
    }

    fn made(&self, metric: &Metric) -> Instrument {
        let Metric { name, unit, description, .. } = *metric;
        match metric.kind {
            Kind::Counter => {
                let counter = self.meter.u64_counter(name).with_unit(unit);
                Instrument::Counter(counter.with_description(description).build())
            }
            Kind::Gauge => {
                let gauge = self.meter.f64_gauge(name).with_unit(unit);
                Instrument::Gauge(gauge.with_description(description).build())
            }
            Kind::Histogram => {
                let histogram = self.meter.f64_histogram(name).with_unit(unit);
                let histogram = histogram.with_description(description);
                Instrument::Histogram(match unit {
                    "s" => histogram.with_boundaries(SECONDS.to_vec()).build(),
                    _ => histogram.build(),
                })
            }
        }
    }
}

fn attributes(labels: &[(&'static str, Label)]) -> Vec<KeyValue> {
    let value = |label: &Label| match label {
        Label::Text(text) => Value::String(text.clone().into()),
        Label::Number(number) => Value::I64(*number),
        Label::Flag(flag) => Value::Bool(*flag),
    };
    labels.iter().map(|(name, label)| KeyValue::new(*name, value(label))).collect()
}
