import type { BatchReason, Observer } from "../observer.ts"
import type { ResolvedLimits } from "../resolve-options.ts"
import type { Runtime } from "../runtime.ts"
import type { RequestLimit } from "../send/request-limit.ts"
import type { Insert } from "../table/insert.ts"
import {
  addToBatch,
  type Batch,
  createBatch,
  isPendingBatch,
  type SealedBatch,
  sealBatch,
  toPending,
} from "./batch.ts"
import type { Chunk } from "./chunk.ts"
import type { Submission } from "./submission.ts"

export interface Batcher {
  /** What the batch that is being filled has room for. */
  room(): { rows: number; bytes: number; isEmpty: boolean }
  /** Whether the chunk fits into that batch. */
  hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean
  /** Takes a chunk that has room, or a single row. */
  add(chunk: Chunk): void
  /** Closes the batch that is being filled: it only waits for a slot from now on. */
  closeBatch(reason: BatchReason): void
  /** Resolves when the queue has room again. */
  ready(): Promise<void>
  /** Lets nothing linger. Resolves when every row that is here has its outcome. */
  flush(): Promise<void>
  /** Drops the queued rows that have their outcome. */
  prune(): void
  /** The submissions that have rows here, oldest first. */
  submissions(): Set<Submission>
  /** What waits for a request. */
  queued(): { queuedRows: number; queuedBytes: number }
}

/** The queued bytes of one or several sinks. */
export interface Queue {
  bytes: number
}

export interface BatcherParts {
  insert: Insert
  limits: ResolvedLimits
  runtime: Runtime
  observe: Observer
  requestLimit: RequestLimit
  queue: Queue
  /** Resolves when each row of the batch has its outcome, and never rejects. */
  send(batch: SealedBatch): Promise<void>
}

interface Flush {
  batches: Batch[]
  resolve(): void
}

/**
 * Group commit. Rows are collected in the order they come. A full batch leaves as soon as one of `maxInFlight` slots is
 * free. A partial batch leaves when no request is in flight, when its first row is `lingerMs` old, or when a caller does
 * not wait: so a lone row leaves at once, and requests fill up under load. With `lingerWhenIdle` it lingers in any case.
 * Batches are closed in a microtask, so the rows of one tick share a request.
 */
