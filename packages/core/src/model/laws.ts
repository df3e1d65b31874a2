import type { SinkCounts } from "./sink-api.ts"
import type { TableRequest } from "./table.ts"
import { type Entry, isUncertain, type Submission, type Waiter, type World } from "./world.ts"

/** The sink's promises, by the name under which a run can leave them out. */
const laws = [
  /** Every event gets one outcome, and an abort settles what it aborts. */
  "settled",
  /** A stored event is in the table. */
  "stored",
  /** An event in the table is stored, or its error is ambiguous. */
  "ambiguous",
  /** An ambiguous error has a request behind it that may have been committed. */
  "cause",
  /** A rejected event was never sent, or was refused alone. */
  "alone",
  /** flush and close resolve after the last outcome. */
  "flush",
  /** flush and close resolve as soon as every event has its outcome. */
  "prompt",
  /** The counts add up, and are what the outcomes say. */
  "counts",
  /** Sizes are exact and within the limits. */
  "request",
  /** At most maxInFlight requests are in flight. */
  "inFlight",
  /** Nothing is sent for an event that has its outcome. */
  "silent",
  /** Nothing is sent for an event that is older than deliveryTimeoutMs. */
  "timely",
  /** close returns the events without an outcome at the deadline. */
  "undelivered",
  /** An event that is written after close fails and is not sent. */
  "closed",
  /** When the server is healthy again, a good event is stored. */
  "recovers",
  /** An observer and an error never show a value. */
  "secret",
  /** A good event that met only decisive answers is stored. */
  "good",
  /** An event that the table refuses with a known error is rejected if it met only decisive answers. */
  "bad",
  /** Like `good` and `bad`, for an event in a request that met an unknown error. */
  "spread",
  /** Without deduplication and without retries after ambiguous errors, no row is in the table twice. */
  "once",
] as const

export type Law = (typeof laws)[number]

/** A promise that the sink has broken. */
export class LawError extends Error {
  readonly law: Law

  constructor(law: Law, message: string) {
    super(`${law}: ${message}`)
    this.law = law
  }
}

export type Check = (law: Law, isKept: boolean, describe: () => string) => void

export function createCheck(without: readonly Law[]): Check {
  return (law, isKept, describe) => {
    if (!isKept && !without.includes(law)) throw new LawError(law, describe())
  }
}

/** The laws of every request, checked when it arrives. */
export function checkRequest(world: World, request: TableRequest, check: Check): void {
  const { settings, table, clock } = world
  const { body, bytes, rows, claimedRows, columns, placeholders, args, number } = request
  check("request", Buffer.byteLength(body) === bytes, () => `request ${number} is not ${bytes} bytes long`)
  check("request", bytes <= settings.maxBytes, () => `request ${number} has ${bytes} bytes`)
  check(
    "request",
    claimedRows === rows.length && rows.length > 0,
    () => `request ${number}: ${claimedRows} rows`,
  )
  check("request", rows.length <= settings.maxRows, () => `request ${number} has ${rows.length} rows`)
  const isWhole = placeholders === args && columns * claimedRows === args
  check("request", isWhole, () => `request ${number} has ${placeholders} placeholders and ${args} values`)

  const inFlight = table.requests.filter(({ answer }) => answer === undefined).length
  const isRound = settings.bisect === "parallel" && table.requests.some(isRefusedTogether)
  const most = settings.maxInFlight * (isRound ? 64 : 1)
  check("inFlight", inFlight <= most, () => `${inFlight} requests are in flight, request ${number} the last`)

  const ids = new Set(rows.map(({ id }) => id))
  check("silent", ids.size === rows.length, () => `request ${number} has a row twice`)
  for (const { id } of rows) {
    const entry = world.byId.get(id)
    if (entry === undefined)
      throw new LawError("request", `request ${number} has ${id}, which is not an event`)
    const isOver = entry.outcome !== undefined || entry.submission?.isAborted === true
    const wasStored = entry.requests.some(({ answer }) => answer?.status === "inserted")
    check("silent", !isOver && !wasStored, () => `request ${number} has ${entry.id}, which has its outcome`)
    const ageMs = clock.now() - entry.acceptedAt
    const isTimely = settings.deliveryTimeoutMs === undefined || ageMs <= settings.deliveryTimeoutMs
    check("timely", isTimely, () => `request ${number} has ${entry.id}, which is ${ageMs} ms old`)
  }
}

