// The only file of the model that uses the sink's own names, so a change of the public API changes only this file.
import { ConfigError, DeliveryError, EventError, type SinkError } from "../errors.ts"
import type { Event } from "../event/event.ts"
import type { Outcome } from "../outcome.ts"
import { type AbortSignalLike, createSink } from "../sink.ts"
import type { InsertResult } from "../transport.ts"

export type ModelEvent = Event & { readonly [field: string]: unknown }

/** What the model knows about an error. */
interface Fault {
  name: string
  code: string
  message: string
  ambiguous: boolean
}

/** The outcome of one event. */
export type Result = { status: "stored" } | { status: "rejected" | "failed"; error: Fault }

/** The answers of the model's transport. `nonsense` breaks the contract of a transport. */
export type Answer =
  | { status: "inserted"; rowsAffected: number }
  | { status: "too_large" }
  | { status: "error"; fault: FaultName }
  | { status: "nonsense" }

type FaultName = "value" | "page" | "unknown" | "unknown2" | "denied" | "lost" | "busy" | "locked"

export interface SinkSettings {
  deduplicate?: boolean
  bisect?: "sequential" | "parallel"
  retry?: { baseDelayMs?: number; maxAttempts?: number } | false
  onAmbiguous?: "retry" | "fail"
  limits?: {
    maxRows?: number
    maxBytes?: number
    maxInFlight?: number
    lingerMs?: number
    lingerWhenIdle?: boolean
    deliveryTimeoutMs?: number
  }
  now: () => number
  /** Undefined for a runtime without timers. */
  sleep: ((milliseconds: number, wake: () => void) => () => void) | undefined
  random: () => number
  observe?: (event: object) => void
  send(request: { body: string; bytes: number; rows: number }): Promise<Answer>
}

export interface SinkCounts {
  received: number
  stored: number
  rejected: number
  failed: number
  pending: number
}

export interface ModelSink {
  /** Never rejects. */
  write(event: ModelEvent): Promise<Result>
  writeBatch(events: readonly ModelEvent[], signal?: AbortSignalLike): Promise<Result[]>
  flush(): Promise<void>
  close(deadlineMs?: number): Promise<ModelEvent[]>
  counts(): SinkCounts
}

const message = "Said by the model's transport."

/** The errors that a transport answers with, by what they mean. */
const faults: Readonly<Record<FaultName, () => SinkError>> = {
  /** A known error about a value: nothing is stored. */
  value: () => new EventError({ code: "value_rejected", engineCode: 1406, message }),
  /** An error that the client has no name for: nothing is stored. */
  unknown: () => new ConfigError({ code: "unexpected_response", engineCode: 9001, message: "Error 9001." }),
  unknown2: () => new ConfigError({ code: "unexpected_response", engineCode: 9002, message: "Error 9002." }),
  /** A firewall answers because of one row: nothing is stored. */
  page: () => new DeliveryError({ code: "not_from_database", status: 403, message }),
  /** A configuration error that every request meets. */
  denied: () => new ConfigError({ code: "access_denied", engineCode: 1045, message }),
  /** The request may have been committed. */
  lost: () => new DeliveryError({ code: "connection_lost", ambiguous: true, message }),
  /** The request was not committed. */
  busy: () => new DeliveryError({ code: "overloaded", status: 429, retryAfterMs: 700, message }),
  locked: () => new DeliveryError({ code: "lock_timeout", engineCode: 1205, message }),
}

export function createModelSink(settings: SinkSettings): ModelSink {
  const { now, sleep, random, send, ...options } = settings
  const sink = createSink({
    ...options,
    transport: { database: "db", send: async request => toInsertResult(await send(request)) },
    runtime: { now, sleep, random },
  })
  return {
    write: event =>
      sink.write(event).then(
        () => ({ status: "stored" }),
        error => toResult({ status: error?.name === "EventError" ? "rejected" : "failed", error }),
      ),
    writeBatch: async (events, signal) => (await sink.writeBatch(events, { signal })).map(toResult),
    flush: () => sink.flush(),
    close: async deadlineMs => (await sink.close({ deadlineMs })).undelivered as ModelEvent[],
    counts() {
      const { received, stored, rejected, failed, pending } = sink.stats()
      return { received, stored, rejected, failed, pending }
    },
  }
}

function toInsertResult(answer: Answer): InsertResult {
  if (answer.status === "error") return { status: "error", error: faults[answer.fault]() }
  if (answer.status !== "nonsense") return answer
  throw new TypeError("Not one of the three errors.")
}

function toResult(outcome: Outcome): Result {
  if (outcome.status === "stored") return { status: "stored" }
  return { status: outcome.status, error: toFault(outcome.error) }
}

function toFault(error: SinkError): Fault {
  const { name, code, message, ambiguous } = error
  return { name, code, message, ambiguous }
}
