import type { Batch } from "./batch.ts"
import { ConfigError, type EventError, type SinkError } from "./errors.ts"
import type { Budget, Sender, Unstored } from "./sender.ts"

/** Extra requests that may be spent on finding the bad rows of one batch. */
const maxExtraRequests = 64

/** From this many rows on, more bad than good ones say that it is not the rows. */
const minSystemicRows = 8

/**
 * Finds the rows that a refused batch was refused for; the others are stored on the way. A refused insert stored
 * nothing, so its pieces may be sent. A row is refused only when it was refused alone, and refusals are announced at
 * the end only: where more than half of the rows prove bad, or the search takes too many requests, the fault is in
 * the set-up and not in the events, and nothing is refused.
 */
export async function bisect(
  { batch: whole, error: cause }: Unstored,
  sender: Sender,
  startedAt: number,
): Promise<Unstored[]> {
  const bad: { batch: Batch; error: EventError }[] = []
  const failed: Unstored[] = []
  /** Pieces that nobody will look at any more. */
  const given: Batch[] = []
  // Attempts and pieces of a probe count too, and the time since the batch was sent first.
  const budget: Budget = { startedAt, requests: maxExtraRequests }

  const isSystemic = () => whole.rows >= minSystemicRows && bad.length > whole.rows / 2
  const isOver = () => budget.requests < 2 || isSystemic()

  async function divide({ batch, error }: Unstored): Promise<void> {
    if (isOver()) {
      given.push(batch)
      return
    }
    const [left, right] = sender.split(batch, error.code)
    const ofLeft = await sender.send(left, budget)
    // Where the left half is stored, the right one holds the bad row: sending it whole would only say so again.
    const isKnownBad = ofLeft.length === 0 && error.name === "EventError" && right.rows > 1
    const ofRight = isKnownBad ? [{ batch: right, error }] : await sender.send(right, budget)
    if (haveSameUnknownError(ofLeft, ofRight)) failed.push(...ofLeft, ...ofRight)
    else for (const unstored of [...ofLeft, ...ofRight]) await judge(unstored)
  }

  async function judge(unstored: Unstored): Promise<void> {
    const { batch, error } = unstored
    if (error.name === "EventError" && batch.rows === 1) bad.push({ batch, error })
    else if (isDivisible(unstored)) await divide(unstored)
    else failed.push(unstored)
  }

  await divide({ batch: whole, error: cause })
  if (given.length === 0 && !isSystemic()) return [...failed, ...bad]
  const error = toSystemicError(cause, whole.rows)
  return [...failed, ...[...bad, ...given.map(batch => ({ batch }))].map(({ batch }) => ({ batch, error }))]
}

/** Whether it may be some rows and not all that an error is about. */
export function isDivisible({ batch, error }: Unstored): boolean {
  return batch.rows > 1 && (error.name === "EventError" || error.code === "unknown_answer")
}

/** An unknown error that both halves meet alike is not about a row. */
function haveSameUnknownError([left]: Unstored[], [right]: Unstored[]): boolean {
  return left?.error.code === "unknown_answer" && left.error.message === right?.error.message
}

function toSystemicError(cause: SinkError, rows: number): ConfigError {
  return new ConfigError({
    code: "systemic_refusal",
    engineCode: cause.engineCode,
    status: cause.status,
    message: `The database refuses so many of ${rows} rows that the fault is not in the events. Compare the table's columns with the sink's. It said: ${cause.message}`,
  })
}
