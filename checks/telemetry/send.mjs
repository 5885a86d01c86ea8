// Sends a trace, a log record and figures with the official SDK: `node send.mjs ENDPOINT json|protobuf`.
// What is sent is what send.py sends; check.py looks at what has arrived.
import { SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const [endpoint, encoding] = process.argv.slice(2);
const service = `node-${encoding}`;
const resource = resourceFromAttributes({ "service.name": service, "service.version": "1.2" });
const isJson = encoding === "json";
const exporter = new (isJson ? JsonExporter : ProtobufExporter)({ url: `${endpoint}/v1/traces`, compression: isJson ? "none" : "gzip" });
const tracers = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
const loggers = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor(new OTLPLogExporter({ url: `${endpoint}/v1/logs` }))],
});
const meters = new MeterProvider({
  resource,
  readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }) })],
  views: [{ instrumentName: "exponential", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
});

const tracer = tracers.getTracer("check", "0.1");
const root = tracer.startSpan("GET /cakes/{id}", { kind: SpanKind.SERVER });
const within = trace.setSpan(context.active(), root);
const child = tracer.startSpan("read cakes", {
  kind: SpanKind.CLIENT,
  attributes: { text: "crème brûlée", whole: 7, real: 1.5, flag: true, list: ["a", "b"], empty: [] },
  links: [{ context: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 } }],
}, within);
child.addEvent("retried", { attempt: 2 });
child.setStatus({ code: SpanStatusCode.ERROR, message: "sold out" });
loggers.getLogger("check").emit({
  severityNumber: SeverityNumber.WARN, severityText: "WARN", body: "no cake left", attributes: { left: 0 },
  context: trace.setSpan(within, child),
});
child.end();
root.end();
const meter = meters.getMeter("check");
meter.createCounter("sold", { unit: "{cake}" }).add(3, { kind: "sponge" });
for (const name of ["wait", "exponential"]) {
  const wait = meter.createHistogram(name, { unit: "s" });
  for (let second = 1; second <= 100; second++) wait.record(second);
}
for (const provider of [tracers, loggers, meters]) await provider.shutdown();
console.log(root.spanContext().traceId);
