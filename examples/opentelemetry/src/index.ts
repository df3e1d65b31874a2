import { metrics, trace } from "@opentelemetry/api"
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { createSink, createTableSql, type Sink } from "@singlesink/core"
import { database, fetch } from "./database.js"
import { observeWithOpenTelemetry } from "./opentelemetry.js"

// In your service these are the exporters of your backend. They are registered before the sink is created.
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })],
})
const tracers = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())],
})
metrics.setGlobalMeterProvider(meters)
trace.setGlobalTracerProvider(tracers)

const table = "segment_data"
await database.exec(createTableSql({ table }))
const sink: Sink = createSink({
  transport: database,
  table,
  observe: observeWithOpenTelemetry({
    meter: metrics.getMeter("singlesink"),
    tracer: trace.getTracer("singlesink"),
    database: database.database,
    table,
    stats: () => sink.stats(),
  }),
})

const timestamp = new Date()
await sink.writeBatch([
  { messageId: "t1", type: "track", event: "Signed Up", userId: "u1", timestamp },
  { messageId: "t2", type: "track", event: "Signed Up", userId: "u2", timestamp: "yesterday" },
])

await sink.close()
await fetch.close()
await meters.shutdown()
await tracers.shutdown()
