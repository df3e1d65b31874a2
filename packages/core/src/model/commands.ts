import fc from "fast-check"
import type { SinkSettings } from "./sink-api.ts"
import { type Fate, fates } from "./table.ts"

/** How the table treats a row. An `invalid` one is rejected before it is sent. */
export type RowKind = "good" | "known" | "unknown" | "unknown2" | "page" | "invalid"

export interface RowPlan {
  kind: RowKind
  /** How many two-byte characters the event is padded with. */
  padding: number
}

/** One step of a run. `which` counts from the oldest, modulo how many there are. */
export type Command =
  | { do: "write"; rows: RowPlan[] }
  /** `copies`: how often the rows are repeated. */
  | { do: "writeBatch"; rows: RowPlan[]; copies: number }
  | { do: "abort"; which: number }
  | { do: "flush" }
  | { do: "close"; deadlineMs?: number | undefined }
  | { do: "advance"; milliseconds: number }
  | { do: "hold"; isHeld: boolean }
  | { do: "answer"; which: number }
  | { do: "answerAll" }
  /** `after`: how many answers come before the change. */
  | { do: "limit"; maxBytes: number; after: number }
  | { do: "deny"; isDenied: boolean; after: number }
  /** The table takes every value, or refuses marked rows again. */
  | { do: "alter"; isStrict: boolean; after: number }
  | { do: "arm"; fate: Fate }

/** The options of the sink and of the table for one run. */
export type Settings = Required<Pick<SinkSettings, "deduplicate" | "bisect" | "retry" | "onAmbiguous">> & {
  maxRows: number
  maxBytes: number
  maxInFlight: number
  lingerMs: number
  lingerWhenIdle: boolean
  deliveryTimeoutMs: number | undefined
  hasTimers: boolean
  hasObserver: boolean
  /** Whether a request takes effect when it arrives, or when it is answered. */
  isEager: boolean
}

export interface Plan {
  settings: Settings
  commands: Command[]
}

/**
 * Options and commands, in any order and of any length. Each plan leaves out some kinds of commands and has its own
 * mix of rows, so that what is rare in all plans together is common in some.
 */
export function plans({ without = [], maxCommands = 30 }: PlanOptions = {}): fc.Arbitrary<Plan> {
  const allowed = weightedCommands.filter(([name]) => !without.includes(name))
  const arbitraries = allowed.map(([name, weight, arbitrary]) => {
    const isAllowed = (draft: Draft) => draft.do !== "arm" || !without.includes(draft.fate)
    return { weight, arbitrary: name === "arm" ? arbitrary.filter(isAllowed) : arbitrary }
  })
  const drafts = fc.record({
    settings,
    mix: fc.nat({ max: mixes.length - 1 }),
    leftOut: fc.subarray<Command["do"]>(
      ["arm", "hold", "limit", "abort", "deny", "alter", "flush", "close"],
      {
        maxLength: 6,
      },
    ),
    commands: fc.array(fc.oneof(...arbitraries), { minLength: 1, maxLength: maxCommands, size: "max" }),
  })
  return drafts.map(({ settings, mix, leftOut, commands }) => ({
    settings,
    commands: commands
      .filter(command => !leftOut.includes(command.do))
      .map(draft => toCommand(draft, mixes[mix] as RowKind[])),
  }))
}

function toCommand(draft: Draft, mix: readonly RowKind[]): Command {
  if (!("rows" in draft)) return draft
  const toRow = ({ draw, padding }: RowDraft): RowPlan => ({ kind: mix[draw] as RowKind, padding })
  return { ...draft, rows: draft.rows.map(toRow) }
}

export interface PlanOptions {
  without?: readonly (Command["do"] | Fate)[] | undefined
  maxCommands?: number | undefined
}

