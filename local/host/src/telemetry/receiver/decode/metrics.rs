//! Figures.

use std::sync::Arc;

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::KeyValue,
    metrics::v1::{
        AggregationTemporality, Exemplar, HistogramDataPoint, Metric, NumberDataPoint,
        SummaryDataPoint, metric::Data, number_data_point::Value,
    },
};

use super::{Decoded, buckets, of_resource, of_scope, values};
use crate::telemetry::model::{Distribution, Figure, Origin, Point};

pub(super) fn decode(request: ExportMetricsServiceRequest, decoded: &mut Decoded) {
    for of_one in request.resource_metrics {
        let resource = of_resource(of_one.resource);
        for of_library in of_one.scope_metrics {
            let origin = of_scope(&resource, of_library.scope);
            for sent in of_library.metrics {
                metric(&origin, sent, decoded);
            }
        }
    }
}

/// What a data point says of itself, whatever its kind.
struct About {
    kind: &'static str,
    is_delta: bool,
    attributes: Vec<KeyValue>,
    start_ns: u64,
    at_ns: u64,
    exemplars: Vec<Exemplar>,
}

fn metric(origin: &Arc<Origin>, sent: Metric, decoded: &mut Decoded) {
    let Metric { name, description, unit, data, .. } = sent;
    let point = |(about, figure): (About, Figure)| Point {
        origin: Arc::clone(origin),
        name: name.clone(),
        unit: unit.clone(),
        description: description.clone(),
        kind: about.kind,
        attributes: values::attributes(about.attributes),
        start_ns: about.start_ns,
        at_ns: about.at_ns,
        is_delta: about.is_delta,
        figure,
        exemplars: about
            .exemplars
            .into_iter()
            .map(|exemplar| values::attributes(exemplar.filtered_attributes))
            .filter(|attributes| !attributes.is_empty())
            .collect(),
    };
    let Some(data) = data else {
        decoded.rejected.push(format!("the metric {name} of {} has no data", origin.service));
        return;
    };
    decoded.points.extend(figures(data).into_iter().map(point));
}

fn figures(data: Data) -> Vec<(About, Figure)> {
    match data {
        Data::Gauge(gauge) => gauge
            .data_points
            .into_iter()
            .filter_map(|point| number("gauge", false, point))
            .collect(),
        Data::Sum(sum) => {
            let is_delta = is_delta(sum.aggregation_temporality);
            let kind = if sum.is_monotonic { "counter" } else { "sum" };
            let points = sum.data_points.into_iter();
            points.filter_map(|point| number(kind, is_delta, point)).collect()
        }
        Data::Histogram(histogram) => {
            let is_delta = is_delta(histogram.aggregation_temporality);
            let points = histogram.data_points.into_iter();
            points.map(|point| distribution(is_delta, point)).collect()
        }
        Data::ExponentialHistogram(histogram) => {
            let is_delta = is_delta(histogram.aggregation_temporality);
            let point = |mut point: buckets::Exponential| {
                let about = About {
                    kind: "histogram",
                    is_delta,
                    attributes: std::mem::take(&mut point.attributes),
                    start_ns: point.start_time_unix_nano,
                    at_ns: point.time_unix_nano,
                    exemplars: std::mem::take(&mut point.exemplars),
                };
                (about, Figure::Distribution(buckets::explicit(&point)))
            };
            histogram.data_points.into_iter().map(point).collect()
        }
        Data::Summary(summary) => summary.data_points.into_iter().map(quantiles).collect(),
    }
}

fn is_delta(temporality: i32) -> bool {
    temporality == AggregationTemporality::Delta as i32
}

fn number(kind: &'static str, is_delta: bool, point: NumberDataPoint) -> Option<(About, Figure)> {
    let number = match point.value? {
        Value::AsDouble(number) => number,
        #[expect(clippy::cast_precision_loss, reason = "shown to people")]
        Value::AsInt(number) => number as f64,
    };
    let about = About {
        kind,
        is_delta,
        attributes: point.attributes,
        start_ns: point.start_time_unix_nano,
        at_ns: point.time_unix_nano,
        exemplars: point.exemplars,
    };
    Some((about, Figure::Number(number)))
}

fn distribution(is_delta: bool, point: HistogramDataPoint) -> (About, Figure) {
    let figure = Distribution {
        count: point.count,
        sum: point.sum.unwrap_or_default(),
        min: point.min,
        max: point.max,
        bounds: point.explicit_bounds,
        counts: point.bucket_counts,
    };
    let about = About {
        kind: "histogram",
        is_delta,
        attributes: point.attributes,
        start_ns: point.start_time_unix_nano,
        at_ns: point.time_unix_nano,
        exemplars: point.exemplars,
    };
    (about, Figure::Distribution(figure))
}

/// A summary has made its quantiles already; only count and sum are kept.
fn quantiles(point: SummaryDataPoint) -> (About, Figure) {
    let figure = Distribution { count: point.count, sum: point.sum, ..Distribution::default() };
    let about = About {
        kind: "summary",
        is_delta: false,
        attributes: point.attributes,
        start_ns: point.start_time_unix_nano,
        at_ns: point.time_unix_nano,
        exemplars: Vec::new(),
    };
    (about, Figure::Distribution(figure))
}
