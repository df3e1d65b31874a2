import type { Batch } from "./batch.ts"
import { createBatcher } from "./batcher.ts"
import { createBreaker } from "./breaker.ts"
import { createCap } from "./cap.ts"
import { ConfigError, DeliveryError } from "./errors.ts"
import type { AnalyticsEvent } from "./event.ts"
import { createInsert } from "./insert.ts"
import { createIntake } from "./intake.ts"
import { layouts } from "./layout.ts"
import { toObserver } from "./observe.ts"
import { type SinkOptions, toSinkOptions } from "./options.ts"
import { type Outcome, toOutcome } from "./outcome.ts"
import { createReceipt, type Receipt, settleReceipt } from "./receipt.ts"
import { toThrown } from "./reply.ts"
import { createRowReader } from "./row.ts"
import { isDivisible, searches } from "./search.ts"
import { createSender } from "./sender.ts"
import { createStats, type Stats } from "./stats.ts"

/** The part of an AbortSignal that is used here. */
export interface Signal {
  readonly aborted: boolean
  addEventListener(type: "abort", listener: () => void): void
  removeEventListener(type: "abort", listener: () => void): void
}

/** The thing that stores events. */
export interface Sink {
  /**
   * Resolves when the row is committed: a query that starts then sees it. A row may linger for others.
   *
   * @throws EventError where this event can never be stored, ConfigError or DeliveryError where it is not stored yet
   */
  write(event: AnalyticsEvent): Promise<void>
  /**
   * One outcome for each event, in the same order; it never rejects because of an event, and nothing lingers. On
   * `abort` what has no outcome yet fails with `aborted`, ambiguous where a request may have been carried out.
   */
  deliver(events: readonly AnalyticsEvent[], options?: { signal?: Signal | undefined }): Promise<Outcome[]>
  /** Resolves when the queue has room: `await sink.ready(); sink.write(event).catch(…)` streams without end. */
  ready(): Promise<void>
  /** Lets nothing linger, and resolves when every event that is here has its outcome. */
  flush(): Promise<void>
  /**
   * Takes no more events, cuts sleeps before retries short and resolves when every event has its outcome. At the
   * deadline, in milliseconds from now, what is left comes back, and its writes reject with `closed`. A runtime
   * without timers knows no deadline.
   */
  close(options?: { deadlineMs?: number | undefined }): Promise<{ leftover: AnalyticsEvent[] }>
  /** True at every moment: received = stored + refused + failed + pending. */
  stats(): Stats
}

/**
 * A sink for one table.
 *
 * @throws ConfigError that lists every mistake in the options
 */