export function createBatcher(parts: BatcherParts): Batcher {
  const { insert, limits, runtime, observe, requestLimit, queue, send } = parts
  /** Closed batches that wait for a slot. */
  const waiting: SealedBatch[] = []
  const inFlight = new Set<Batch>()
  let filling: Batch | undefined
  let fillingSince = 0
  /** Why the filling batch need not wait any longer. */
  let due: BatchReason | undefined
  let cancelLinger: (() => void) | undefined
  let isScheduled = false
  let queuedRows = 0
  let queuedBytes = 0
  const readyWaiters: (() => void)[] = []
  const flushes = new Set<Flush>()

  function room(): { rows: number; bytes: number; isEmpty: boolean } {
    const { rows, bytes } = filling ?? { rows: 0, bytes: insert.baseBytes }
    return {
      rows: limits.maxRows - rows,
      bytes: requestLimit.maxBytes() - bytes,
      isEmpty: filling === undefined,
    }
  }

  function hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean {
    const { rows, bytes } = room()
    return chunk.rows <= rows && insert.bytesOf(chunk) <= bytes
  }

  function add(chunk: Chunk): void {
    if (filling !== undefined && !hasRoom(chunk)) {
      closeBatch(filling.rows + chunk.rows > limits.maxRows ? "rows" : "bytes")
    }
    if (filling === undefined) {
      filling = createBatch(insert)
      fillingSince = runtime.now()
    }
    addToBatch(filling, chunk, insert)
    changeQueue(chunk.rows, insert.bytesOf(chunk))
    if (!chunk.submission.mayLinger) due ??= "write_batch"
    if (filling.rows >= limits.maxRows) closeBatch("rows")
    schedule()
  }

  function changeQueue(rows: number, bytes: number): void {
    queuedRows += rows
    queuedBytes += bytes
    queue.bytes += bytes
  }

  function closeBatch(reason: BatchReason): void {
    if (filling === undefined) return
    const batch = sealBatch(filling, insert)
    waiting.push(batch)
    stopFilling()
    observe?.({ type: "batch", reason, rows: batch.rows, bytes: batch.bytes })
  }

  function stopFilling(): void {
    filling = undefined
    due = undefined
    cancelLinger?.()
    cancelLinger = undefined
  }

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    void resolved.then(dispatchScheduled)
  }

  function dispatchScheduled(): void {
    isScheduled = false
    dispatch()
  }

  function dispatch(): void {
    while (inFlight.size < limits.maxInFlight) {
      if (waiting.length === 0) closePartialBatch()
      const batch = waiting.shift()
      if (batch === undefined) return
      inFlight.add(batch)
      changeQueue(-batch.rows, insert.baseBytes - batch.bytes)
      wakeReady()
      const finished = () => finish(batch)
      void send(batch).then(finished, finished)
    }
  }

  function finish(batch: Batch): void {
    inFlight.delete(batch)
    finishFlushes()
    // Not dispatch: writers that an outcome wakes can still join the next batch.
    if (filling !== undefined || waiting.length > 0) schedule()
  }

  function finishFlushes(): void {
    for (const flush of flushes) {
      if (!flush.batches.some(isPendingBatch) && flushes.delete(flush)) flush.resolve()
    }
  }

  function closePartialBatch(): void {
    if (filling === undefined) return
    const { sleep } = runtime
    if (due !== undefined) closeBatch(due)
    // The queue is full, so no other row can join.
    else if (!isReady()) closeBatch(queuedRows < limits.maxQueuedRows ? "bytes" : "rows")
    else if (sleep !== undefined && (inFlight.size > 0 || limits.lingerWhenIdle)) closeOrLinger(sleep)
    else if (inFlight.size === 0) closeBatch("idle")
  }

  /** The age counts from the first row. */
  function closeOrLinger(sleep: NonNullable<Runtime["sleep"]>): void {
    const remainingMs = limits.lingerMs - (runtime.now() - fillingSince)
    if (remainingMs <= 0) closeBatch("linger")
    else cancelLinger ??= sleep(remainingMs, wake)
  }

  /** A timer may wake a little early; then another one is set. */
  function wake(): void {
    cancelLinger = undefined
    dispatch()
  }

  /** Wakes all waiters: one that is woken need not write, and the others must not wait for it. */
  function wakeReady(): void {
    if (readyWaiters.length > 0 && isReady()) for (const wake of readyWaiters.splice(0)) wake()
  }

  function prune(): void {
    const queued = waiting.splice(0)
    for (const batch of queued) {
      const pending = toPending(batch, insert)
      if (pending !== undefined) waiting.push(sealBatch(pending, insert))
    }
    if (filling !== undefined) filling = toPending(filling, insert)
    if (filling === undefined) stopFilling()
    const left: Batch[] = filling === undefined ? waiting : [...waiting, filling]
    const rows = left.reduce((sum, batch) => sum + batch.rows, 0)
    const bytes = left.reduce((sum, batch) => sum + batch.bytes - insert.baseBytes, 0)
    changeQueue(rows - queuedRows, bytes - queuedBytes)
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
    closeBatch,
    ready: () => (isReady() ? resolved : new Promise(resolve => readyWaiters.push(resolve))),
    flush() {
      closeBatch("flush")
      dispatch()
      const batches = [...inFlight, ...waiting].filter(isPendingBatch)
      return batches.length === 0 ? resolved : new Promise(resolve => flushes.add({ batches, resolve }))
    },
    prune,
    submissions() {
      const batches: Batch[] = [...inFlight, ...waiting]
      return new Set(
        batches.concat(filling ?? []).flatMap(({ chunks }) => chunks.map(chunk => chunk.submission)),
      )
    },
    queued: () => ({ queuedRows, queuedBytes }),
  }
}

const resolved: Promise<void> = Promise.resolve()
