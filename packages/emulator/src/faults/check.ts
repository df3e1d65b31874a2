import type { Fault, FaultKind, FaultOf } from "./fault.ts"

interface Rule {
  /** How a sentence that starts with "it must be" goes on. */
  allowed: string
  accepts(value: unknown): boolean
  required?: true
}

const text: Rule = { allowed: "a text", accepts: value => typeof value === "string" }
const name: Rule = {
  allowed: "a text that is not empty",
  accepts: value => text.accepts(value) && value !== "",
}
const status = wholeNumber(200, 599)
const code = wholeNumber(1, 9999)
const duration = wholeNumber(0, 2 ** 31 - 1)
const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)

const matching = {
  on: oneOf("exec", "query", "ping", "any"),
  after: count,
  chance: {
    allowed: "a number from 0 to 1",
    accepts: value => typeof value === "number" && value >= 0 && value <= 1,
  },
} satisfies Record<string, Rule>
const times = either(oneOf("always"), wholeNumber(1, Number.MAX_SAFE_INTEGER))
const striking = { ...matching, times }
const lasting = { ...matching, milliseconds: duration }

/** Every member of every kind; the compiler sees to it that none is forgotten. */
const kinds: { [Kind in FaultKind]: { [Member in Exclude<keyof FaultOf<Kind>, "kind">]-?: Rule } } = {
  status: { ...striking, status: required(status), text, retryAfter: either(count, httpDate()) },
  engine_error: { ...striking, code: required(code), status, text },
  html: { ...striking, status, text },
  redirect: { ...striking, status: oneOf(301, 302, 303, 307, 308) },
  hang: striking,
  reset: { ...striking, at: required(oneOf("start", "body", "committed")) },
  stale_socket: striking,
  commit_then: { ...striking, answer: required(either(oneOf("close", "hang"), status)), text },
  truncated: striking,
  slow_headers: { ...striking, milliseconds: required(duration) },
  slow_body: { ...striking, milliseconds: required(duration) },
  recovering: { ...lasting, milliseconds: required(duration) },
  body_limit: { ...lasting, maxBytes: required(count), answer: oneOf(413) },
  wrong_password: lasting,
  refuse_rows: {
    every: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    containing: name,
    code,
    text,
    status,
    times,
    after: count,
    milliseconds: duration,
  },
  drop_table: { table: required(name), database: name },
  recreate_table: { table: required(name), database: name, sql: required(name) },
}

/** The fault as it may be used, or a TypeError whose sentence names the member and what is allowed. */
export function checkFault(input: unknown): Fault {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new TypeError(`A fault must be an object with a "kind", not ${show(input)}.`)
  }
  // A member that is undefined is absent, as it is in JSON.
  const { kind, ...members } = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  )
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    const found = kind === undefined ? '"kind" is missing' : `"kind" is ${show(kind)}`
    throw new TypeError(`A fault's ${found}: it must be one of ${Object.keys(kinds).join(", ")}.`)
  }
  checkMembers(kind, kinds[kind as FaultKind], members)
  return { kind, ...members } as Fault
}

function checkMembers(kind: string, rules: Record<string, Rule>, members: Record<string, unknown>): void {
  for (const [member, value] of Object.entries(members)) {
    const rule = Object.hasOwn(rules, member) ? rules[member] : undefined
    if (rule === undefined) {
      throw new TypeError(
        `A fault "${kind}" has no "${member}": it may have ${Object.keys(rules).join(", ")}.`,
      )
    }
    if (!rule.accepts(value)) {
      throw new TypeError(`"${member}" of a fault "${kind}" must be ${rule.allowed}, not ${show(value)}.`)
    }
  }
  for (const [member, rule] of Object.entries(rules)) {
    if (rule.required && members[member] === undefined) {
      throw new TypeError(`A fault "${kind}" needs "${member}": it must be ${rule.allowed}.`)
    }
  }
  if (kind !== "refuse_rows") return
  if (members.every === undefined && members.containing === undefined) {
    throw new TypeError('A fault "refuse_rows" needs "every" or "containing": they say which rows are bad.')
  }
  if (members.text !== undefined && members.code !== undefined) {
    throw new TypeError('"text" of a fault "refuse_rows" is the whole answer: it must stand without "code".')
  }
}

function required(rule: Rule): Rule {
  return { ...rule, required: true }
}

function either(first: Rule, second: Rule): Rule {
  return {
    allowed: `${first.allowed} or ${second.allowed}`,
    accepts: value => first.accepts(value) || second.accepts(value),
  }
}

function oneOf(...values: (string | number)[]): Rule {
  return {
    allowed: values.map(show).join(" or "),
    accepts: value => values.some(allowed => allowed === value),
  }
}

function wholeNumber(low: number, high: number): Rule {
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`
  return {
    allowed: `a whole number ${range}`,
    accepts: value => Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high,
  }
}

function httpDate(): Rule {
  return {
    allowed: `an HTTP date such as ${new Date("2030-01-01").toUTCString()}`,
    // No other form: Date.parse would take comments too, with line breaks in them that end a header.
    accepts: value =>
      typeof value === "string" &&
      !Number.isNaN(Date.parse(value)) &&
      new Date(value).toUTCString() === value,
  }
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80)
}