export function createSink(sinkOptions: SinkOptions): Sink {
  const options = toSinkOptions(sinkOptions)
  const { api, table, columns, limits, runtime } = options
  const layout = layouts[options.layout]
  const observe = options.observe && toObserver(options.observe)
  const insert = createInsert(table, columns, api.database, layout, runtime)
  const stats = createStats()
  const cap = createCap(limits.maxBytes, runtime, observe)
  const breaker = createBreaker(runtime, observe)
  const { repeatable } = layout
  const search = searches[options.search]
  const sender = createSender({
    options,
    insert,
    repeatable,
    runtime,
    breaker,
    cap,
    stats,
    observe,
    settle: settleBatch,
  })
  const batcher = createBatcher({ insert, limits, runtime, observe, maxBytes: cap.maxBytes, send: store })
  const readRow = createRowReader(columns, layout, runtime)
  const take = createIntake({ readRow, columns, insert, maxBytes: limits.maxBytes, runtime, batcher, settle })
  const leftover: AnalyticsEvent[] = []
  const now = limits.maxAgeMs === Number.POSITIVE_INFINITY ? () => 0 : runtime.now
  /** Once the sink takes no more events: when all that it had taken have their outcome. */
  let drained: Promise<void> | undefined

  function settle(receipt: Receipt, first: number, count: number, outcome: Outcome): number {
    const settled = settleReceipt(receipt, first, count, outcome)
    stats.pending -= settled
    stats[outcome.status] += settled
    return settled
  }

  function settleBatch(batch: Batch, outcome: Outcome): number {
    let settled = 0
    for (const { receipt, first, rows } of batch.chunks) settled += settle(receipt, first, rows, outcome)
    return settled
  }

  async function store(batch: Batch): Promise<void> {
    try {
      const startedAt = runtime.now()
      for (const unstored of await sender.send(batch, { startedAt, requests: Number.POSITIVE_INFINITY })) {
        const found = isDivisible(unstored) ? await search(unstored, sender, startedAt) : [unstored]
        for (const { batch, error } of found) settleBatch(batch, toOutcome(error))
      }
    } catch (thrown) {
      // Only a runtime of the caller's can have thrown this; nobody may wait for ever because of it.
      settleBatch(batch, toOutcome(toThrown(thrown)))
    }
  }

  function accept(receipt: Receipt): void {
    stats.received += receipt.open
    stats.pending += receipt.open
    if (drained === undefined) take(receipt)
    else giveUp(new Set([receipt]), "closed")
  }

  /** Gives the events that have no outcome one which says that nobody works on them any more. */
  function giveUp(receipts: ReadonlySet<Receipt>, code: "aborted" | "closed"): void {
    for (const { chunks } of sender.uncertain) {
      for (const { receipt, first, rows } of chunks) {
        if (receipts.has(receipt)) settle(receipt, first, rows, toGivenUp(code, true))
      }
    }
    for (const receipt of receipts) settle(receipt, 0, receipt.events.length, toGivenUp(code, false))
    batcher.prune()
  }

  /** Ends what is left, and keeps it in the order it came. */
  function giveBack(): void {
    const receipts = new Set(batcher.unfinished().flatMap(({ chunks }) => chunks.map(chunk => chunk.receipt)))
    for (const { events, outcomes } of receipts) {
      for (const [index, event] of events.entries()) if (outcomes[index] === undefined) leftover.push(event)
    }
    giveUp(receipts, "closed")
  }

  async function close(deadlineMs?: number): Promise<{ leftover: AnalyticsEvent[] }> {
    checkDeadline(deadlineMs)
    if (drained === undefined) {
      // Before anything is sent: what is written from now on is not taken.
      drained = Promise.resolve()
      sender.hurry()
      drained = batcher.flush()
    }
    // A longer time than timers can wait is as good as none.
    const cancel =
      deadlineMs === undefined || deadlineMs > maxTimerMs ? undefined : runtime.sleep?.(deadlineMs, giveBack)
    await drained
    cancel?.()
    return { leftover }
  }

  return {
    write: event =>
      new Promise((resolve, reject) => {
        const done = ([outcome]: readonly Outcome[]) => {
          if (outcome?.status === "stored") resolve()
          else reject(outcome?.error)
        }
        accept(createReceipt([event], true, done, now()))
      }),
    deliver: (events, { signal } = {}) =>
      new Promise(resolve => {
        if (events.length === 0) return resolve([])
        const done = (outcomes: Outcome[]) => {
          signal?.removeEventListener("abort", abort)
          resolve(outcomes)
        }
        const receipt = createReceipt(events.slice(), false, done, now())
        const abort = () => giveUp(new Set([receipt]), "aborted")
        signal?.addEventListener("abort", abort)
        accept(receipt)
        if (signal?.aborted) abort()
      }),
    ready: batcher.ready,
    flush: batcher.flush,
    close: ({ deadlineMs } = {}) => close(deadlineMs),
    stats() {
      const { queuedRows, queuedBytes } = batcher.queued()
      const { received, stored, duplicates, refused, failed, pending, ambiguous } = stats
      const { requests, rows, bytes, retries, splits } = stats
      // Member by member: a host may ask before each event, and spreading the counts costs more than a row.
      return {
        received,
        stored,
        duplicates,
        refused,
        failed,
        pending,
        requests,
        rows,
        bytes,
        retries,
        splits,
        ambiguous,
        queuedRows,
        queuedBytes,
      }
    },
  }
}

const maxTimerMs = 2 ** 31 - 1

function checkDeadline(deadlineMs: number | undefined): void {
  if (deadlineMs === undefined || deadlineMs >= 0) return
  const message = "close cannot work with these options: deadlineMs is not a number from 0 on. Change it."
  throw new ConfigError({ code: "bad_options", message })
}

function toGivenUp(code: "aborted" | "closed", ambiguous: boolean): Outcome {
  const why = code === "closed" ? "The sink is closed" : "The delivery was aborted"
  const where = ambiguous ? "a request with the event may have been carried out" : "the event was not sent"
  return toOutcome(new DeliveryError({ code, ambiguous, message: `${why}; ${where}. Hand it over again.` }))
}