const settings: fc.Arbitrary<Settings> = fc.record({
  deduplicate: fc.constantFrom(true, true, false),
  bisect: fc.constantFrom("sequential" as const, "parallel" as const),
  retry: fc.constantFrom({ baseDelayMs: 100, maxAttempts: 4 }, false as const),
  onAmbiguous: fc.constantFrom("retry" as const, "retry" as const, "fail" as const),
  maxRows: fc.constantFrom(10, 8, 5, 4, 3, 2, 1, 100),
  // An insert without rows has about 230 bytes, and each row adds 110 and its padding.
  maxBytes: fc.constantFrom(1_000_000, 3_000, 1_500, 800, 600),
  maxInFlight: fc.constantFrom(1, 2, 3),
  lingerMs: fc.constantFrom(10, 0, 1_000),
  lingerWhenIdle: fc.constantFrom(false, false, true),
  deliveryTimeoutMs: fc.constantFrom(undefined, undefined, 5_000, 500),
  hasTimers: fc.constantFrom(true, true, true, true, true, true, true, false),
  hasObserver: fc.constantFrom(false, false, false, true),
  isEager: fc.boolean(),
})

/** A row whose draw has not been mapped to a kind yet. */
interface RowDraft {
  draw: number
  padding: number
}

type Draft =
  | Exclude<Command, { rows: RowPlan[] }>
  | { do: "write"; rows: RowDraft[] }
  | { do: "writeBatch"; rows: RowDraft[]; copies: number }

/** Twelve draws each. */
const mixes: readonly RowKind[][] = [
  "good good good good good good good good good good good good",
  "good good good good good good good good good good known known",
  "good good good good good good known known known unknown unknown2 invalid",
  "good good good unknown known known known known known known known known",
  "good good good good good known known unknown unknown unknown unknown unknown2",
  "good good good good good good good good known unknown page page",
  "good good good known page page page page page page page page",
].map(kinds => kinds.split(" ") as RowKind[])

const row: fc.Arbitrary<RowDraft> = fc.record({
  draw: fc.nat({ max: 11 }),
  padding: fc.constantFrom(0, 0, 0, 30, 90, 250),
})

const which = fc.nat({ max: 7 })
const copies = fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 8)
const after = fc.constantFrom(0, 0, 1, 2, 3)
const isOn = fc.boolean()
const armed = fc.constantFrom<Fate>(...fates.filter(fate => fate !== "answered"))

const weightedCommands: readonly (readonly [Command["do"], number, fc.Arbitrary<Draft>])[] = [
  ["write", 14, of("write", { rows: fc.array(row, { minLength: 1, maxLength: 6, size: "max" }) })],
  [
    "writeBatch",
    14,
    of("writeBatch", { rows: fc.array(row, { minLength: 1, maxLength: 12, size: "max" }), copies }),
  ],
  ["answer", 28, of("answer", { which })],
  ["answerAll", 4, of("answerAll", {})],
  ["hold", 6, of("hold", { isHeld: fc.constantFrom(true, true, false) })],
  ["arm", 14, of("arm", { fate: armed })],
  ["advance", 10, of("advance", { milliseconds: fc.constantFrom(0, 1, 10, 100, 1_000, 10_000) })],
  ["limit", 8, of("limit", { maxBytes: fc.constantFrom(1_000_000, 1_000, 700, 500, 300), after })],
  ["abort", 6, of("abort", { which })],
  ["flush", 5, of("flush", {})],
  ["deny", 4, of("deny", { isDenied: isOn, after })],
  ["alter", 3, of("alter", { isStrict: isOn, after })],
  ["close", 2, of("close", { deadlineMs: fc.constantFrom(undefined, 0, 50, 1_000) })],
]

function of<Name extends Command["do"]>(
  name: Name,
  rest: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Draft> {
  return fc.record({ do: fc.constant(name), ...rest }) as fc.Arbitrary<unknown> as fc.Arbitrary<Draft>
}

/** One short line for each command. */
export function describePlan({ settings, commands }: Plan): string {
  const list = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return [`settings: ${list.join(", ")}`, ...commands.map(describeCommand)].join("\n")
}

export function describeCommand(command: Command): string {
  const { do: name, ...rest } = command
  const members = Object.entries(rest).map(([key, value]) => {
    if (!Array.isArray(value)) return `${key}=${value}`
    const rows = value.map(({ kind, padding }: RowPlan) => (padding === 0 ? kind : `${kind}+${padding}`))
    return `[${rows.join(", ")}]`
  })
  return [name, ...members.filter(member => member !== "copies=1")].join(" ")
}
