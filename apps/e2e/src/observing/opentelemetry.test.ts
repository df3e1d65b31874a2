import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import {
  ConfigError,
  createSink,
  createTableSql,
  DeliveryError,
  isSinkError,
  type Sink,
  type SinkError,
  type SinkOptions,
  type Transport,
} from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { startEmulator } from "@singlesink/emulator"
import { describe, expect, onTestFinished, test } from "vitest"
import { observeWithOpenTelemetry } from "./opentelemetry.ts"
import { namesIn, tableOf } from "./page.ts"

const hidden = ["ada@example.com", "Signed Up", "tr0ub4dor", "pa55-right", "pa55-wrong", "VALUES"]
const eventOf = (id: number, timestamp = "2026-03-01T10:00:00.000Z") => ({
  ...{ type: "track", event: "Signed Up", messageId: `hidden-${id}`, timestamp },
  ...{ userId: "ada@example.com", properties: { secret: "tr0ub4dor" } },
})

/** A sink observed with the real SDKs, in memory. */
function createObserved(options: SinkOptions, now?: () => number) {
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 2 ** 31 - 1,
  })
  const meters = new MeterProvider({ readers: [reader] })
  const exporter = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  onTestFinished(async () => {
    await Promise.all([meters.shutdown(), tracers.shutdown()])
  })
  const sink: Sink = createSink({
    ...options,
    table: "segment_data",
    observe: observeWithOpenTelemetry({
      meter: meters.getMeter("singlesink"),
      tracer: tracers.getTracer("singlesink"),
      database: options.transport.database,
      table: "segment_data",
      stats: () => sink.stats(),
      ...(now && { now }),
    }),
  })
  async function collect(): Promise<MetricData[]> {
    const { resourceMetrics, errors } = await reader.collect()
    expect(errors).toEqual([])
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
  }
  return { sink, collect, spans: () => exporter.getFinishedSpans() }
}

const where = {
  "db.system.name": "singlestore",
  "db.namespace": "events",
  "db.collection.name": "segment_data",
}

/** The points of a metric: the distinguishing attributes and the value of each. */
function pointsOf(metrics: readonly MetricData[], name: string): [string, unknown][] {
  const metric = metrics.find(({ descriptor }) => descriptor.name === name)
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => {
    expect(attributes).toMatchObject(where)
    const own = Object.entries(attributes).filter(([key]) => !(key in where) && key !== "db.operation.name")
    return [own.map(([, text]) => text).join(" "), value]
  })
}

/** A transport that follows a script, and a clock that only the script and sleeps advance. */
function createScript(
  answers: [milliseconds: number, answer: SinkError | { rowsAffected?: number } | { status: "too_large" }][],
) {
  let time = Date.UTC(2026, 2, 1)
  const sizes: number[] = []
  const held: (() => void)[] = []
  let holds = false
  const transport: Transport = {
    database: "events",
    async send({ rows, bytes }) {
      sizes.push(bytes)
      const [milliseconds, answer] = answers.shift() ?? [0, {}]
      if (holds) await new Promise<void>(resolve => held.push(resolve))
      time += milliseconds
      if (isSinkError(answer)) return { status: "error", error: answer }
      if ("status" in answer) return answer
      return { status: "inserted", rowsAffected: answer.rowsAffected ?? rows }
    },
  }
  const now = () => time
  return {
    transport,
    sizes,
    now,
    runtime: {
      now,
      random: () => 0.5,
      sleep: (milliseconds: number, wake: () => void) => {
        let isCancelled = false
        queueMicrotask(() => {
          if (isCancelled) return
          time += milliseconds
          wake()
        })
        return () => {
          isCancelled = true
        }
      },
    },
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    hold: () => {
      holds = true
    },
    release: () => {
      for (const go of held.splice(0)) go()
    },
  }
}

