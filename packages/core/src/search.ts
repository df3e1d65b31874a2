import type { Batch } from "./batch.ts"
import { ConfigError, DeliveryError, type EventError, type SinkError } from "./errors.ts"
import type { Budget, Sender, Unstored } from "./sender.ts"

/** How bad rows are found: see SinkOptions. */
export type SearchName = "halves" | "round"

/**
 * Finds the rows that a refused batch was refused for; the others are stored on the way. A refused insert stored
 * nothing, so its pieces may be sent. What comes back is not stored.
 */
type Search = (unstored: Unstored, sender: Sender, startedAt: number) => Promise<Unstored[]>

export const searches: Readonly<Record<SearchName, Search>> = { halves: searchHalves, round: searchRound }

/** Extra requests that may be spent on finding the bad rows of one batch. */
const maxExtraRequests = 64

/** From this many rows on, more bad than good ones say that it is not the rows. */
const minSystemicRows = 8

/** A row that was refused alone. */
type Bad = Unstored & { error: EventError }

async function searchHalves({ batch: whole, error: cause }: Unstored, sender: Sender, startedAt: number) {
  const bad: Bad[] = []
  const failed: Unstored[] = []
  /** Pieces that nobody will look at any more. */
  const given: Batch[] = []
  // Attempts and pieces of a probe count too, and the time since the batch was sent first.
  const budget: Budget = { startedAt, requests: maxExtraRequests }

  const isOver = () => budget.requests < 2 || isSystemic(whole, bad)

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
    if (isBad(unstored)) bad.push(unstored)
    else if (isDivisible(unstored)) await divide(unstored)
    else failed.push(unstored)
  }

  await divide({ batch: whole, error: cause })
  if (given.length === 0 && !isSystemic(whole, bad)) return [...failed, ...bad]
  const error = toSystemicError(cause, whole.rows)
  return [...failed, ...[...bad, ...given.map(batch => ({ batch }))].map(({ batch }) => ({ batch, error }))]
}

async function searchRound({ batch: whole, error: cause }: Unstored, sender: Sender, startedAt: number) {
  const budget: Budget = { startedAt, requests: maxExtraRequests }
  const pieces = sender.cut(whole, cause.code, maxExtraRequests)
  const unstored = (await Promise.all(pieces.map(piece => sender.send(piece, budget)))).flat()
  const bad = unstored.filter(isBad)
  const error = isSystemic(whole, bad) ? toSystemicError(cause, whole.rows) : undefined
  return unstored.map(piece => {
    if (isBad(piece)) return { ...piece, error: error ?? piece.error }
    return piece.error.name === "EventError" ? { ...piece, error: toOpenError(piece) } : piece
  })
}

function isBad(unstored: Unstored): unstored is Bad {
  return unstored.error.name === "EventError" && unstored.batch.rows === 1
}

/** Refusals are announced at the end only: where most rows prove bad, the fault is in the set-up. */
function isSystemic(whole: Batch, bad: readonly Bad[]): boolean {
  return whole.rows >= minSystemicRows && bad.length > whole.rows / 2
}

/** Whether it may be some rows and not all that an error is about. */
export function isDivisible({ batch, error }: Unstored): boolean {
  return batch.rows > 1 && (error.name === "EventError" || error.code === "unknown_answer")
}

/** An unknown error that both halves meet alike is not about a row. */
function haveSameUnknownError([left]: Unstored[], [right]: Unstored[]): boolean {
  return left?.error.code === "unknown_answer" && left.error.message === right?.error.message
}

function toOpenError({ batch, error }: Unstored): DeliveryError {
  return new DeliveryError({
    code: "too_late",
    engineCode: error.engineCode,
    status: error.status,
    message: `The database refuses one of ${batch.rows} rows, and there was no time to find which. Send them again.`,
  })
}

function toSystemicError(cause: SinkError, rows: number): ConfigError {
  return new ConfigError({
    code: "systemic_refusal",
    engineCode: cause.engineCode,
    status: cause.status,
    message: `The database refuses too many of ${rows} rows: the fault is not in the events. Compare the table's columns with the sink's. ${cause.message}`,
  })
}
