import { type Batch, cutBatch, pruneBatch, splitBatch, toBatchBody } from "./batch.ts"
import type { Breaker } from "./breaker.ts"
import type { Cap } from "./cap.ts"
import { DeliveryError, EventError, type SinkError } from "./errors.ts"
import type { Insert } from "./insert.ts"
import type { Observer } from "./observe.ts"
import type { ResolvedSinkOptions } from "./options.ts"
import { type Outcome, stored, toOutcome } from "./outcome.ts"
import { describeReply, fromThrown, isAmbiguous, type Reply, toAmbiguous, toReply } from "./reply.ts"
import { toDelayMs } from "./retry.ts"
import type { Runtime } from "./runtime.ts"
import type { Counts } from "./stats.ts"

/** Rows that are not stored, and why. */
export interface Unstored {
  batch: Batch
  error: SinkError
}

/** What one batch may cost, all its pieces and attempts together. */
export interface Budget {
  readonly startedAt: number
  /** Requests that may still be sent; counted down. */
  requests: number
}

export interface Sender {
  /** Sends a batch, in pieces where it is too large. Stored rows have their outcome then; the others come back. */
  send(batch: Batch, budget: Budget): Promise<Unstored[]>
  /** Two halves of a batch. */
  split(batch: Batch, code: SinkError["code"] | "too_large"): [Batch, Batch]
  /** As many pieces, of as many rows each. */
  cut(batch: Batch, code: SinkError["code"], pieces: number): Batch[]
  /** Wakes what sleeps before a retry, for one last attempt. */
  hurry(): void
  /** Batches that may be stored: a request is under way, or has ended without an answer and is to be repeated. */
  readonly uncertain: ReadonlySet<Batch>
}

export interface SenderParts {
  options: ResolvedSinkOptions
  insert: Insert
  repeatable: boolean
  runtime: Runtime
  breaker: Breaker
  cap: Cap
  stats: Counts
  observe: Observer
  /** Gives the rows of a batch an outcome. How many had none. */
  settle(batch: Batch, outcome: Outcome): number
}

export function createSender(parts: SenderParts): Sender {
  const { options, insert, repeatable, runtime, breaker, cap, stats, observe, settle } = parts
  const uncertain = new Set<Batch>()
  const sleepers = new Set<() => void>()
  let hurried = false

  function split(batch: Batch, code: SinkError["code"] | "too_large"): [Batch, Batch] {
    noteSplit(batch, code)
    return splitBatch(batch, insert, options.columns.length, runtime)
  }

  function cut(batch: Batch, code: SinkError["code"], pieces: number): Batch[] {
    noteSplit(batch, code)
    return cutBatch(batch, pieces, insert, options.columns.length, runtime)
  }

  function noteSplit({ rows, bytes }: Batch, code: SinkError["code"] | "too_large"): void {
    stats.splits++
    observe?.({ type: "split", rows, bytes, code })
  }

  async function send(batch: Batch, budget: Budget): Promise<Unstored[]> {
    for (let attempt = 1; ; attempt++) {
      expire(batch)
      pruneBatch(batch, insert)
      if (batch.rows === 0) return []
      const reply = breaker.check() ?? (await request(batch, attempt, budget))
      if (reply === "too_large") return sendHalves(batch, budget)
      if ("duplicates" in reply) return []
      const delayMs = toRetryDelayMs(reply, attempt, budget)
      if (delayMs === undefined) return [{ batch, error: batch.mayBeStored ? toAmbiguous(reply) : reply }]
      observe?.({ type: "retry", attempt, delayMs, code: reply.code })
      if (batch.mayBeStored) uncertain.add(batch)
      await sleep(delayMs)
      uncertain.delete(batch)
    }
  }

  /** Rows that nobody will have time for any more fail, without a request. */
  function expire(batch: Batch): void {
    const { maxAgeMs } = options.limits
    if (maxAgeMs === Number.POSITIVE_INFINITY) return
    const earliest = runtime.now() - maxAgeMs
    const chunks = batch.chunks.filter(({ receipt }) => receipt.startedAt < earliest)
    if (chunks.length === 0) return
    const message = `The event was not sent within ${maxAgeMs} ms, and is not sent any more. Send it again.`
    const error = new DeliveryError({ code: "too_late", message, ambiguous: batch.mayBeStored })
    settle({ ...batch, chunks }, toOutcome(error))
  }

  async function sendHalves(batch: Batch, budget: Budget): Promise<Unstored[]> {
    if (batch.rows === 1) {
      const message = `The event makes a request of ${batch.bytes} bytes, more than the server takes. Send less in it.`
      return [{ batch, error: new EventError({ code: "row_too_large", message }) }]
    }
    cap.learn(batch.bytes)
    const [left, right] = split(batch, "too_large")
    return [...(await send(left, budget)), ...(await send(right, budget))]
  }

  /** One request. An error comes back, so that nothing is thrown past the outcomes. */
  async function request(batch: Batch, attempt: number, budget: Budget): Promise<Reply> {
    const { rows, bytes } = batch
    const startedAt = runtime.now()
    budget.requests--
    stats.requests++
    if (attempt > 1) stats.retries++
    stats.rows += rows
    stats.bytes += bytes
    uncertain.add(batch)
    let reply: Reply
    try {
      reply = toReply(
        await options.api.send({ body: toBatchBody(batch, insert), bytes, rows, repeatable }),
        rows,
      )
    } catch (thrown) {
      reply = fromThrown(thrown, rows)
    }
    uncertain.delete(batch)
    observe?.({
      type: "request",
      attempt,
      rows,
      bytes,
      milliseconds: runtime.now() - startedAt,
      ...describeReply(reply),
    })
    conclude(batch, reply)
    return reply
  }

  function conclude(batch: Batch, reply: Reply): void {
    if (reply === "too_large") breaker.passed()
    else if ("duplicates" in reply) {
      breaker.passed()
      // Rows whose caller has gone are not counted as stored, and so not as duplicates.
      stats.duplicates += Math.min(reply.duplicates, settle(batch, stored))
    } else {
      if (reply.name === "ConfigError") breaker.failed(reply)
      else if (reply.name === "EventError") breaker.passed()
      else breaker.unsure()
      if (isAmbiguous(reply)) {
        stats.ambiguous++
        batch.mayBeStored = true
      }
    }
  }

  function toRetryDelayMs(error: SinkError, attempt: number, budget: Budget): number | undefined {
    const { retry, onAmbiguous } = options
    if (error.name !== "DeliveryError" || retry === false || runtime.sleep === undefined || hurried)
      return undefined
    if (budget.requests <= 0 || (error.ambiguous && onAmbiguous === "fail")) return undefined
    return toDelayMs(retry, { attempt, elapsedMs: runtime.now() - budget.startedAt, error }, runtime)
  }

  function sleep(delayMs: number): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        cancel?.()
        sleepers.delete(wake)
        resolve()
      }
      const cancel = runtime.sleep?.(delayMs, wake)
      sleepers.add(wake)
    })
  }

  return {
    send,
    split,
    cut,
    hurry() {
      hurried = true
      for (const wake of [...sleepers]) wake()
    },
    uncertain,
  }
}