const busy = new DeliveryError({ code: "overloaded", message: "tr0ub4dor" })
const lost = new DeliveryError({ code: "connection_lost", message: "tr0ub4dor", ambiguous: true })
const denied = new ConfigError({ code: "access_denied", message: "pa55-wrong" })

describe("a sink observed with OpenTelemetry", () => {
  /** Each kind of response once. The last request is still in progress. */
  async function run() {
    const script = createScript([
      [40, { rowsAffected: 2 }],
      [5, {}],
      [20, busy],
      [10, lost],
      [15, {}],
      [8, { status: "too_large" }],
      [4, {}],
      [4, {}],
      [2, denied],
      [6, {}],
    ])
    const observed = createObserved({ transport: script.transport, runtime: script.runtime }, script.now)
    const { sink } = observed
    await sink.writeBatch([eventOf(1), eventOf(2), eventOf(3)])
    await sink.writeBatch([eventOf(4), eventOf(5, "tr0ub4dor")])
    await sink.writeBatch([eventOf(6)])
    await sink.writeBatch([eventOf(7), eventOf(8)])
    await sink.writeBatch([eventOf(9)])
    await sink.writeBatch([eventOf(9)])
    const whileOpen = await observed.collect()
    script.pass(1_000)
    script.hold()
    const last = sink.writeBatch([eventOf(9)])
    await new Promise(resolve => setImmediate(resolve))
    const whileTrying = await observed.collect()
    script.release()
    await last
    return { ...observed, ...script, whileOpen, whileTrying, atLast: await observed.collect() }
  }

  test("The sink counts its events by outcome, and the counts add up to the received events", async () => {
    const { sink, whileTrying, atLast } = await run()
    expect(pointsOf(whileTrying, "singlesink.events")).toEqual([
      ["stored", 7],
      ["rejected", 1],
      ["failed", 2],
    ])
    expect(pointsOf(whileTrying, "singlesink.events.pending")).toEqual([["", 1]])
    expect(pointsOf(atLast, "singlesink.events")).toEqual([
      ["stored", 8],
      ["rejected", 1],
      ["failed", 2],
    ])
    expect(pointsOf(atLast, "singlesink.events.pending")).toEqual([["", 0]])
    expect(pointsOf(atLast, "singlesink.events.duplicates")).toEqual([["", 1]])
    expect(sink.stats().received).toBe(8 + 1 + 2)
  })

  test("The sink counts retries and splits by cause", async () => {
    const { atLast } = await run()
    expect(pointsOf(atLast, "singlesink.retries")).toEqual([
      ["overloaded", 1],
      ["connection_lost", 1],
    ])
    expect(pointsOf(atLast, "singlesink.splits")).toEqual([["too_large", 1]])
  })

  test("The sink measures its requests in seconds, and failed requests by error code", async () => {
    const { atLast } = await run()
    const points = pointsOf(atLast, "db.client.operation.duration")
    expect(points).toEqual([
      ["", expect.objectContaining({ count: 6, min: 0.004, max: 0.04 })],
      ["overloaded", expect.objectContaining({ count: 1, sum: 0.02 })],
      ["connection_lost", expect.objectContaining({ count: 1, sum: 0.01 })],
      ["too_large", expect.objectContaining({ count: 1, sum: 0.008 })],
      ["access_denied", expect.objectContaining({ count: 1, sum: 0.002 })],
    ])
    const stored = points[0]?.[1] as { sum: number; buckets: { boundaries: number[]; counts: number[] } }
    expect(stored.sum).toBeCloseTo(0.04 + 0.005 + 0.015 + 0.004 + 0.004 + 0.006, 12)
    expect(stored.buckets).toEqual({
      boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
      counts: [0, 3, 1, 2, 0, 0, 0, 0, 0, 0],
    })
  })

  test("The sink measures its batches in rows and bytes, by the reason for the cut", async () => {
    const { atLast, sizes } = await run()
    const [three = 0, one = 0] = sizes
    const two = sizes[5] ?? 0
    expect(pointsOf(atLast, "singlesink.batch.rows")).toEqual([
      ["write_batch", expect.objectContaining({ count: 7, sum: 3 + 2 + 5 * 1, min: 1, max: 3 })],
    ])
    expect(pointsOf(atLast, "singlesink.batch.size")).toEqual([
      [
        "write_batch",
        expect.objectContaining({ count: 7, sum: three + two + 5 * one, min: one, max: three }),
      ],
    ])
  })

  test("The metrics show the breaker's state and the learned limit", async () => {
    const { whileOpen, whileTrying, atLast, sizes } = await run()
    const stateOf = (metrics: MetricData[]) => pointsOf(metrics, "singlesink.breaker.state")
    expect(stateOf(whileOpen)).toEqual(Object.entries({ closed: 0, half_open: 0, open: 1 }))
    expect(stateOf(whileTrying)).toEqual(Object.entries({ closed: 0, half_open: 1, open: 0 }))
    expect(stateOf(atLast)).toEqual(Object.entries({ closed: 1, half_open: 0, open: 0 }))
    expect(pointsOf(atLast, "singlesink.reduced_limit")).toEqual([["", Math.ceil((sizes[5] ?? 0) / 2)]])
  })

  test("The metrics show no limit and a closed breaker at first, and no limit once it is forgotten", async () => {
    const { transport, runtime, pass, sizes } = createScript([[8, { status: "too_large" }]])
    const { sink, collect } = createObserved({ transport, runtime })
    const before = await collect()
    expect(pointsOf(before, "singlesink.breaker.state")).toEqual([
      ["closed", 1],
      ["half_open", 0],
      ["open", 0],
    ])
    expect(pointsOf(before, "singlesink.reduced_limit")).toEqual([["", 0]])
    await sink.writeBatch([eventOf(1), eventOf(2)])
    const learned = Math.ceil((sizes[0] ?? 0) / 2)
    expect(pointsOf(await collect(), "singlesink.reduced_limit")).toEqual([["", learned]])
    pass(300_000)
    await Promise.all([sink.writeBatch([eventOf(3)]), sink.writeBatch([eventOf(4)])])
    expect(pointsOf(await collect(), "singlesink.reduced_limit")).toEqual([["", 0]])
  })

  test("Each request becomes a span, from its start to its end", async () => {
    const { spans, sizes } = await run()
    const start = Date.UTC(2026, 2, 1)
    const found = spans().map(({ startTime, endTime, status, attributes }) => {
      const from = startTime[0] * 1_000 + startTime[1] / 1e6 - start
      const to = endTime[0] * 1_000 + endTime[1] / 1e6 - start
      const attempt = attributes["singlesink.request.attempt"]
      const rows = attributes["singlesink.request.rows"]
      return [from, to, attempt, rows, status.message ?? "stored"]
    })
    expect(found).toEqual([
      [0, 40, 1, 3, "stored"],
      [40, 45, 1, 1, "stored"],
      [45, 65, 1, 1, "overloaded"],
      [190, 200, 2, 1, "connection_lost"],
      [450, 465, 3, 1, "stored"],
      [465, 473, 1, 2, "too_large"],
      [473, 477, 1, 1, "stored"],
      [477, 481, 1, 1, "stored"],
      [481, 483, 1, 1, "access_denied"],
      [1_483, 1_489, 1, 1, "stored"],
    ])
    expect(spans().map(({ attributes }) => attributes["singlesink.request.size"])).toEqual(sizes)
  })

  test("A span contains the result of its request", async () => {
    const { spans, sizes } = await run()
    const [first, , , fourth] = spans()
    expect(first).toMatchObject({
      name: "INSERT segment_data",
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      parentSpanContext: undefined,
    })
    const request = { ...where, "db.operation.name": "INSERT" }
    expect(first?.attributes).toEqual({
      ...request,
      "singlesink.request.attempt": 1,
      "singlesink.request.rows": 3,
      "singlesink.request.size": sizes[0],
      "singlesink.request.duplicates": 1,
    })
    expect(fourth?.status).toEqual({ code: SpanStatusCode.ERROR, message: "connection_lost" })
    expect(fourth?.attributes).toEqual({
      ...request,
      "error.type": "connection_lost",
      "singlesink.request.attempt": 2,
      "singlesink.request.rows": 1,
      "singlesink.request.size": sizes[3],
      "singlesink.request.ambiguous": true,
    })
  })

  test("Requests stay out of the caller's trace", async () => {
    const { transport, runtime } = createScript([])
    const { sink, spans } = createObserved({ transport, runtime })
    const caller = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }
    const active = trace.setSpanContext(ROOT_CONTEXT, caller)
    context.setGlobalContextManager({
      active: () => active,
      with: (_, run, self, ...args) => run.apply(self, args),
      bind: (_, target) => target,
      enable() {
        return this
      },
      disable() {
        return this
      },
    })
    onTestFinished(() => context.disable())
    await sink.writeBatch([eventOf(1)])
    expect(spans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined])
    expect(spans()[0]?.spanContext().traceId).not.toBe(caller.traceId)
  })

  test("The sink exports the metrics that docs/observing.md lists, with these units and attributes", async () => {
    const { atLast } = await run()
    const exported = atLast.map(({ descriptor: { name, unit }, dataPoints }) => {
      const keys = new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))
      return [name, unit, [...keys].filter(key => !(key in where) && key !== "db.operation.name")]
    })
    const listed = tableOf("metric").map(([name, , unit, keys]) => [
      namesIn(name)[0],
      namesIn(unit)[0] ?? "",
      namesIn(keys),
    ])
    expect(exported.sort()).toEqual(listed.sort())
  })

  test("The exported data contains no value, no statement and no secret", async () => {
    const { spans, atLast } = await run()
    expect(toText(spans(), atLast)).not.toMatch(anyHidden)
  })
})

