import { type Batch, createBatch, splitBatch } from "./batch.ts"
import type { Breaker } from "./breaker.ts"
import type { Cap } from "./cap.ts"
import { ConfigError, DeliveryError, EventError, isSinkError, type SinkError } from "./errors.ts"
import type { Insert } from "./insert.ts"
import type { Observer, SinkEvent } from "./observe.ts"
import type { ResolvedSinkOptions } from "./options.ts"
import { type Outcome, stored } from "./outcome.ts"
import type { InsertReply } from "./port.ts"
import { toDelayMs } from "./retry.ts"
import type { Runtime } from "./runtime.ts"
import type { Stats } from "./stats.ts"

/** Rows that are not stored, and why. */
export interface Unstored {
  batch: Batch
  error: SinkError
}

export interface Sender {
  /** Sends a batch, in pieces where it is too large. Stored rows have their outcome then; the others come back. */
  send(batch: Batch): Promise<Unstored[]>
  /** Two halves of a batch. */
  split(batch: Batch, code: SinkError["code"] | "too_large"): [Batch, Batch]
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
  stats: Stats
  observe: Observer
  settle(batch: Batch, outcome: Outcome): void
}

export function createSender(parts: SenderParts): Sender {
  const { options, insert, repeatable, runtime, breaker, cap, stats, observe, settle } = parts
  const uncertain = new Set<Batch>()
  const sleepers = new Set<() => void>()
  let hurried = false

  function split(batch: Batch, code: SinkError["code"] | "too_large"): [Batch, Batch] {
    stats.splits++
    observe?.({ type: "split", rows: batch.rows, bytes: batch.bytes, code })
    return splitBatch(batch, insert, options.columns.length, runtime)
  }

  async function send(whole: Batch): Promise<Unstored[]> {
    const startedAt = runtime.now()
    let wasAmbiguous = false
    for (let attempt = 1; ; attempt++) {
      const batch = withoutSettled(whole, insert)
      if (batch.rows === 0) return []
      const result = breaker.check() ?? (await request(batch, attempt))
      if (result === "stored") return []
      if (result === "too_large") return sendHalves(batch)
      wasAmbiguous ||= isAmbiguous(result)
      const delayMs = toRetryDelayMs(result, attempt, runtime.now() - startedAt)
      if (delayMs === undefined) return [{ batch, error: wasAmbiguous ? toAmbiguous(result) : result }]
      stats.retries++
      observe?.({ type: "retry", attempt, delayMs, code: result.code })
      if (wasAmbiguous) uncertain.add(batch)
      await sleep(delayMs)
      uncertain.delete(batch)
    }
  }

  async function sendHalves(batch: Batch): Promise<Unstored[]> {
    if (batch.rows === 1) {
      const message = `The event makes a request of ${batch.bytes} bytes, more than the server takes. Send less in it.`
      return [{ batch, error: new EventError({ code: "row_too_large", message }) }]
    }
    cap.learn(batch.bytes)
    const [left, right] = split(batch, "too_large")
    return [...(await send(left)), ...(await send(right))]
  }

  /** One request. An error comes back, so that nothing is thrown past the outcomes. */
  async function request(batch: Batch, attempt: number): Promise<"stored" | "too_large" | SinkError> {
    const { rows, bytes } = batch
    const startedAt = runtime.now()
    stats.requests++
    stats.rows += rows
    stats.bytes += bytes
    uncertain.add(batch)
    let reply: InsertReply | SinkError
    try {
      reply = toReply(
        await options.api.send({ body: insert.toBody(batch.chunks, rows), bytes, rows, repeatable }),
      )
    } catch (thrown) {
      reply = toSinkError(thrown)
    }
    uncertain.delete(batch)
    const result = judge(batch, reply)
    observe?.({
      type: "request",
      attempt,
      rows,
      bytes,
      milliseconds: runtime.now() - startedAt,
      ...describe(result),
    })
    if (typeof result === "number") settle(batch, stored)
    return typeof result === "number" ? "stored" : result
  }

  /** What an answer means: how many of the rows were there before, or why they are not stored. */
  function judge(batch: Batch, reply: InsertReply | SinkError): number | "too_large" | SinkError {
    if (!isSinkError(reply)) {
      breaker.passed()
      if ("tooLarge" in reply) return "too_large"
      const duplicates = Math.max(0, batch.rows - reply.rowsAffected)
      stats.duplicates += duplicates
      return duplicates
    }
    if (reply.name === "ConfigError") breaker.failed(reply)
    else if (reply.name === "EventError") breaker.passed()
    else breaker.unsure()
    if (isAmbiguous(reply)) stats.ambiguous++
    // A plain insert into a table with a key: this one row is there already.
    if (reply.code !== "duplicate_key" || batch.rows > 1) return reply
    stats.duplicates++
    return 1
  }

  function toRetryDelayMs(error: SinkError, attempt: number, elapsedMs: number): number | undefined {
    const { retry, onAmbiguous } = options
    if (error.name !== "DeliveryError" || retry === false || runtime.sleep === undefined || hurried)
      return undefined
    if (error.ambiguous && onAmbiguous === "fail") return undefined
    return toDelayMs(retry, { attempt, elapsedMs, error }, runtime)
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
    hurry() {
      hurried = true
      for (const wake of [...sleepers]) wake()
    },
    uncertain,
  }
}

/** What an observer is told of a request's end. */
function describe(
  result: number | "too_large" | SinkError,
): Partial<Extract<SinkEvent, { type: "request" }>> {
  if (typeof result === "number") return { duplicates: result }
  if (result === "too_large") return { code: result }
  return { code: result.code, ambiguous: isAmbiguous(result) }
}

/** The batch as it is, or without the rows that have their outcome: their caller has stopped waiting. */
function withoutSettled(batch: Batch, insert: Insert): Batch {
  if (!batch.chunks.some(isSettled)) return batch
  return createBatch(
    insert,
    batch.chunks.filter(chunk => !isSettled(chunk)),
  )
}

function isSettled({ receipt, first }: Batch["chunks"][number]): boolean {
  return receipt.outcomes[first] !== undefined
}

function isAmbiguous(error: SinkError): boolean {
  return error.name === "DeliveryError" && error.ambiguous
}

/** The last error of a batch of which an earlier attempt may have been carried out. */
function toAmbiguous(error: SinkError): SinkError {
  if (error.name !== "DeliveryError" || error.ambiguous) return error
  const { message, code, engineCode, status, retryAfterMs } = error
  return new DeliveryError({ message, code, engineCode, status, retryAfterMs, ambiguous: true })
}

/** @throws ConfigError where a port resolves to something else than it may */
function toReply(reply: InsertReply): InsertReply {
  if ("tooLarge" in reply || Number.isInteger(reply.rowsAffected)) return reply
  throw oddPort("resolved to something that is no reply")
}

/** A port may throw only the three errors; anything else is a mistake in the port, and its text may hold values. */
function toSinkError(thrown: unknown): SinkError {
  return isSinkError(thrown) ? thrown : oddPort("threw something that is none of the three errors")
}

function oddPort(did: string): ConfigError {
  const message = `The api's send ${did}. Mend the api that createSink was given.`
  return new ConfigError({ code: "unknown_answer", message })
}
