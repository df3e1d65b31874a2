import { type Attributes, type Meter, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api"
import type { ObserverEvent, Stats } from "@singlesink/core"

export interface Observed {
  meter: Meter
  tracer: Tracer
  database: string
  table: string
  /** Is asked at each export: `() => sink.stats()`. */
  stats: () => Stats
  /** The clock of the spans, in epoch milliseconds. @default Date.now */
  now?: () => number
}

/** Turns what a sink tells of its work into metrics, and each request into a span. */
export function observeWithOpenTelemetry(observed: Observed): (event: ObserverEvent) => void {
  const { meter, database, table } = observed
  const attributes: Attributes = {
    "db.system.name": "singlestore",
    "db.namespace": database,
    "db.collection.name": table,
  }
  const histogram = (name: string, unit: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries } })
  const duration = histogram(
    "db.client.operation.duration",
    "s",
    [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  )
  const batchRows = histogram("singlesink.batch.rows", "{row}", [1, 10, 100, 500, 1_000, 2_500, 5_000])
  const batchSize = histogram("singlesink.batch.size", "By", [1e3, 1e4, 1e5, 2.5e5, 5e5, 7.5e5, 1e6])
  const retries = meter.createCounter("singlesink.retries", { unit: "{request}" })
  const splits = meter.createCounter("singlesink.splits", { unit: "{batch}" })
  const state: State = { breaker: "closed", reducedLimit: undefined }
  observeStats(observed, attributes, state)

  return event => {
    if (event.type === "request") {
      const insert: Attributes = { ...attributes, "db.operation.name": "INSERT" }
      if (event.code !== undefined) insert["error.type"] = event.code
      duration.record(event.milliseconds / 1_000, insert)
      recordSpan(observed, event, insert)
    } else if (event.type === "batch") {
      const batch = { ...attributes, "singlesink.batch.reason": event.reason }
      batchRows.record(event.rows, batch)
      batchSize.record(event.bytes, batch)
    } else if (event.type === "retry") retries.add(1, { ...attributes, "error.type": event.code })
    else if (event.type === "split") splits.add(1, { ...attributes, "error.type": event.code })
    else if (event.type === "breaker") state.breaker = event.state
    else if (event.type === "reduced_limit") state.reducedLimit = event.maxBytes
  }
}

interface State {
  breaker: "closed" | "half_open" | "open"
  reducedLimit: number | undefined
}

/** One callback for all of it, so that the numbers of an export are of one moment and add up. */
function observeStats({ meter, stats }: Observed, attributes: Attributes, state: State): void {
  const events = meter.createObservableCounter("singlesink.events", { unit: "{event}" })
  const duplicates = meter.createObservableCounter("singlesink.events.duplicates", { unit: "{event}" })
  const pending = meter.createObservableUpDownCounter("singlesink.events.pending", { unit: "{event}" })
  const breaker = meter.createObservableGauge("singlesink.breaker.state")
  const reducedLimit = meter.createObservableGauge("singlesink.reduced_limit", { unit: "By" })
  meter.addBatchObservableCallback(
    result => {
      const counts = stats()
      for (const outcome of ["stored", "rejected", "failed"] as const) {
        result.observe(events, counts[outcome], { ...attributes, "singlesink.outcome": outcome })
      }
      result.observe(duplicates, counts.duplicates, attributes)
      result.observe(pending, counts.pending, attributes)
      for (const name of ["closed", "half_open", "open"]) {
        const isNow = name === state.breaker ? 1 : 0
        result.observe(breaker, isNow, { ...attributes, "singlesink.breaker.state": name })
      }
      // Without a value an SDK may keep reporting the last one.
      result.observe(reducedLimit, state.reducedLimit ?? 0, attributes)
    },
    [events, duplicates, pending, breaker, reducedLimit],
  )
}

type Request = Extract<ObserverEvent, { type: "request" }>

/** Records the span of a request that has ended. */
function recordSpan({ tracer, table, now = Date.now }: Observed, request: Request, insert: Attributes): void {
  const endedAt = now()
  const span = tracer.startSpan(`INSERT ${table}`, {
    kind: SpanKind.CLIENT,
    // A batch has events of many callers, so it belongs to no trace of theirs.
    root: true,
    startTime: new Date(endedAt - request.milliseconds),
    attributes: {
      ...insert,
      "singlesink.request.attempt": request.attempt,
      "singlesink.request.rows": request.rows,
      "singlesink.request.size": request.bytes,
      "singlesink.request.duplicates": request.duplicates,
      "singlesink.request.ambiguous": request.ambiguous,
    },
  })
  if (request.code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: request.code })
  span.end(new Date(endedAt))
}
