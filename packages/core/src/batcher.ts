import { addToBatch, type Batch, createBatch, isOpenBatch, pruneBatch, toBatchBody } from "./batch.ts"
import type { Chunk } from "./chunk.ts"
import type { Insert } from "./insert.ts"
import type { CutReason, Observer } from "./observe.ts"
import type { ResolvedLimits } from "./options.ts"
import type { Runtime } from "./runtime.ts"

export interface Batcher {
  /** What the batch that is being filled has room for. */
  room(): { rows: number; bytes: number; isEmpty: boolean }
  /** Whether the chunk fits into that batch. */
  hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean
  /** Takes a chunk that has room, or a single row. */
  add(chunk: Chunk): void
  /** Closes the batch that is being filled: it waits for a slot and for nothing else. */
  cut(reason: CutReason): void
  /** Resolves when the queue has room again. */
  ready(): Promise<void>
  /** Lets nothing linger; resolves when every row that is here has its outcome. */
  flush(): Promise<void>
  /** Forgets the rows that have their outcome although they were not sent. */
  prune(): void
  /** Batches without an outcome, oldest first. */
  unfinished(): Batch[]
  /** What waits for a request. */
  queued(): { queuedRows: number; queuedBytes: number }
}

export interface BatcherParts {
  insert: Insert
  limits: ResolvedLimits
  runtime: Runtime
  observe: Observer
  /** The most bytes that a request has room for now: the limit, or less where that was refused lately. */
  maxBytes(): number
  /** Resolves when each row of the batch has its outcome, and never rejects. */
  send(batch: Batch): Promise<void>
}

/** Somebody who waits for batches to be finished. */
interface Flush {
  batches: Batch[]
  resolve(): void
}

/**
 * Group commit. Rows are gathered in the order they come. A full batch leaves as soon as one of `maxInFlight` slots
 * is free; a partial one when nothing is under way, when its first row is `lingerMs` old, or when somebody waits for
 * it: so a lone row leaves at once, and under load the requests fill up by themselves. Batches are cut in a
 * microtask: the burst of one tick is one request.
 */
export function createBatcher({ insert, limits, runtime, observe, maxBytes, send }: BatcherParts): Batcher {
  /** Batches that are cut and only want a slot. */
  const waiting: Batch[] = []
  const inFlight = new Set<Batch>()
  let open: Batch | undefined
  let openedAt = 0
  /** Why the open batch need not wait any longer, once that is so. */
  let due: CutReason | undefined
  let cancelLinger: (() => void) | undefined
  let scheduled = false
  let queuedRows = 0
  let queuedBytes = 0
  const readyWaiters: (() => void)[] = []
  const flushes = new Set<Flush>()

  function room(): { rows: number; bytes: number; isEmpty: boolean } {
    const { rows, bytes } = open ?? { rows: 0, bytes: insert.baseBytes }
    return { rows: limits.maxRows - rows, bytes: maxBytes() - bytes, isEmpty: open === undefined }
  }

  function hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean {
    const { rows, bytes } = room()
    return chunk.rows <= rows && insert.bytesOf(chunk) <= bytes
  }

  function add(chunk: Chunk): void {
    if (open !== undefined && !hasRoom(chunk)) cut(open.rows + chunk.rows > limits.maxRows ? "rows" : "bytes")
    if (open === undefined) {
      open = createBatch(insert)
      openedAt = runtime.now()
    }
    addToBatch(open, chunk, insert)
    queuedRows += chunk.rows
    queuedBytes += insert.bytesOf(chunk)
    if (!chunk.receipt.waits) due ??= "deliver"
    if (open.rows >= limits.maxRows) cut("rows")
    schedule()
  }

  function cut(reason: CutReason): void {
    const batch = open
    if (batch === undefined) return
    // Where all its rows have been given up nothing is left to send.
    if (batch.rows > 0) toBatchBody(batch, insert)
    waiting.push(batch)
    open = undefined
    due = undefined
    cancelLinger?.()
    cancelLinger = undefined
    observe?.({ type: "batch", reason, rows: batch.rows, bytes: batch.bytes })
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    void settledPromise.then(dispatchScheduled)
  }

  function dispatchScheduled(): void {
    scheduled = false
    dispatch()
  }

  function dispatch(): void {
    while (inFlight.size < limits.maxInFlight) {
      if (waiting.length === 0) cutPartial()
      const batch = waiting.shift()
      if (batch === undefined) return
      inFlight.add(batch)
      leaveQueue(batch)
      const finished = () => finish(batch)
      void send(batch).then(finished, finished)
    }
  }

  function finish(batch: Batch): void {
    inFlight.delete(batch)
    if (flushes.size > 0) finishFlushes()
    // Not dispatch at once: writers that an outcome wakes may still fill the next batch.
    if (open !== undefined || waiting.length > 0) schedule()
  }

  function finishFlushes(): void {
    for (const flush of flushes) {
      if (!flush.batches.some(isOpenBatch) && flushes.delete(flush)) flush.resolve()
    }
  }

  function cutPartial(): void {
    if (open === undefined) return
    if (inFlight.size === 0 || due !== undefined) cut(due ?? "idle")
    // Nobody is let in any more, so it would wait in vain.
    else if (!isReady()) cut(queuedRows < limits.maxQueuedRows ? "bytes" : "rows")
    else if (runtime.sleep !== undefined) cutOrLinger(runtime.sleep)
  }

  /** The age counts from the first row, and is never set back by a later one. */
  function cutOrLinger(sleep: NonNullable<Runtime["sleep"]>): void {
    const remainingMs = limits.lingerMs - (runtime.now() - openedAt)
    if (remainingMs <= 0) cut("linger")
    else cancelLinger ??= sleep(remainingMs, wake)
  }

  /** A timer may wake a little before its time: then another is set. */
  function wake(): void {
    cancelLinger = undefined
    dispatch()
  }

  function leaveQueue(batch: Batch): void {
    queuedRows -= batch.rows
    queuedBytes -= batch.bytes - insert.baseBytes
    wakeReady()
  }

  /** All of them: one that is woken need not write, and the others must not wait for it. */
  function wakeReady(): void {
    if (readyWaiters.length > 0 && isReady()) for (const wake of readyWaiters.splice(0)) wake()
  }

  function prune(): void {
    const queued = open === undefined ? waiting : [...waiting, open]
    for (const batch of queued) pruneBatch(batch, insert)
    queuedRows = queued.reduce((rows, batch) => rows + batch.rows, 0)
    queuedBytes = queued.reduce((bytes, batch) => bytes + batch.bytes - insert.baseBytes, 0)
    wakeReady()
    finishFlushes()
  }

  function isReady(): boolean {
    return queuedRows < limits.maxQueuedRows && queuedBytes < limits.maxQueuedBytes
  }

  return {
    room,
    hasRoom,
    add,
    cut,
    ready: () => (isReady() ? settledPromise : new Promise(resolve => readyWaiters.push(resolve))),
    flush() {
      cut("flush")
      dispatch()
      const batches = [...inFlight, ...waiting]
      return batches.length === 0 ? settledPromise : new Promise(resolve => flushes.add({ batches, resolve }))
    },
    prune,
    unfinished: () => [...inFlight, ...waiting].concat(open ?? []),
    queued: () => ({ queuedRows, queuedBytes }),
  }
}

const settledPromise: Promise<void> = Promise.resolve()
