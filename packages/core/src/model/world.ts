import { createModelClock, type ModelClock } from "./clock.ts"
import type { Command, RowPlan, Settings } from "./commands.ts"
import { createModelSink, type ModelEvent, type ModelSink, type Result } from "./sink-api.ts"
import { createModelTable, type ModelTable, markers, type TableRequest } from "./table.ts"

/** One event, and what the model knows about it. */
export interface Entry {
  readonly id: string
  readonly plan: RowPlan
  readonly event: ModelEvent
  readonly acceptedAt: number
  /** Written after close. */
  readonly isLate: boolean
  readonly submission: Submission | undefined
  readonly requests: TableRequest[]
  outcome: Result | undefined
  /** How many requests had arrived when the outcome became known. */
  requestsBefore: number
  /** Whether a request with the event was in flight or undecided when the outcome became known. */
  wasUncertain: boolean
}

/** The events of one writeBatch. */
export interface Submission {
  readonly entries: Entry[]
  readonly controller: AbortController
  isAborted: boolean
  isDone: boolean
}

/** A flush or a close that has been called. */
export interface Waiter {
  readonly kind: "flush" | "close"
  /** The events without an outcome when it was called. */
  readonly entries: readonly Entry[]
  readonly deadlineAt: number
  isResolved: boolean
  isChecked: boolean
  undelivered: readonly ModelEvent[]
}

export interface World {
  readonly settings: Settings
  readonly clock: ModelClock
  readonly table: ModelTable
  readonly sink: ModelSink
  readonly entries: readonly Entry[]
  readonly byId: ReadonlyMap<string, Entry>
  /** Events of a writeBatch that have no outcome yet, and events of write that have none. */
  readonly open: { written: number; submitted: number }
  /** Outcomes that have become known. */
  readonly known: { stored: number; rejected: number; failed: number }
  readonly submissions: readonly Submission[]
  readonly waiters: readonly Waiter[]
  /** What the observer was passed. */
  readonly observed: object[]
  readonly trace: string[]
  perform(command: Command): void
}

export interface WorldParts {
  settings: Settings
  /** Called with each request when it arrives. */
  arrived(world: World, request: TableRequest): void
}

