import { type Batch, createBatcher, type Pending, splitBatch } from "./batcher.ts"
import { ConfigError, EventError, isSinkError, type SinkError } from "./errors.ts"
import type { AnalyticsEvent } from "./event.ts"
import { createInsert } from "./insert.ts"
import { type SinkOptions, toSinkOptions } from "./options.ts"
import { type Outcome, stored, toOutcome } from "./outcome.ts"
import type { InsertReply } from "./port.ts"
import { createRowEncoder, type Row } from "./row.ts"

/** Counts since the sink was made. Always: received = stored + refused + failed + pending. */
export interface Stats {
  /** Events that write() and deliver() were given. */
  received: number
  /** Events that are in the table, duplicates included. */
  stored: number
  /** Stored events whose id was in the table before. */
  duplicates: number
  refused: number
  failed: number
  /** Events without an outcome yet. */
  pending: number
  /** Requests sent, and the rows and body bytes in them. */
  requests: number
  rows: number
  bytes: number
  /** Batches that were cut in two after an answer. */
  splits: number
}

/** The thing that stores events. */
export interface Sink {
  /**
   * Resolves when the row is committed: a query that starts then sees it.
   *
   * @throws EventError where this event can never be stored, ConfigError or DeliveryError where it is not stored yet
   */
  write(event: AnalyticsEvent): Promise<void>
  /** One outcome for each event, in the same order; it never rejects because of an event. */
  deliver(events: readonly AnalyticsEvent[]): Promise<Outcome[]>
  stats(): Stats
}

/**
 * A sink for one table.
 *
 * @throws ConfigError that lists every mistake in the options
 */
export function createSink(options: SinkOptions): Sink {
  const { api, table, columns, limits } = toSinkOptions(options)
  const encode = createRowEncoder(columns)
  const insert = createInsert(table, columns, api.database)
  const batcher = createBatcher(insert, limits, store)
  const stats = createStats()

  function accept(event: unknown, settle: (outcome: Outcome) => void): void {
    stats.received++
    stats.pending++
    const count = (outcome: Outcome) => {
      stats.pending--
      stats[outcome.status]++
      settle(outcome)
    }
    try {
      batcher.add({ row: toFittingRow(event), settle: count })
    } catch (error) {
      count(toOutcome(toSinkError(error)))
    }
  }

  function toFittingRow(event: unknown): Row {
    const row = encode(event)
    const bytes = insert.baseBytes + insert.bytesOf(row)
    if (bytes > limits.maxBytes) throw tooLargeAlone(bytes, `the limit of ${limits.maxBytes} bytes`)
    return row
  }

  async function store(batch: Batch): Promise<void> {
    let reply: InsertReply
    try {
      reply = await send(batch)
    } catch (thrown) {
      const error = toSinkError(thrown)
      // A refused insert stored nothing, so the rows that are not to blame can be sent again.
      if (error.name === "EventError" && batch.pending.length > 1) return storeHalves(batch)
      return settleAll(batch.pending, toOutcome(error))
    }
    if ("rowsAffected" in reply) {
      stats.duplicates += Math.max(0, batch.pending.length - reply.rowsAffected)
      return settleAll(batch.pending, stored)
    }
    if (batch.pending.length > 1) return storeHalves(batch)
    settleAll(batch.pending, toOutcome(tooLargeAlone(batch.bytes, "what the server takes")))
  }

  function send({ pending, bytes }: Batch): Promise<InsertReply> {
    stats.requests++
    stats.rows += pending.length
    stats.bytes += bytes
    const body = insert.toBody(pending.map(({ row }) => row))
    return api.send({ body, bytes, rows: pending.length, repeatable: true })
  }

  async function storeHalves(batch: Batch): Promise<void> {
    stats.splits++
    for (const half of splitBatch(batch, insert)) await store(half)
  }

  return {
    write: event =>
      new Promise((resolve, reject) => {
        accept(event, outcome => (outcome.status === "stored" ? resolve() : reject(outcome.error)))
      }),
    deliver: events =>
      new Promise(resolve => {
        const outcomes = new Array<Outcome>(events.length)
        let open = events.length
        if (open === 0) resolve(outcomes)
        for (const [index, event] of events.entries()) {
          accept(event, outcome => {
            outcomes[index] = outcome
            if (--open === 0) resolve(outcomes)
          })
        }
      }),
    stats: () => ({ ...stats }),
  }
}

function settleAll(pending: readonly Pending[], outcome: Outcome): void {
  for (const { settle } of pending) settle(outcome)
}

function createStats(): Stats {
  return {
    received: 0,
    stored: 0,
    duplicates: 0,
    refused: 0,
    failed: 0,
    pending: 0,
    requests: 0,
    rows: 0,
    bytes: 0,
    splits: 0,
  }
}

function tooLargeAlone(bytes: number, limit: string): EventError {
  return new EventError({
    code: "row_too_large",
    message: `The event makes a request of ${bytes} bytes, more than ${limit}. Send less in it.`,
  })
}

/** A port may throw only the three errors; anything else is a mistake in the port, and its text may hold values. */
function toSinkError(thrown: unknown): SinkError {
  if (isSinkError(thrown)) return thrown
  return new ConfigError({
    code: "unknown_answer",
    message:
      "The api's send threw something that is none of the three errors. Mend the api that createSink was given.",
  })
}
