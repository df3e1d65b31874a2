import type { Fault, FaultKind, FaultOf } from "./fault.ts"

/** The values of a member, as the end of the sentence "`x` must be …". */
type Rule = [allowed: string, accepts: (value: unknown) => boolean]

/** A member has the same values in every kind. */
const rules: Record<string, Rule> = {
  on: oneOf("exec", "query", "ping", "any"),
  skip: wholeNumber(0),
  times: ['"always" or a whole number of at least 1', value => value === "always" || isWhole(value, 1)],
  chance: ["a number from 0 to 1", value => typeof value === "number" && value >= 0 && value <= 1],
  milliseconds: wholeNumber(0, 2 ** 31 - 1),
  status: wholeNumber(200, 599),
  body: ["a string", value => typeof value === "string"],
  engineCode: wholeNumber(1, 9999),
  headers: ["an object of valid HTTP headers", isHeaders],
  after: oneOf("commit"),
  at: oneOf("start", "body", "commit"),
  reusedOnly: oneOf(true, false),
  part: oneOf("headers", "body"),
  maxBytes: wholeNumber(0),
  every: wholeNumber(1),
  containing: ["a string that is not empty", value => typeof value === "string" && value !== ""],
}

const matching = ["on", "skip", "times", "chance", "milliseconds"] as const
const answer = ["status", "body", "engineCode"] as const

const members: { [Kind in FaultKind]: readonly (keyof FaultOf<Kind>)[] } = {
  respond: [...matching, ...answer, "headers", "after"],
  disconnect: [...matching, "after"],
  hang: [...matching, "after"],
  reset: [...matching, "at", "reusedOnly"],
  truncate: matching,
  delay: [...matching, "part"],
  body_limit: [...matching, "maxBytes", "status"],
  reject_rows: [...matching, ...answer, "every", "containing"],
}

/** Each fault needs one member of every list. */
const required: Partial<Record<FaultKind, string[][]>> = {
  respond: [["status", "engineCode"]],
  delay: [["part"], ["milliseconds"]],
  body_limit: [["maxBytes"]],
  reject_rows: [["every", "containing"]],
}

/** Returns a valid fault. Throws a TypeError that names the member and the allowed values. */
export function checkFault(input: unknown): Fault {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new TypeError(`A fault must be an object with a \`kind\`, not ${show(input)}.`)
  }
  const entries = Object.entries(input).filter(([, value]) => value !== undefined)
  const { kind, ...given } = Object.fromEntries(entries)
  const kinds = Object.keys(members)
  if (typeof kind !== "string" || !kinds.includes(kind)) {
    throw new TypeError(`\`kind\` of a fault must be one of ${kinds.join(", ")}, not ${show(kind)}.`)
  }
  checkMembers(kind as FaultKind, given)
  return { kind, ...given } as Fault
}

function checkMembers(kind: FaultKind, given: Record<string, unknown>): void {
  const known: readonly string[] = members[kind]
  for (const [member, value] of Object.entries(given)) {
    if (!known.includes(member)) {
      throw new TypeError(
        `Unknown member \`${member}\` of a \`${kind}\` fault. It takes ${known.join(", ")}.`,
      )
    }
    const [allowed, accepts] = rules[member] ?? oneOf()
    if (!accepts(value)) {
      throw new TypeError(`\`${member}\` of a \`${kind}\` fault must be ${allowed}, not ${show(value)}.`)
    }
  }
  for (const names of required[kind] ?? []) {
    if (names.some(name => given[name] !== undefined)) continue
    throw new TypeError(`A \`${kind}\` fault needs \`${names.join("` or `")}\`.`)
  }
  if (given.body !== undefined && given.engineCode !== undefined) {
    throw new TypeError(`A \`${kind}\` fault takes \`body\` or \`engineCode\`, not both.`)
  }
}

function oneOf(...values: (string | boolean)[]): Rule {
  return [values.map(show).join(" or "), value => values.some(allowed => allowed === value)]
}

function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): Rule {
  const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`
  return [`a whole number ${range}`, value => isWhole(value, low, high)]
}

function isWhole(value: unknown, low: number, high = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high
}

function isHeaders(value: unknown): boolean {
  try {
    new Headers(value as Record<string, string>)
    return typeof value === "object" && value !== null
  } catch {
    return false
  }
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80)
}