/** The sink under test, its table, its clock, and everything that has happened to them. */
export function createWorld({ settings, arrived }: WorldParts): World {
  const clock = createModelClock()
  const entries: Entry[] = []
  const byId = new Map<string, Entry>()
  const submissions: Submission[] = []
  const waiters: Waiter[] = []
  const observed: object[] = []
  const known = { stored: 0, rejected: 0, failed: 0 }
  const open = { written: 0, submitted: 0 }
  let isClosed = false
  let seed = 1

  const table = createModelTable({
    deduplicate: settings.deduplicate,
    isEager: settings.isEager,
    arrived(request) {
      for (const { id } of request.rows) byId.get(id)?.requests.push(request)
      arrived(world, request)
    },
  })

  const sink = createModelSink({
    deduplicate: settings.deduplicate,
    bisect: settings.bisect,
    retry: settings.retry,
    onAmbiguous: settings.onAmbiguous,
    limits: {
      maxRows: settings.maxRows,
      maxBytes: settings.maxBytes,
      maxInFlight: settings.maxInFlight,
      lingerMs: settings.lingerMs,
      // Otherwise a row may linger longer than it may take.
      lingerWhenIdle: settings.lingerWhenIdle && settings.deliveryTimeoutMs === undefined,
      ...(settings.deliveryTimeoutMs === undefined ? {} : { deliveryTimeoutMs: settings.deliveryTimeoutMs }),
    },
    now: clock.now,
    sleep: settings.hasTimers ? clock.sleep : undefined,
    random() {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    },
    ...(settings.hasObserver ? { observe: (event: object) => observed.push(event) } : {}),
    send: table.send,
  })

  function addEntry(plan: RowPlan, submission: Submission | undefined): Entry {
    const id = `secret ${entries.length + 1}`
    const entry: Entry = {
      id,
      plan,
      event: toEvent(id, plan),
      acceptedAt: clock.now(),
      isLate: isClosed,
      submission,
      requests: [],
      outcome: undefined,
      requestsBefore: 0,
      wasUncertain: false,
    }
    entries.push(entry)
    byId.set(id, entry)
    return entry
  }

  function settle(entry: Entry, outcome: Result): void {
    entry.outcome = outcome
    entry.requestsBefore = entry.requests.length
    entry.wasUncertain = entry.requests.some(isUncertain)
    known[outcome.status]++
  }

  function write(plans: readonly RowPlan[]): void {
    for (const plan of plans) {
      const entry = addEntry(plan, undefined)
      open.written++
      void sink.write(entry.event).then(outcome => {
        open.written--
        settle(entry, outcome)
      })
    }
  }

  function writeBatch(plans: readonly RowPlan[]): void {
    const submission: Submission = {
      entries: [],
      controller: new AbortController(),
      isAborted: false,
      isDone: false,
    }
    submission.entries.push(...plans.map(plan => addEntry(plan, submission)))
    submissions.push(submission)
    open.submitted += plans.length
    const events = submission.entries.map(entry => entry.event)
    void sink.writeBatch(events, submission.controller.signal).then(outcomes => {
      submission.isDone = true
      open.submitted -= plans.length
      for (const [index, entry] of submission.entries.entries()) settle(entry, outcomes[index] as Result)
    })
  }

  function wait(kind: Waiter["kind"], deadlineMs?: number): void {
    const waiter: Waiter = {
      kind,
      entries: entries.filter(entry => entry.outcome === undefined),
      deadlineAt: deadlineMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + deadlineMs,
      isResolved: false,
      isChecked: false,
      undelivered: [],
    }
    waiters.push(waiter)
    if (kind === "close") isClosed = true
    const ends = kind === "flush" ? sink.flush().then(() => []) : sink.close(deadlineMs)
    void ends.then(undelivered => {
      waiter.isResolved = true
      waiter.undelivered = undelivered
    })
  }

  function abort(which: number): void {
    const running = submissions.filter(({ isDone }) => !isDone)
    const submission = running[which % Math.max(1, running.length)]
    if (submission === undefined) return
    submission.isAborted = true
    submission.controller.abort()
  }

  const world: World = {
    settings,
    clock,
    table,
    sink,
    entries,
    byId,
    open,
    known,
    submissions,
    waiters,
    observed,
    trace: [],
    perform(command) {
      if (command.do === "write") write(command.rows)
      else if (command.do === "writeBatch") writeBatch(repeat(command.rows, command.copies))
      else if (command.do === "abort") abort(command.which)
      else if (command.do === "flush") wait("flush")
      else if (command.do === "close") wait("close", command.deadlineMs)
      else if (command.do === "limit") table.changeAfter(command.after, { maxBytes: command.maxBytes })
      else if (command.do === "deny") table.changeAfter(command.after, { isDenied: command.isDenied })
      else if (command.do === "alter") table.changeAfter(command.after, { isStrict: command.isStrict })
      else if (command.do === "arm") table.arm(command.fate)
      else if (command.do === "answer") table.answer(command.which)
      else if (command.do === "answerAll")
        for (let left = table.held.length; left > 0; left--) table.answer(0)
    },
  }
  return world
}

/** Whether a request may have been committed, as far as its sender knows. */
export function isUncertain({ answer }: TableRequest): boolean {
  if (answer === undefined || answer.status === "nonsense") return true
  return answer.status === "error" && answer.fault === "lost"
}

/** An event whose values all begin with `secret`, so that a message with one of them is noticed. */
export function toEvent(id: string, { kind, padding }: RowPlan): ModelEvent {
  return {
    ...(kind === "invalid" ? {} : { messageId: id }),
    timestamp: "2026-11-22T06:13:12.535Z",
    type: "track",
    ...(kind === "good" || kind === "invalid" ? {} : { event: markers[kind] }),
    ...(padding === 0 ? {} : { name: toPadding(padding) }),
  }
}

function repeat<Item>(items: readonly Item[], times: number): Item[] {
  return Array.from({ length: times }, () => items).flat()
}

const paddings = new Map<number, string>()

function toPadding(characters: number): string {
  const known = paddings.get(characters)
  if (known !== undefined) return known
  const padding = `secret ${"é".repeat(characters)}`
  paddings.set(characters, padding)
  return padding
}
