import type { Issue } from "../errors.ts"
import { type Column, columnTypes } from "../event/columns.ts"
import { toKeys } from "../event/path.ts"
import type { CachedSinkOptions, TableOptions } from "../options.ts"
import type { Transport } from "../transport.ts"
import {
  aBoolean,
  aFunction,
  arrayOf,
  assertValid,
  integer,
  milliseconds,
  must,
  objectOf,
  oneOf,
  optional,
  optionalObjectOf,
  type Rule,
  toIssue,
} from "./rules.ts"

/** The most placeholders that one statement carries. */
export const maxPlaceholders = 65_000

// https://docs.singlestore.com/cloud/reference/configuration-reference/system-limits/
const identifier = must(
  "a string of 1 to 256 characters",
  (value: unknown) => typeof value === "string" && value.length >= 1 && value.length <= 256,
)

const isPath = (value: unknown) => typeof value === "string" && toKeys(value) !== undefined
const from = must("a path such as context.page.url, or several", (value: unknown) =>
  Array.isArray(value) ? value.length > 0 && Array.from(value).every(isPath) : isPath(value),
)

const transport = must(
  "an object with a `database` string and a `send` function",
  (value: Partial<Transport> | null | undefined) =>
    typeof value?.database === "string" && typeof value.send === "function",
)

const column = objectOf({
  name: identifier,
  type: oneOf(columnTypes),
  from,
  required: optional(aBoolean),
  onInvalid: optional(oneOf(["reject", "null"])),
  role: optional(oneOf(["id", "time"])),
})

const tableRules = {
  table: optional(identifier),
  columns: optional(arrayOf(column)),
  deduplicate: optional(aBoolean),
}

const retry = optionalObjectOf({
  maxElapsedMs: milliseconds(),
  maxAttempts: integer(1, 1_000),
  baseDelayMs: milliseconds(),
  maxDelayMs: milliseconds(),
})

const tableRule = objectOf(tableRules)

const sinkRule = objectOf({
  ...tableRules,
  transport,
  limits: optionalObjectOf({
    maxRows: integer(1, maxPlaceholders),
    maxBytes: integer(1),
    maxInFlight: integer(1, 1_000),
    maxQueuedRows: integer(1),
    maxQueuedBytes: integer(1),
    lingerMs: milliseconds(),
    lingerWhenIdle: aBoolean,
    deliveryTimeoutMs: milliseconds(),
  }),
  retry: (value, path) => (value === false ? [] : retry(value, path)),
  onAmbiguous: optional(oneOf(["retry", "fail"])),
  bisect: optional(oneOf(["sequential", "parallel"])),
  runtime: optionalObjectOf({ now: aFunction, sleep: aFunction, random: aFunction, byteLength: aFunction }),
  observe: optional(aFunction),
})

/** @throws ConfigError with every mistake */
export function checkTableOptions(options: TableOptions): void {
  check("createTableSql", tableRule, options)
}

/** @throws ConfigError with every mistake */
export function checkSinkOptions(options: CachedSinkOptions): void {
  check("createSink", sinkRule, options)
}

function check(owner: string, rule: Rule, options: Partial<TableOptions>): void {
  assertValid(owner, [...rule(options, ""), ...checkColumns(Object(options))])
}

/** Checks the columns as a whole. */
function checkColumns({ columns, deduplicate }: Partial<TableOptions>): Issue[] {
  if (!Array.isArray(columns)) return []
  const list: Partial<Column>[] = columns.filter(column => typeof column === "object" && column !== null)
  const lowerNames = list.map(({ name }) => String(name).toLowerCase())
  const roles = list.flatMap(column => column.role ?? [])
  const isKey = ({ role, type, required }: Partial<Column>) =>
    role === "id" && type === "TEXT" && required === true
  return [
    columns.length === 0 && toIssue("columns", "a list of at least one column"),
    new Set(lowerNames).size < list.length && toIssue("columns", "a list of different names, ignoring case"),
    new Set(roles).size < roles.length && toIssue("columns", "a list in which each role appears once"),
    list.some(({ role, type }) => role === "time" && type !== "DATETIME(6)") &&
      toIssue("columns", 'a list with type: "DATETIME(6)" for role: "time"'),
    list.some(({ onInvalid, required }) => onInvalid === "null" && required === true) &&
      toIssue("columns", 'a list without onInvalid: "null" for required: true'),
    // The key is what stores each event once.
    deduplicate !== false &&
      !list.some(isKey) &&
      toIssue("columns", 'a list with a key: type: "TEXT", required: true and role: "id"'),
  ].filter(issue => issue !== false)
}
