import { type SealedBatch, settleBatch } from "./batch/batch.ts"
import { createBatcher, type Queue } from "./batch/batcher.ts"
import { createIntake } from "./batch/intake.ts"
import { createSubmission, type Submission, settle } from "./batch/submission.ts"
import { runCallback } from "./callback.ts"
import { ConfigError, DeliveryError, toAmbiguous } from "./errors.ts"
import { type CheckEvent, checkContract, createContract } from "./event/contract.ts"
import type { Event } from "./event/event.ts"
import { createRowReader } from "./event/row.ts"
import { createObserver, type Observer } from "./observer.ts"
import type { CachedSinkOptions, SinkOptions } from "./options.ts"
import { type Outcome, stored, toOutcome } from "./outcome.ts"
import { resolveSinkOptions } from "./resolve-options.ts"
import { createBreaker } from "./send/breaker.ts"
import { createRequestLimit } from "./send/request-limit.ts"
import { createSender } from "./send/sender.ts"
import { type Counts, createStats, type Stats } from "./stats.ts"
import { createInsert } from "./table/insert.ts"
import { toInvalidOptionsError, toIssue } from "./validation/rules.ts"

/** The part of an AbortSignal that a sink uses. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: "abort", listener: () => void): void
  removeEventListener(type: "abort", listener: () => void): void
}

/** Stores events in one table. */
export interface Sink {
  /**
   * Stores one event. Resolves when its row is committed, so a query that starts then sees it. The row may wait up to
   * `limits.lingerMs` for the rows of other calls.
   *
   * @throws EventError if the event can never be stored; ConfigError or DeliveryError if it is not stored yet
   * @example
   * await sink.write({ messageId: "m1", type: "track", event: "Signed Up", timestamp: new Date() })
   */
  write(event: Event): Promise<void>
  /**
   * Stores several events and resolves to one outcome for each, in the same order. It never rejects because of an event.
   * Its rows do not linger. When `signal` aborts, every event without an outcome fails with `aborted`.
   *
   * @example
   * const outcomes = await sink.writeBatch(events)
   * const rejected = events.filter((_, index) => outcomes[index].status === "rejected")
   */
  writeBatch(events: readonly Event[], options?: { signal?: AbortSignalLike | undefined }): Promise<Outcome[]>
  /**
   * Resolves when the queue has room.
   *
   * @example
   * for await (const event of source) {
   *   await sink.ready()
   *   sink.write(event).catch(report)
   * }
   * await sink.close()
   */
  ready(): Promise<void>
  /** Sends what lingers. Resolves when every event accepted so far has its outcome. */
  flush(): Promise<void>
  /**
   * Stops accepting events and cancels pending backoff: each waiting batch gets one last attempt. Resolves when every
   * event has its outcome. Events that have none at the deadline, in milliseconds from now, fail with `closed` and are
   * returned in the order they came. Without timers there is no deadline.
   *
   * @throws ConfigError if `deadlineMs` is not a number of 0 or more
   * @example
   * const { undelivered } = await sink.close({ deadlineMs: 10_000 })
   */
  close(options?: { deadlineMs?: number | undefined }): Promise<{ undelivered: Event[] }>
  /** The counts so far. At every moment: received = stored + rejected + failed + pending. */
  stats(): Stats
}

/**
 * Creates a sink for one table.
 *
 * @throws ConfigError with every mistake in the options
 * @example
 * const sink = createSink({ transport: createDataApi({ url, username, password, database: "events" }) })
 */
export function createSink(options: SinkOptions): Sink {
  const { validate, onViolation, ...rest } = Object(checkContract(options)) as SinkOptions
  return openSink(rest, { bytes: 0 }, (stats, observe) =>
    createContract({ validate, onViolation }, stats, observe),
  )
}

/**
 * @param queue the queued bytes of all sinks that share it
 * @param createCheck creates the check of events. It is passed in so that a host without contracts need not bundle them
 */
