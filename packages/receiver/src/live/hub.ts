import type { Contract, Event, Outcome, Schema } from "@singlesink/core"
import type {
  LiveDetails,
  LiveProblem,
  LiveSnapshot,
  LiveTotals,
  LiveUpdate,
  LiveViolation,
} from "./protocol.ts"
import { createSample } from "./sample.ts"
import { createTally } from "./tally.ts"
import { createTraffic } from "./traffic.ts"

/** What the live page shows. */
export interface LiveHub {
  /** Notes the outcomes of a call. */
  note(events: readonly Event[], outcomes: readonly Outcome[], table: string, milliseconds: number): void
  /** The same contract. It also notes each violation. */
  watch(contract: Contract): Contract
  snapshot(): LiveSnapshot
  /** What is new since the last call. */
  takeUpdate(): LiveUpdate
  /** The event of an entry, masked unless values are shown; undefined if it has left the sample. */
  find(id: number): LiveDetails | undefined
}

const [maxPaths, maxTextLength] = [10, 80]

/** @param pendingEvents the events without an outcome */
export function createLiveHub(showValues: boolean, pendingEvents: () => number): LiveHub {
  const sample = createSample(showValues)
  const traffic = createTraffic()
  const problems = createTally<LiveProblem>()
  const violations = createTally<LiveViolation>()
  const counts = { stored: 0, rejected: 0, failed: 0 }
  const totals = (): LiveTotals => ({ ...counts, pending: pendingEvents() })

  function watchSchema(schema: Schema): Schema {
    const { version, validate } = schema["~standard"]
    return {
      "~standard": {
        version,
        validate(value) {
          const result = validate(value)
          if (!("then" in result) && result.issues !== undefined) noteViolation(value, result.issues)
          return result
        },
      },
    }
  }

  function noteViolation(event: unknown, issues: readonly { path?: unknown }[]): void {
    const { type, event: name } = Object(event) as Record<string, unknown>
    const key = String(type === "track" ? name : type).slice(0, maxTextLength)
    violations.add(key, previous => {
      const paths = new Set([...(previous?.paths ?? []), ...issues.slice(0, maxPaths).map(toPath)])
      return { event: key, paths: [...paths].slice(0, maxPaths) }
    })
  }

  return {
    note(events, outcomes, table, milliseconds) {
      for (const [index, outcome] of outcomes.entries()) {
        const { status } = outcome
        counts[status]++
        traffic.add(status, milliseconds)
        sample.add(events[index] as Event, outcome, table, milliseconds)
        if (outcome.status === "stored") continue
        const { code, column, message } = outcome.error
        const reason = message.replace(/ \[\w+\]$/, "")
        problems.add(`${code} ${column ?? ""}`, () => ({ code, column, outcome: outcome.status, reason }))
      }
    },
    watch: contract =>
      "~standard" in contract
        ? watchSchema(contract as Schema)
        : Object.fromEntries(Object.entries(contract).map(([name, schema]) => [name, watchSchema(schema)])),
    snapshot: () => ({
      seconds: traffic.list(),
      events: sample.list(),
      problems: problems.list(),
      violations: violations.list(),
      totals: totals(),
      showsValues: showValues,
    }),
    takeUpdate: () => ({
      seconds: traffic.take(),
      ...sample.take(),
      problems: problems.takeChanged(),
      violations: violations.takeChanged(),
      totals: totals(),
    }),
    find: sample.find,
  }
}

/** The path of an issue of a Standard Schema, whose parts are keys or objects with a key. */
function toPath({ path }: { path?: unknown }): string {
  if (!Array.isArray(path) || path.length === 0) return "the event itself"
  return path
    .map(part => String(Object(part) === part ? (part as { key: unknown }).key : part))
    .join(".")
    .slice(0, maxTextLength)
}
