import { addToBatch, type Batch, createBatch } from "./batch.ts"
import type { Chunk } from "./chunk.ts"
import type { Insert } from "./insert.ts"
import type { CutReason, SinkEvent } from "./observe.ts"
import type { ResolvedLimits } from "./options.ts"
import type { Runtime } from "./runtime.ts"

export interface Batcher {
  /** Whether the chunk fits into the batch that is being filled. */
  hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean
  /** Takes a chunk that has room, or a single row. A row that `waits` may linger for others. */
  add(chunk: Chunk, waits: boolean): void
  /** Resolves when the queue has room again. */
  ready(): Promise<void>
  /** Lets nothing linger; resolves when every row that is here has its outcome. */
  flush(): Promise<void>
  /** Batches without an outcome, oldest first. */
  unfinished(): Batch[]
}

export interface BatcherParts {
  insert: Insert
  limits: ResolvedLimits
  runtime: Runtime
  observe(event: SinkEvent): void
  /** The most bytes that a request has room for now: the limit, or less where that was refused lately. */
  maxBytes(): number
  /** Resolves when each row of the batch has its outcome, and never rejects. */
  send(batch: Batch): Promise<void>
}

/** A batch that has left, or is only waiting for a slot. */
interface CutBatch {
  batch: Batch
  done: Promise<void>
  start(): void
}

/**
 * Group commit. Rows are gathered in the order they come. A full batch leaves as soon as one of `maxInFlight` slots
 * is free; a partial one when nothing is under way, when its first row is `lingerMs` old, or when somebody waits for
 * it: so a lone row leaves at once, and under load the requests fill up by themselves. Batches are cut in a
 * microtask: the burst of one tick is one request.
 */
export function createBatcher({ insert, limits, runtime, observe, maxBytes, send }: BatcherParts): Batcher {
  const waiting: CutBatch[] = []
  const inFlight = new Set<CutBatch>()
  let open: Batch | undefined
  let openedAt = 0
  /** Why the open batch need not wait any longer, once that is so. */
  let due: CutReason | undefined
  let cancelLinger: (() => void) | undefined
  let scheduled = false
  let queuedRows = 0
  let queuedBytes = 0
  const readyWaiters: (() => void)[] = []

  function hasRoom(chunk: Pick<Chunk, "rows" | "bytes">): boolean {
    const [rows, bytes] = open === undefined ? [0, insert.baseBytes] : [open.rows, open.bytes]
    return rows + chunk.rows <= limits.maxRows && bytes + insert.bytesOf(chunk) <= maxBytes()
  }

  function add(chunk: Chunk, waits: boolean): void {
    if (open !== undefined && !hasRoom(chunk)) cut(open.rows + chunk.rows > limits.maxRows ? "rows" : "bytes")
    if (open === undefined) {
      open = createBatch(insert)
      openedAt = runtime.now()
    }
    addToBatch(open, chunk, insert)
    queuedRows += chunk.rows
    queuedBytes += insert.bytesOf(chunk)
    if (!waits) due ??= "deliver"
    schedule()
  }

  /** Closes the open batch: it waits for a slot and for nothing else. */
  function cut(reason: CutReason): void {
    const batch = open
    if (batch === undefined) return
    open = undefined
    due = undefined
    cancelLinger?.()
    cancelLinger = undefined
    observe({ type: "batch", reason, rows: batch.rows, bytes: batch.bytes })
    let start = () => {}
    const done = new Promise<void>(resolve => {
      start = () => void send(batch).then(resolve)
    })
    waiting.push({ batch, done, start })
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    void Promise.resolve().then(() => {
      scheduled = false
      dispatch()
    })
  }

  function dispatch(): void {
    while (inFlight.size < limits.maxInFlight) {
      if (waiting.length === 0) cutPartial()
      const next = waiting.shift()
      if (next === undefined) return
      inFlight.add(next)
      leaveQueue(next.batch)
      next.start()
      void next.done.then(() => {
        inFlight.delete(next)
        // Not dispatch at once: writers that an outcome wakes may still fill the next batch.
        schedule()
      })
    }
  }

  function cutPartial(): void {
    if (open === undefined) return
    // Counted from the first row, and never set back by a later one.
    const remainingMs = limits.lingerMs - (runtime.now() - openedAt)
    if (inFlight.size === 0 || due !== undefined) cut(due ?? "idle")
    else if (runtime.sleep === undefined) return
    else if (remainingMs <= 0) cut("linger")
    else cancelLinger ??= runtime.sleep(remainingMs, dispatch)
  }

  function leaveQueue(batch: Batch): void {
    queuedRows -= batch.rows
    queuedBytes -= batch.bytes - insert.baseBytes
    // All of them: one that is woken need not write, and the others must not wait for it.
    if (isReady()) for (const wake of readyWaiters.splice(0)) wake()
  }

  function isReady(): boolean {
    return queuedRows < limits.maxQueuedRows && queuedBytes < limits.maxQueuedBytes
  }

  const ready = Promise.resolve()
  return {
    hasRoom,
    add,
    ready: () => (isReady() ? ready : new Promise(resolve => readyWaiters.push(resolve))),
    async flush() {
      cut("flush")
      dispatch()
      await Promise.all([...inFlight, ...waiting].map(({ done }) => done))
    },
    unfinished: () => [...inFlight, ...waiting].map(({ batch }) => batch).concat(open ?? []),
  }
}