/** The laws that hold after every step, when no microtask is left. */
export function checkStep(world: World, check: Check): void {
  checkCounts(world, check)
  for (const submission of world.submissions) checkAbort(submission, check)
  for (const waiter of world.waiters) checkWaiter(waiter, check)
  for (const event of world.observed.splice(0)) {
    const text = JSON.stringify(event)
    check("secret", !text.includes("secret "), () => `the observer was passed ${text}`)
  }
}

function checkCounts({ sink, entries, known, open }: World, check: Check): void {
  const counts = sink.counts()
  const describe = () => `${JSON.stringify(counts)}; known: ${JSON.stringify({ ...known, ...open })}`
  const { received, stored, rejected, failed, pending } = counts
  check("counts", received === stored + rejected + failed + pending, describe)
  check("counts", received === entries.length, describe)
  // What became of a part of a writeBatch is known when all of it has its outcome.
  const isBetween = (name: keyof SinkCounts, least: number) =>
    counts[name] >= least && counts[name] <= least + open.submitted
  check("counts", isBetween("stored", known.stored), describe)
  check("counts", isBetween("rejected", known.rejected), describe)
  check("counts", isBetween("failed", known.failed), describe)
  check("counts", isBetween("pending", open.written), describe)
}

function checkAbort({ isAborted, isDone, entries }: Submission, check: Check): void {
  check("settled", !isAborted || isDone, () => `the aborted batch of ${entries[0]?.id} has no outcomes`)
}

function checkWaiter(waiter: Waiter, check: Check): void {
  if (waiter.isChecked) return
  const open = waiter.entries.filter(entry => entry.outcome === undefined)
  const ids = () => open.map(({ id }) => id).join(", ")
  if (waiter.isResolved) {
    waiter.isChecked = true
    check("flush", open.length === 0, () => `${waiter.kind} has resolved without an outcome of ${ids()}`)
  } else {
    check("prompt", open.length > 0, () => `${waiter.kind} has not resolved, and all events have an outcome`)
  }
}

/** The law of a close that has reached its deadline. `before`: the events without an outcome until then. */
export function checkDeadline(world: World, before: readonly Entry[], check: Check): void {
  const closed = before.filter(
    entry => entry.outcome?.status === "failed" && entry.outcome.error.code === "closed",
  )
  for (const waiter of world.waiters) {
    if (waiter.kind !== "close" || waiter.deadlineAt > world.clock.now() || waiter.isChecked) continue
    if (!waiter.isResolved) continue
    const given = waiter.undelivered.map(event => world.entries.find(entry => entry.event === event)?.id)
    const isSame = given.length === closed.length && closed.every(({ id }, index) => id === given[index])
    check("undelivered", isSame, () => `close returned ${given}, and not ${closed.map(({ id }) => id)}`)
  }
}

/** The laws that hold at the end, when every request has been answered. */
export function checkEnd(world: World, check: Check): void {
  for (const entry of world.entries) checkEntry(world, entry, check)
  const undelivered = new Set(world.waiters.flatMap(waiter => waiter.undelivered))
  for (const { id, event, isLate, outcome } of world.entries) {
    const isClosed = !isLate && outcome?.status === "failed" && outcome.error.code === "closed"
    check("undelivered", undelivered.has(event) === isClosed, () => `${id}: ${JSON.stringify(outcome)}`)
  }
}

