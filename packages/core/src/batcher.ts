import type { Insert } from "./insert.ts"
import type { ResolvedLimits } from "./options.ts"
import type { Outcome } from "./outcome.ts"
import type { Row } from "./row.ts"

/** A row that waits for its outcome. */
export interface Pending {
  readonly row: Row
  settle(outcome: Outcome): void
}

/** Rows that go in one request, and the bytes of that request's body. */
export interface Batch {
  readonly pending: Pending[]
  bytes: number
}

export interface Batcher {
  /** Takes a row that fits a request of its own. */
  add(pending: Pending): void
}

/**
 * Group commit. Rows are gathered in the order they come; a full batch leaves as soon as one of `maxInFlight`
 * slots is free, a partial one only while nothing is under way. So a lone row leaves at once, and under load the
 * requests fill up by themselves. Batches are cut in a microtask: the burst of one tick is one request.
 */
export function createBatcher(
  insert: Insert,
  limits: ResolvedLimits,
  send: (batch: Batch) => Promise<void>,
): Batcher {
  const full: Batch[] = []
  let open: Batch | undefined
  let inFlight = 0
  let scheduled = false

  function add(pending: Pending): void {
    if (open === undefined || !hasRoom(open, pending.row)) {
      if (open !== undefined) full.push(open)
      open = createBatch(insert)
    }
    open.pending.push(pending)
    open.bytes += insert.bytesOf(pending.row)
    schedule()
  }

  function hasRoom(batch: Batch, row: Row): boolean {
    return batch.pending.length < limits.maxRows && batch.bytes + insert.bytesOf(row) <= limits.maxBytes
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
    while (inFlight < limits.maxInFlight) {
      const batch = full.shift() ?? takeOpen()
      if (batch === undefined) return
      inFlight++
      // Not dispatch at once: writers that the outcome wakes may still fill the next batch.
      void send(batch).finally(() => {
        inFlight--
        schedule()
      })
    }
  }

  function takeOpen(): Batch | undefined {
    if (inFlight > 0) return undefined
    const batch = open
    open = undefined
    return batch
  }

  return { add }
}

/** Two batches with half of the bytes each, or as near to it as the rows allow; neither is empty. */
export function splitBatch(batch: Batch, insert: Insert): [Batch, Batch] {
  const [left, right] = [createBatch(insert), createBatch(insert)]
  for (const [index, pending] of batch.pending.entries()) {
    const isLast = index === batch.pending.length - 1
    const half = index === 0 || (!isLast && left.bytes + right.bytes < batch.bytes / 2) ? left : right
    half.pending.push(pending)
    half.bytes += insert.bytesOf(pending.row)
  }
  return [left, right]
}

function createBatch(insert: Insert): Batch {
  return { pending: [], bytes: insert.baseBytes }
}
