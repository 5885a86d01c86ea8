"""Sends a trace, a log record and figures with the official SDK: `send.py ENDPOINT`.

What is sent is what send.mjs sends; check.py looks at what has arrived.
"""

import sys

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

endpoint = sys.argv[1]
resource = Resource({"service.name": "python", "service.version": "1.2"})
tracers = TracerProvider(resource=resource)
tracers.add_span_processor(
    BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", compression=Compression.Gzip))
)
loggers = LoggerProvider(resource=resource)
loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(endpoint=f"{endpoint}/v1/logs")))
exponential = View(
    instrument_type=Histogram, instrument_name="exponential", aggregation=ExponentialBucketHistogramAggregation()
)
reader = PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics"))
meters = MeterProvider(resource=resource, metric_readers=[reader], views=[exponential])

tracer = tracers.get_tracer("check", "0.1")
other = SpanContext(0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331, is_remote=True, trace_flags=TraceFlags(1))
attributes = {"text": "crème brûlée", "whole": 7, "real": 1.5, "flag": True, "list": ["a", "b"], "empty": []}
with tracer.start_as_current_span("GET /cakes/{id}", kind=SpanKind.SERVER) as root:
    with tracer.start_as_current_span(
        "read cakes", kind=SpanKind.CLIENT, attributes=attributes, links=[Link(other)]
    ) as child:
        child.add_event("retried", {"attempt": 2})
        child.set_status(Status(StatusCode.ERROR, "sold out"))
        loggers.get_logger("check").emit(
            severity_number=SeverityNumber.WARN, severity_text="WARN", body="no cake left", attributes={"left": 0}
        )
meter = meters.get_meter("check")
meter.create_counter("sold", unit="{cake}").add(3, {"kind": "sponge"})
for name in ("wait", "exponential"):
    wait = meter.create_histogram(name, unit="s")
    for second in range(1, 101):
        wait.record(second)
for provider in (tracers, loggers, meters):
    provider.shutdown()
print(trace.format_trace_id(root.get_span_context().trace_id))
