import { DeliveryError, type Event, isSinkError, type Outcome } from "@singlesink/core"
import { type DeadLetterFile, toDeadLetter } from "../dead-letters/index.ts"
import { RequestError } from "../http/request-error.ts"
import { version } from "../version.ts"
import type { Table } from "./tables.ts"

/** The events of one call. */
interface Call {
  readonly table: Table
  readonly events: readonly Event[]
  /** Whether the caller sent an array. A single event waits for others, to share their request. */
  readonly isBatch: boolean
  /** The route, for the dead letters. */
  readonly source: string
}

export interface DeliveryOptions {
  readonly maxPendingEvents: number
  readonly answerTimeoutMs: number
  /** Undefined if rejected events are only listed in the answer. */
  readonly deadLetters: () => DeadLetterFile | undefined
}

export interface Delivery {
  /**
   * Stores the events of a call, and resolves to one outcome for each. Rejected events are in the dead-letter file by then,
   * unless the caller has to send all of them again.
   *
   * @throws RequestError if too many events wait, or if the dead letters cannot be written
   */
  deliver(call: Call): Promise<readonly Outcome[]>
  /** The events without an outcome. */
  pendingEvents(): number
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { maxPendingEvents, answerTimeoutMs, deadLetters } = options
  let pending = 0

  function admit({ length }: readonly Event[]): void {
    if (length > maxPendingEvents) {
      const message = `The call has ${length} events, and the limit is ${maxPendingEvents}. Send fewer at once.`
      throw new RequestError(413, "too_many_events", message)
    }
    if (pending + length > maxPendingEvents) {
      throw new RequestError(503, "overloaded", "Too many events wait. Send the call again later.", 1)
    }
    pending += length
  }

  async function store({ table: { sink }, events, isBatch }: Call): Promise<readonly Outcome[]> {
    if (isBatch) return sink.writeBatch(events)
    return [await sink.write(events[0] as Event).then(() => stored, toOutcome)]
  }

  /** Writes what can never be stored to the file. If an event failed, the caller sends all of them again. */
  async function keepRejected({ events, source }: Call, outcomes: readonly Outcome[]): Promise<void> {
    const file = deadLetters()
    if (file === undefined || outcomes.some(({ status }) => status === "failed")) return
    const letters = outcomes.flatMap((outcome, index) =>
      outcome.status === "rejected"
        ? [toDeadLetter(toUndelivered(events[index]), source, outcome.error, version)]
        : [],
    )
    if (letters.length === 0) return
    await file.append(letters).catch(error => {
      const message = `${(error as Error).message} Send the call again later.`
      throw new RequestError(503, "dead_letters_unavailable", message, 5)
    })
  }

  return {
    pendingEvents: () => pending,
    async deliver(call) {
      admit(call.events)
      const work = store(call).finally(() => {
        pending -= call.events.length
      })
      const outcomes = await withDeadline(work, answerTimeoutMs, () => call.events.map(late))
      if (outcomes.some(({ status }) => status === "rejected")) await keepRejected(call, outcomes)
      return outcomes
    },
  }
}

/** What is in an array of a call need not be an object. */
function toUndelivered(event: unknown): { event?: object; text?: string } {
  return typeof event === "object" && event !== null && !Array.isArray(event)
    ? { event }
    : { text: JSON.stringify(event) }
}

const stored: Outcome = Object.freeze({ status: "stored" })

function toOutcome(error: unknown): Outcome {
  if (!isSinkError(error)) throw error
  return error.name === "EventError" ? { status: "rejected", error } : { status: "failed", error }
}

function late(): Outcome {
  const message = "The database did not answer in time. A request may have stored the event. Send it again."
  const error = new DeliveryError({ code: "deadline_exceeded", message, ambiguous: true })
  return { status: "failed", error }
}

function withDeadline<Result>(
  work: Promise<Result>,
  timeoutMs: number,
  onLate: () => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(onLate()), timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