test("Over HTTP, spans and metrics show stored rows and denied requests, but no secret", async () => {
  await using emulator = await startEmulator({ password: "pa55-right" })
  const connect = (password: string) =>
    createDataApi({ url: emulator.url, username: "root", password, database: "events" })
  const api = connect("pa55-right")
  await api.exec(createTableSql({ table: "segment_data" }))
  const good = createObserved({ transport: api })
  await good.sink.writeBatch([eventOf(1), eventOf(2), eventOf(2)])
  const bad = createObserved({ transport: connect("pa55-wrong") })
  await bad.sink.writeBatch([eventOf(3)])

  const [stored, ...others] = good.spans()
  expect(others).toEqual([])
  expect(stored?.attributes).toMatchObject({
    "singlesink.request.rows": 3,
    "singlesink.request.duplicates": 1,
  })
  expect(bad.spans().map(({ status }) => status)).toEqual([
    { code: SpanStatusCode.ERROR, message: "access_denied" },
  ])
  const [goodMetrics, badMetrics] = [await good.collect(), await bad.collect()]
  expect(pointsOf(goodMetrics, "singlesink.events")[0]).toEqual(["stored", 3])
  expect(pointsOf(badMetrics, "singlesink.events")[2]).toEqual(["failed", 1])
  const text = toText([...good.spans(), ...bad.spans()], [...goodMetrics, ...badMetrics])
  expect(text).toContain("access_denied")
  expect(text).not.toMatch(anyHidden)
})

const anyHidden = new RegExp([...hidden, "hidden-"].join("|"))

/** Everything that an exporter would send. */
function toText(
  spans: ReturnType<InMemorySpanExporter["getFinishedSpans"]>,
  metrics: readonly MetricData[],
): string {
  const exported = spans.map(({ name, attributes, status, events, links }) => [
    name,
    attributes,
    status,
    events,
    links,
  ])
  return JSON.stringify([exported, metrics])
}