function checkEntry(world: World, entry: Entry, check: Check): void {
  const { settings, table } = world
  const { id, outcome, requests, requestsBefore, plan } = entry
  const describe = () => `${id} (${plan.kind}): ${JSON.stringify(outcome)}`
  check("settled", outcome !== undefined, describe)
  check("silent", requests.length === requestsBefore, describe)
  if (settings.onAmbiguous === "fail" || settings.deduplicate) check("once", table.copies(id) <= 1, describe)
  if (outcome === undefined) return
  check("closed", !entry.isLate || (requests.length === 0 && outcome.status !== "stored"), describe)
  if (outcome.status === "stored") {
    check("stored", table.has(id), describe)
    return
  }
  const { error } = outcome
  if (entry.isLate && plan.kind !== "invalid") check("closed", error.code === "closed", describe)
  check("secret", !error.message.includes("secret "), describe)
  check("ambiguous", !table.has(id) || error.ambiguous, describe)
  check("cause", !error.ambiguous || entry.wasUncertain, describe)
  if (outcome.status === "rejected")
    check("alone", requests.length === 0 || requests.some(isRefusedAlone), describe)
  if (isExcused(world, entry)) return
  const isSpread = requests.some(isUnknown)
  if (plan.kind === "good") check(isSpread ? "spread" : "good", isTooLarge(entry), describe)
  if (plan.kind === "known")
    check(isSpread ? "spread" : "bad", outcome.status === "rejected" && !error.ambiguous, describe)
  if (plan.kind === "invalid") check("bad", outcome.status === "rejected", describe)
}

/** Whether something other than the rows explains that the event is not stored. */
function isExcused(world: World, { isLate, outcome, submission, requests }: Entry): boolean {
  const { settings, table } = world
  if (isLate || submission?.isAborted || outcome === undefined || outcome.status === "stored") return true
  const { code } = outcome.error
  if (code === "closed") return true
  if (settings.deliveryTimeoutMs !== undefined && outcome.error.name === "DeliveryError") return true
  // After a configuration error, or a batch of which most rows met a page, events fail for a while without a request.
  if (table.requests.some(request => isDenied(request) || (isPage(request) && isSystemic(world, request))))
    return true
  return requests.some(request => isUncertain(request) || isBusy(request) || isSystemic(world, request))
}

function isUnknown({ answer }: TableRequest): boolean {
  return answer?.status === "error" && ["unknown", "unknown2", "page"].includes(answer.fault)
}

function isDenied({ answer }: TableRequest): boolean {
  return answer?.status === "error" && answer.fault === "denied"
}

function isPage({ answer }: TableRequest): boolean {
  return answer?.status === "error" && answer.fault === "page"
}

function isBusy({ answer }: TableRequest): boolean {
  return answer?.status === "error" && (answer.fault === "busy" || answer.fault === "locked")
}

/** Most of 8 or more rows are bad: then the fault is taken to be in the table, and all of them fail. */
function isSystemic({ byId }: World, { rows }: TableRequest): boolean {
  if (rows.length < 8) return false
  const bad = rows.filter(({ id, mark }) => mark !== null || byId.get(id)?.requests.some(isTooLargeAlone))
  return bad.length > rows.length / 2
}

function isTooLarge({ requests }: Entry): boolean {
  return requests.length === 0 || requests.some(isTooLargeAlone)
}

function isTooLargeAlone({ rows, answer }: TableRequest): boolean {
  return rows.length === 1 && answer?.status === "too_large"
}

function isRefusedAlone({ rows, answer }: TableRequest): boolean {
  if (rows.length > 1 || answer === undefined) return false
  return answer.status === "too_large" || (answer.status === "error" && answer.fault === "value")
}

function isRefusedTogether({ rows, answer }: TableRequest): boolean {
  if (rows.length === 1 || answer?.status !== "error") return false
  return ["value", "unknown", "unknown2", "page"].includes(answer.fault)
}
