//! The latest figures of each service.

use std::collections::BTreeSet;

use askama::Template;
use serde::Serialize;

use super::{
    Visit,
    frame::Frame,
    moments::{clock, moment},
    span_view::text,
};
use crate::telemetry::model::{Attributes, Figure, Series, Summary};

#[derive(Template, Serialize)]
#[template(path = "metrics.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Metrics {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    services: BTreeSet<String>,
    /// The service asked for; missing: all.
    service: Option<String>,
    metrics: Vec<MetricView>,
    forgotten: crate::telemetry::Forgotten,
}

/// One metric with one set of attributes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetricView {
    service: String,
    name: String,
    unit: String,
    description: String,
    /// `counter`, `sum`, `gauge`, `histogram` or `summary`.
    kind: &'static str,
    attributes: Attributes,
    /// Of a number.
    value: Option<f64>,
    /// Of a distribution; quantiles are estimates from its buckets.
    distribution: Option<Summary>,
    at: String,
    resource: Attributes,
    scope: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exemplars: Vec<Attributes>,
}

impl Metrics {
    pub(super) fn of(visit: &Visit) -> Self {
        let telemetry = &visit.page.platform.telemetry;
        let series = telemetry.series();
        let service = visit.query("service").map(str::to_owned);
        let is_wanted = |series: &&Series| {
            service.as_ref().is_none_or(|service| *service == series.origin.service)
        };
        Self {
            frame: Frame::new(visit, "Metrics", "metrics"),
            services: series.iter().map(|series| series.origin.service.clone()).collect(),
            metrics: series.iter().filter(is_wanted).map(MetricView::new).collect(),
            service,
            forgotten: telemetry.forgotten(),
        }
    }

    fn has(&self, service: &str) -> bool {
        self.service.as_deref() == Some(service)
    }
}

impl MetricView {
    fn new(series: &Series) -> Self {
        let (value, distribution) = match series.figure() {
            Figure::Number(number) => (Some(number), None),
            Figure::Distribution(distribution) => (None, Some(distribution.summary())),
        };
        Self {
            service: series.origin.service.clone(),
            name: series.name.clone(),
            unit: series.unit.clone(),
            description: series.description.clone(),
            kind: series.kind,
            attributes: series.attributes.clone(),
            value,
            distribution,
            at: moment(series.at_ns),
            resource: series.origin.resource.clone(),
            scope: series.origin.scope.clone(),
            exemplars: series.exemplars.clone(),
        }
    }

    fn clock(&self) -> String {
        clock(&self.at)
    }

    /// `name=value …`
    fn about(&self) -> String {
        let pair = |(name, value): (&String, &serde_json::Value)| format!("{name}={}", text(value));
        self.attributes.iter().map(pair).collect::<Vec<_>>().join("  ")
    }

    /// The number, or how many values there were.
    fn figure(&self) -> String {
        match (&self.distribution, self.value) {
            (Some(summary), _) => summary.count.to_string(),
            (None, Some(number)) => short(number),
            (None, None) => String::new(),
        }
    }

    fn quantile(&self, of: impl Fn(&Summary) -> Option<f64>) -> String {
        self.distribution.as_ref().and_then(of).map(short).unwrap_or_default()
    }

    fn p50(&self) -> String {
        self.quantile(|summary| summary.p50)
    }

    fn p95(&self) -> String {
        self.quantile(|summary| summary.p95)
    }

    fn p99(&self) -> String {
        self.quantile(|summary| summary.p99)
    }

    fn sum(&self) -> String {
        self.distribution.as_ref().map(|summary| short(summary.sum)).unwrap_or_default()
    }
}

/// Enough digits to tell figures apart.
fn short(number: f64) -> String {
    if number.fract() == 0.0 || !number.is_finite() {
        format!("{number}")
    } else if number.abs() < 1.0 {
        format!("{number:.4}")
    } else {
        format!("{number:.2}")
    }
}