export function openSink(
  given: CachedSinkOptions,
  queue: Queue,
  createCheck?: (stats: Counts, observe: Observer) => CheckEvent | undefined,
): Sink {
  const options = resolveSinkOptions(given)
  const { limits, runtime } = options
  const observe = createObserver(options.observe)
  const stats = createStats()
  const insert = createInsert(options, options.transport.database, runtime.byteLength)
  const requestLimit = createRequestLimit(limits.maxBytes, runtime, observe)
  const breaker = createBreaker(runtime, observe)
  const sender = createSender({ options, insert, breaker, requestLimit, stats, observe })
  const batcher = createBatcher({ insert, limits, runtime, observe, requestLimit, queue, send })
  const readRow = createRowReader(options.columns, runtime)
  const checkEvent = createCheck?.(stats, observe)
  const take = createIntake({ readRow, checkEvent, options, insert, batcher })
  const startTime = limits.deliveryTimeoutMs === Number.POSITIVE_INFINITY ? () => 0 : runtime.now
  const undelivered: Event[] = []
  /** Set once the sink accepts no more events: settles when those it had accepted have their outcomes. */
  let drained: Promise<void> | undefined

  function submit(
    events: readonly Event[],
    mayLinger: boolean,
    done: (outcomes: Outcome[]) => void,
  ): Submission {
    const submission = createSubmission(events, { mayLinger, startedAt: startTime(), stats, done })
    if (drained === undefined) take(submission)
    else abandon(new Set([submission]), "closed")
    return submission
  }

  /** Sends a batch and gives each of its rows the outcome of its piece. */
  async function send(batch: SealedBatch): Promise<void> {
    try {
      for await (const { batch: piece, result } of sender.send(batch)) {
        if (result.status === "error") settleBatch(piece, toOutcome(result.error))
        // Rows whose caller is gone are not counted as stored, and so not as duplicates.
        else stats.duplicates += Math.min(result.duplicates, settleBatch(piece, stored))
      }
    } catch {
      settleBatch(batch, toOutcome(toRuntimeError()))
    }
  }

  /** Fails the events that have no outcome, because no caller waits for them any more. */
  function abandon(submissions: ReadonlySet<Submission>, code: "aborted" | "closed"): void {
    const message = `The ${code === "closed" ? "sink was closed" : "write was aborted"} before the event had an outcome. Send it again.`
    const error = new DeliveryError({ code, message })
    // A request in flight may still store its rows.
    const inFlight = toOutcome(toAmbiguous(error))
    for (const { chunks } of sender.inFlight) {
      for (const chunk of chunks) if (submissions.has(chunk.submission)) settle(chunk, inFlight)
    }
    const outcome = toOutcome(error)
    for (const submission of submissions)
      settle({ submission, offset: 0, rows: submission.events.length }, outcome)
    batcher.prune()
  }

  /** Ends what is left at the deadline. */
  function abandonAll(): void {
    const submissions = batcher.submissions()
    for (const { events, outcomes } of submissions) {
      undelivered.push(...events.filter((_, index) => outcomes[index] === undefined))
    }
    abandon(submissions, "closed")
  }

  async function close(deadlineMs?: number): Promise<{ undelivered: Event[] }> {
    if (deadlineMs !== undefined && !(deadlineMs >= 0)) {
      throw toInvalidOptionsError("close", [toIssue("deadlineMs", "a number of 0 or more")])
    }
    if (drained === undefined) {
      // Set before anything is sent, so that no event is accepted from now on.
      drained = Promise.resolve()
      sender.cancelBackoff()
      drained = batcher.flush()
    }
    // A time longer than timers can wait is treated as no deadline.
    const hasDeadline = deadlineMs !== undefined && deadlineMs < 2 ** 31
    const cancel = hasDeadline ? runtime.sleep?.(deadlineMs, abandonAll) : undefined
    await drained
    cancel?.()
    return { undelivered }
  }

  return {
    write: event =>
      new Promise((resolve, reject) => {
        submit([event], true, ([outcome]) => {
          if (outcome?.status === "stored") resolve()
          else reject(outcome?.error)
        })
      }),
    writeBatch: (events, { signal } = {}) =>
      new Promise(resolve => {
        if (events.length === 0) return resolve([])
        let abort: () => void = () => {}
        // A copy, because the caller may reuse its array.
        const submission = submit(events.slice(), false, outcomes => {
          if (signal !== undefined) runCallback(() => signal.removeEventListener("abort", abort))
          resolve(outcomes)
        })
        if (signal === undefined || submission.pending === 0) return
        abort = () => abandon(new Set([submission]), "aborted")
        signal.addEventListener("abort", abort)
        if (signal.aborted) abort()
      }),
    ready: batcher.ready,
    flush: batcher.flush,
    close: ({ deadlineMs } = {}) => close(deadlineMs),
    stats: () => ({ ...stats, ...batcher.queued() }),
  }
}

function toRuntimeError(): ConfigError {
  const message = "A function of `runtime` threw."
  return new ConfigError({ code: "invalid_options", message, ambiguous: true })
}
