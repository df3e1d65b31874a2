import { type Column, columnTypes } from "./columns.ts"
import { ConfigError } from "./errors.ts"
import type { SinkOptions, TableOptions } from "./options.ts"
import { toKeys } from "./path.ts"
import type { SinkApi } from "./port.ts"
import { listOf, must, objectOf, optional, type Rule } from "./shape.ts"

/** The most placeholders that one statement carries. */
export const maxPlaceholders = 65_000

const oneOf = (values: readonly unknown[]) =>
  must(`is none of ${values.join(", ")}`, value => values.includes(value))

const wholeNumber = (min: number, max: number) =>
  must(
    `is not a whole number from ${min} to ${max}`,
    (value: number) => Number.isInteger(value) && value >= min && value <= max,
  )

const milliseconds = wholeNumber(0, 2 ** 31 - 1)
const count = wholeNumber(1, Number.MAX_SAFE_INTEGER)
const aFunction = must("is not a function", value => typeof value === "function")

// https://docs.singlestore.com/cloud/reference/configuration-reference/system-limits/
const name = must(
  "is not a text of 1 to 256 characters",
  (value: unknown) => typeof value === "string" && value.length >= 1 && value.length <= 256,
)

const isPath = (value: unknown) => typeof value === "string" && toKeys(value) !== undefined
const from = must("is not a path such as context.page.url, nor a list of them", (value: unknown) =>
  Array.isArray(value) ? value.length > 0 && Array.from(value).every(isPath) : isPath(value),
)

const api = must(
  "is not a port: it needs a database and a send function",
  (value: Partial<SinkApi> | null | undefined) => {
    return typeof value?.database === "string" && typeof value.send === "function"
  },
)

const column = objectOf({
  name,
  type: oneOf(columnTypes),
  from,
  required: optional(oneOf([true, false])),
  role: optional(oneOf(["id", "time"])),
})

const tableShape = {
  table: optional(name),
  columns: optional(listOf(column)),
  layout: optional(oneOf(["keyed", "segment"])),
}

/** An object whose members may all be left out. */
function settings(rules: Readonly<Record<string, Rule>>): Rule {
  const members = Object.entries(rules).map(([name, rule]) => [name, optional(rule)])
  return optional(objectOf(Object.fromEntries(members)))
}

const tableRule = objectOf(tableShape)

const sinkRule = objectOf({
  ...tableShape,
  api,
  limits: settings({
    maxRows: wholeNumber(1, maxPlaceholders),
    maxBytes: count,
    maxInFlight: wholeNumber(1, 1_000),
    maxQueuedRows: count,
    maxQueuedBytes: count,
    lingerMs: milliseconds,
    maxAgeMs: milliseconds,
  }),
  retry: settings({
    maxElapsedMs: milliseconds,
    maxAttempts: wholeNumber(1, 1_000),
    baseDelayMs: milliseconds,
    maxDelayMs: milliseconds,
  }),
  onAmbiguous: optional(oneOf(["retry", "fail"])),
  search: optional(oneOf(["halves", "round"])),
  runtime: settings({ now: aFunction, sleep: aFunction, random: aFunction, byteLength: aFunction }),
  observe: optional(aFunction),
})

/** @throws ConfigError that lists every mistake with its path */
export function checkTableOptions(options: TableOptions): void {
  check("createTableSql", tableRule, options)
}

/** @throws ConfigError that lists every mistake with its path */
export function checkSinkOptions(options: SinkOptions): void {
  // `false` is the one retry that is no object.
  const retry = options?.retry === false ? undefined : options?.retry
  const checked: Partial<SinkOptions> = { ...options, retry }
  check("createSink", sinkRule, checked)
}

function check(caller: string, rule: Rule, options: Partial<TableOptions>): void {
  const mistakes = [...rule(options, ""), ...describeColumns(Object(options))]
  if (mistakes.length === 0) return
  throw new ConfigError({
    code: "bad_options",
    message: `${caller} cannot work with these options: ${mistakes.join("; ")}. Change them and start again.`,
  })
}

/** What is wrong with the columns as a whole. */
function describeColumns({ columns, layout }: Partial<TableOptions> = {}): string[] {
  if (!Array.isArray(columns)) return []
  const list: Partial<Column>[] = columns.filter(column => typeof column === "object" && column !== null)
  const isKey = ({ role, type, required }: Partial<Column>) =>
    role === "id" && type === "TEXT" && required === true
  return [
    columns.length === 0 && "columns is empty",
    ...list.map(({ name }, index) => {
      const isSecond = list.findIndex(other => sameName(other.name, name)) < index
      return isSecond && `columns.${index}.name is there before`
    }),
    ...list.map(
      ({ role, type }, index) =>
        role === "time" &&
        type !== "DATETIME(6)" &&
        `columns.${index}.type is not DATETIME(6), as the time has to be`,
    ),
    !allDiffer(list.flatMap(column => column.role ?? [])) && "columns gives a role to two columns",
    // The key is what stores each event once, so a keyed table cannot be without it.
    layout !== "segment" &&
      !list.some(isKey) &&
      'columns needs a TEXT column with required: true and role: "id", the key of the table',
  ].filter(mistake => mistake !== false)
}

function sameName(a: unknown, b: unknown): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase()
}

function allDiffer(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}
