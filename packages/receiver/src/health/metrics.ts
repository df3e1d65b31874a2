import type { ObserverEvent, Stats } from "@singlesink/core"
import { Counter, Gauge, Histogram, Registry } from "prom-client"
import type { Table } from "../delivery/tables.ts"

export interface Metrics {
  /** In the text format of Prometheus. */
  render(): Promise<string>
  readonly contentType: string
  /** Reports what a sink observes. */
  observeSink(table: string, event: ObserverEvent): void
  /** Reports an answered call. */
  observeCall(route: string, method: string, statusCode: number, seconds: number): void
  /** Reports how long the events of a call took from their arrival to their commit. */
  observeCommit(table: string, seconds: number): void
}

/** From a commit on the same machine to the timeout of an answer. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * The counters of sinks by their names in Stats. The names of all metrics follow
 * https://prometheus.io/docs/practices/naming/, those of HTTP follow
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/.
 */
const counters = [
  ["duplicates", "singlesink_duplicates_total", "Stored events whose id was in the table before"],
  ["violations", "singlesink_violations_total", "Events that violate their schema"],
  ["rows", "singlesink_sent_rows_total", "Rows sent, counted once for each request"],
  ["bytes", "singlesink_sent_bytes_total", "Bytes of request bodies sent to the database"],
  ["retries", "singlesink_retries_total", "Requests that repeated a failed one"],
  ["splits", "singlesink_splits_total", "Batches that were split after an answer"],
  [
    "ambiguous",
    "singlesink_ambiguous_requests_total",
    "Requests that may have been committed without an answer",
  ],
] as const satisfies readonly (readonly [keyof Stats, string, string])[]

/** The gauges of sinks by their names in Stats. */
const tableGauges = [
  ["queuedRows", "singlesink_queued_rows", "Rows that wait for a request"],
  ["queuedBytes", "singlesink_queued_bytes", "Bytes of rows that wait for a request"],
] as const satisfies readonly (readonly [keyof Stats, string, string])[]

const outcomes = ["stored", "rejected", "failed"] as const

/** What is counted elsewhere and is read when the metrics are. */
export interface MetricSources {
  readonly tables: () => readonly Table[]
  /** Events of calls that have no answer. */
  readonly pendingEvents: () => number
  /** Requests to the database that have no answer. */
  readonly requestsInFlight: () => number
}

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]

  const calls = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Duration of calls, by route and status",
    labelNames: ["http_route", "http_request_method", "http_response_status_code"] as const,
    buckets: seconds,
    registers,
  })
  const latency = new Histogram({
    name: "singlesink_commit_duration_seconds",
    help: "Time from the arrival of a call to the commit of its events",
    labelNames: ["table"] as const,
    buckets: seconds,
    registers,
  })
  const requests = new Histogram({
    name: "singlesink_request_duration_seconds",
    help: "Duration of requests to the database; code is empty if the rows were stored",
    labelNames: ["table", "code"] as const,
    buckets: seconds,
    registers,
  })
  const batches = new Counter({
    name: "singlesink_batches_total",
    help: "Batches, by why they were closed",
    labelNames: ["table", "reason"] as const,
    registers,
  })
  new Counter({
    name: "singlesink_events_total",
    help: "Events, by their outcome",
    labelNames: ["table", "outcome"] as const,
    registers,
    collect() {
      this.reset()
      for (const { name, sink } of sources.tables()) {
        const stats = sink.stats()
        for (const outcome of outcomes) this.inc({ table: name, outcome }, stats[outcome])
      }
    },
  })
  for (const [member, name, help] of counters) {
    new Counter({
      name,
      help,
      labelNames: ["table"] as const,
      registers,
      collect() {
        this.reset()
        for (const { name, sink } of sources.tables()) this.inc({ table: name }, sink.stats()[member])
      },
    })
  }
  for (const [member, name, help] of tableGauges) {
    new Gauge({
      name,
      help,
      labelNames: ["table"] as const,
      registers,
      collect() {
        for (const { name, sink } of sources.tables()) this.set({ table: name }, sink.stats()[member])
      },
    })
  }
  const gauges = [
    ["singlesink_pending_events", "Events of calls that have no answer", sources.pendingEvents],
    ["singlesink_requests_in_flight", "Requests to the database without an answer", sources.requestsInFlight],
    ["process_resident_memory_bytes", "Resident memory of the process", process.memoryUsage.rss],
  ] as const
  for (const [name, help, read] of gauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }

  return {
    render: () => registry.metrics(),
    contentType: registry.contentType,
    observeSink(table, event) {
      if (event.type === "batch") batches.inc({ table, reason: event.reason })
      if (event.type === "request") {
        requests.observe({ table, code: event.code ?? "" }, event.milliseconds / 1_000)
      }
    },
    observeCall(route, method, statusCode, duration) {
      const labels = {
        http_route: route,
        http_request_method: method,
        http_response_status_code: statusCode,
      }
      calls.observe(labels, duration)
    },
    observeCommit: (table, duration) => latency.observe({ table }, duration),
  }
}
